import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';

const images = path.join(__dirname, '..', '..', 'docs', 'guide', 'images');
/** `UPDATE_SCREENSHOTS=1 npm run test:web-ui -- test/web-ui/report` takes the pictures of that test anew. */
const update = process.env['UPDATE_SCREENSHOTS'] === '1';
/** Share of the pixels that may differ: fonts are drawn a little differently from machine to machine. */
const mostDifferent = 0.03;

/** The picture, a PNG, looks like `<name>.png` of the guide. */
export async function expectAsKept(name: string, taken: Buffer): Promise<void> {
  const file = path.join(images, `${name}.png`);
  if (update) await writeFile(file, taken);
  const [now, kept] = [PNG.sync.read(taken), PNG.sync.read(await readFile(file))];
  expect([now.width, now.height]).toEqual([kept.width, kept.height]);
  const different = pixelmatch(now.data, kept.data, undefined, now.width, now.height, { threshold: 0.2 });
  expect(different / (now.width * now.height)).toBeLessThan(mostDifferent);
}
