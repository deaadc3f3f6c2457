/** Steps between which a worker may die. Each is a place where the test suite kills it. */
export type Failpoint =
  | 'start:before-record'
  | 'start:recorded'
  | 'start:spawned'
  | 'start:running'
  | 'stop:recorded'
  | 'stop:asked'
  | 'stop:gone';

/** Ends this process as `kill -9` would when SWITCHBACK_FAILPOINT names this place. Only tests set that variable. */
export function failpoint(name: Failpoint): void {
  if (process.env['SWITCHBACK_FAILPOINT'] === name) process.kill(process.pid, 'SIGKILL');
}
