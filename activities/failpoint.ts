import { writeSync } from 'node:fs';

/** A suspended process that goes on must not be suspended again by its own next try. */
const passed = new Set<string>();

/**
 * Only tests set SWITCHBACK_FAILPOINT: a list, separated by commas, of "activity:<step id>:before" and "activity:<step id>:after",
 * each of which ends this process as `kill -9` would, right before or right after the side effect of that step; with "/stop"
 * behind it, it suspends the process instead, once. Standard error tells which one it was.
 */
export function failpoint(step: string, moment: 'before' | 'after'): void {
  const wanted = (process.env['SWITCHBACK_FAILPOINT'] ?? '').split(',');
  const place = `activity:${step}:${moment}`;
  if (wanted.includes(place)) {
    writeSync(process.stderr.fd, `failpoint ${place}\n`);
    process.kill(process.pid, 'SIGKILL');
  }
  if (!wanted.includes(`${place}/stop`) || passed.has(place)) return;
  passed.add(place);
  writeSync(process.stderr.fd, `failpoint ${place}/stop\n`);
  process.kill(process.pid, 'SIGSTOP');
}
