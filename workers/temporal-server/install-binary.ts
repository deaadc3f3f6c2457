import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { installationFolder, executableName } from './installation-folder';
import { withInstallLock } from './install-lock';
import { probeBinary } from './probe-binary';
import type { Look, WayContext } from './way';

const scratchPrefix = '.installing-';

/** Puts a Temporal CLI into the empty folder `scratch`; returns its file name there, or one line that says why it could not. */
export type Producer = (scratch: string) => Promise<{ readonly file: string } | { readonly why: string }>;

/**
 * Brings a binary into the cache: made in a scratch folder, tried, then renamed into place, so that an interrupted
 * installation leaves nothing that looks like a binary. Two processes do not work at once: the second one finds the result.
 */
export async function installBinary(
  { env, say }: WayContext,
  source: 'sdk-download' | 'go-install',
  produce: Producer,
): Promise<Look> {
  const folder = installationFolder(env);
  const target = path.join(folder, executableName);
  const install = async (): Promise<Look> => {
    if ((await probeBinary(target, env)).ok) return { found: { kind: 'binary', path: target, source: 'cache' } };
    await removeLeftovers(folder);
    const scratch = await mkdtemp(path.join(folder, scratchPrefix));
    try {
      const produced = await produce(scratch);
      if ('why' in produced) return produced;
      const made = path.join(scratch, produced.file);
      await chmod(made, 0o755);
      const probe = await probeBinary(made, env);
      if (!probe.ok) return { why: `what was installed does not work: ${probe.why}` };
      await rename(made, target);
      return { found: { kind: 'binary', path: target, source } };
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  };
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    return { why: `the cache folder cannot be written: ${(error as Error).message}` };
  }
  return withInstallLock(folder, install, () => say(`another process is installing into ${folder}; waiting for it`));
}

/** Of installers that were killed; whoever holds the lock may remove them. */
async function removeLeftovers(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.startsWith(scratchPrefix));
  await Promise.all(names.map((name) => rm(path.join(folder, name), { recursive: true, force: true })));
}
