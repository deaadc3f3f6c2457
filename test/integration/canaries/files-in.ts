import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** Every file below a folder, but for those below the folders that are left out; one that has gone meanwhile is empty. */
export async function filesIn(
  folder: string,
  leftOut: readonly string[],
): Promise<readonly { readonly place: string; readonly bytes: Buffer }[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .filter((file) => !leftOut.includes(file.split(path.sep)[0] ?? ''));
  return Promise.all(
    files.map(async (file) => ({
      place: file,
      bytes: await readFile(path.join(folder, file)).catch(() => Buffer.alloc(0)),
    })),
  );
}
