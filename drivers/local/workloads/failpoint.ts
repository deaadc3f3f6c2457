/** Steps between which a worker may die. Each is a place where the test suite kills it. */
export type Failpoint =
  | 'start:before-record'
  | 'start:recorded'
  | 'start:spawned'
  | 'start:running'
  | 'stop:recorded'
  | 'stop:asked'
  | 'stop:gone';

/**
 * Sends this process a signal when SWITCHBACK_FAILPOINT is "<place> <signal>" and names this place: SIGKILL for a worker that
 * dies here, SIGSTOP for one that is suspended. Only tests set that variable.
 */
export function failpoint(name: Failpoint): void {
  const [place, signal = 'SIGKILL'] = (process.env['SWITCHBACK_FAILPOINT'] ?? '').split(' ');
  if (place === name) process.kill(process.pid, signal);
}
