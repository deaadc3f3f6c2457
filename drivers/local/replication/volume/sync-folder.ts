import { open } from 'node:fs/promises';

/** Without this a power cut may forget the renames in the folder. */
export async function syncFolder(folder: string | Buffer): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
