/**
 * Only tests set SWITCHBACK_FAILPOINT: "activity:<step id>:before" or "activity:<step id>:after" ends this process as `kill -9`
 * would, right before or right after the side effect of that step.
 */
export function failpoint(step: string, moment: 'before' | 'after'): void {
  if (process.env['SWITCHBACK_FAILPOINT'] === `activity:${step}:${moment}`) process.kill(process.pid, 'SIGKILL');
}
