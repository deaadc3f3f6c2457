import { rename, rm } from 'node:fs/promises';
import { run } from '../run';

/** A copy that is there as a whole or not at all, in blocks that both share where the file system can do that. */
export async function copyFolder(source: string, target: string): Promise<void> {
  await whole(target, async (unfinished) => run('cp', '-a', '--reflink=auto', source, unfinished));
}

/** Another copy of a folder: files that are as in the earlier one, which nobody writes, are shared with it. */
export async function copyChanges(source: string, target: string, earlier: string): Promise<void> {
  await whole(target, async (unfinished) =>
    run('rsync', '-aH', '--modify-window=-1', `--link-dest=${earlier}`, `${source}/`, `${unfinished}/`),
  );
}

async function whole(target: string, make: (unfinished: string) => Promise<unknown>): Promise<void> {
  const unfinished = `${target}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await make(unfinished);
  await rename(unfinished, target);
}
