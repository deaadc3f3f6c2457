import { createHash } from 'node:crypto';
import { mkdir, open, writeFile } from 'node:fs/promises';
import path from 'node:path';

export const volumeBytes = 2 ** 30;
const files = 16;
const blockBytes = 2 ** 16;
const blocks = volumeBytes / blockBytes;
const blocksInFile = blocks / files;
const changedShare = 0.01;

const fileOf = (folder: string, file: number): string => path.join(folder, 'data', `segment-${file}`);

/** The same for the same words, and nothing that could be compressed or is twice in the volume. */
function bytesOf(words: string): Buffer {
  const parts = Array.from({ length: blockBytes / 64 }, (_, part) =>
    createHash('sha512').update(`${words} ${part}`).digest(),
  );
  return Buffer.concat(parts);
}

/** As a database keeps its data: a few large files. */
export async function fillVolume(folder: string): Promise<void> {
  await mkdir(path.join(folder, 'data'), { recursive: true });
  for (let file = 0; file < files; file += 1) {
    const content = Array.from({ length: blocksInFile }, (_, block) => bytesOf(`${file} ${block}`));
    await writeFile(fileOf(folder, file), Buffer.concat(content));
  }
}

/** Writes 1 % of the blocks anew, spread over all files, other ones and other content for each seed. */
export async function changeBlocks(folder: string, seed: number): Promise<void> {
  const chosen = new Set<number>();
  for (let draw = 0; chosen.size < Math.round(blocks * changedShare); draw += 1)
    chosen.add(createHash('sha256').update(`${seed} ${draw}`).digest().readUInt32BE() % blocks);
  for (let file = 0; file < files; file += 1) {
    const handle = await open(fileOf(folder, file), 'r+');
    for (const block of chosen) {
      if (Math.floor(block / blocksInFile) !== file) continue;
      await handle.write(bytesOf(`${seed} ${block}`), 0, blockBytes, (block % blocksInFile) * blockBytes);
    }
    await handle.sync();
    await handle.close();
  }
}
