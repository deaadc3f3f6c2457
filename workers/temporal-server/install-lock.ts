import { mkdir, open, readFile, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** The holder touches the lock this often; one that was not touched for `staleAfter` belongs to a process that died. */
const touchEvery = 2_000;
const staleAfter = 15_000;

/**
 * Runs `work` while no other process runs it for the same folder. Waits for another holder, however long its own bounded
 * work takes; the lock of a dead one is taken over.
 */
export async function withInstallLock<T>(
  folder: string,
  work: () => Promise<T>,
  onWait: () => void = () => undefined,
): Promise<T> {
  const file = path.join(folder, 'install.lock');
  await mkdir(folder, { recursive: true });
  const token = `${process.pid} ${Math.random().toString(36).slice(2)}`;
  for (let waiting = false; !(await take(file, token)); waiting = true) {
    if (!waiting) onWait();
    await pause(200);
  }
  const touch = setInterval(() => void utimes(file, new Date(), new Date()).catch(() => undefined), touchEvery);
  try {
    return await work();
  } finally {
    clearInterval(touch);
    // Not the lock of somebody who took over because this process was suspended for too long.
    if ((await readFile(file, 'utf8').catch(() => '')) === token) await rm(file, { force: true });
  }
}

async function take(file: string, token: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(token);
    await handle.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const found = await stat(file).catch(() => undefined);
    // Two that remove it at the same moment may both go on to build: wasteful and harmless, the result is renamed into place.
    if (found && Date.now() - found.mtimeMs > staleAfter) await rm(file, { force: true });
    return false;
  }
}
