import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { SwitchbackFailure } from '../../../core/model/failure';
import { run } from '../run';

const goneWithinMs = 10_000;

/** Mount points below a folder, the newest last. */
export async function mountsBelow(folder: string): Promise<readonly string[]> {
  const table = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '');
  return table
    .split('\n')
    .map((line) => unescaped(line.split(' ')[4] ?? ''))
    .filter((point) => point.startsWith(folder + path.sep));
}

/** Nothing may be removed from a folder with mounts below it: it would be removed from what is mounted there. */
export async function unmountBelow(folder: string): Promise<void> {
  const since = performance.now();
  for (;;) {
    const points = await mountsBelow(folder);
    if (points.length === 0) return;
    // Busy as long as the kernel clears up after the last process that used it.
    let why = '';
    for (const point of [...points].reverse())
      await run('umount', point).catch((error: unknown) => void (why = String(error)));
    if (why === '') continue;
    if (performance.now() - since > goneWithinMs) throw new SwitchbackFailure('LabIncomplete', why);
    await pause(20);
  }
}

/** The kernel writes blanks and the like as three octal digits. */
const unescaped = (text: string): string =>
  text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
