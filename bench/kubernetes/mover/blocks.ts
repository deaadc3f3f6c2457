import { randomBytes, randomInt } from 'node:crypto';
import { mkdir, open, writeFile } from 'node:fs/promises';
import path from 'node:path';

export const volumeBytes = 2 ** 30;
const files = 16;
const blockBytes = 2 ** 16;
const blocks = volumeBytes / blockBytes;
const blocksInFile = blocks / files;
const changedShare = 0.01;

const fileOf = (folder: string, file: number): string => path.join(folder, 'data', `segment-${file}`);

/** As a database keeps its data: a few large files, of bytes that nothing compresses. */
export async function fillVolume(folder: string): Promise<void> {
  await mkdir(path.join(folder, 'data'), { recursive: true });
  for (let file = 0; file < files; file += 1) await writeFile(fileOf(folder, file), randomBytes(volumeBytes / files));
}

/** Writes 1 % of the blocks anew, spread over all files. */
export async function changeBlocks(folder: string): Promise<void> {
  const chosen = new Set<number>();
  while (chosen.size < Math.round(blocks * changedShare)) chosen.add(randomInt(blocks));
  for (let file = 0; file < files; file += 1) {
    const handle = await open(fileOf(folder, file), 'r+');
    for (const block of chosen) {
      if (Math.floor(block / blocksInFile) !== file) continue;
      await handle.write(randomBytes(blockBytes), 0, blockBytes, (block % blocksInFile) * blockBytes);
    }
    await handle.sync();
    await handle.close();
  }
}
