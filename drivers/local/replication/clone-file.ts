import { constants } from 'node:fs';
import { copyFile, rm } from 'node:fs/promises';
import { forFs, type RawPath } from './tree/raw-path';

/** Shares the blocks where the file system can (btrfs, XFS, APFS). False: it cannot, and nothing was made. */
export async function cloneFile(from: RawPath, to: string | Buffer): Promise<boolean> {
  try {
    await copyFile(forFs(from), to, constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL);
    return true;
  } catch {
    await rm(to, { force: true });
    return false;
  }
}
