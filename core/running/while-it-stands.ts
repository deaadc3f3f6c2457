import { SwitchbackFailure } from '../model/failure';
import type { WorkloadStanding } from '../model/standing';
import type { HealthWatch } from './until-healthy';

const betweenLooksMs = 250;

export interface StandingWatch extends Pick<HealthWatch, 'signal' | 'sleep' | 'now'> {
  /** The workload and its site, for messages. */
  readonly title: string;
  readonly withinSeconds: number;
  readonly tell: (doing: string) => void;
}

/**
 * Passes the checks of a workload while it is whole, and is the same before and after: what one instance has answered says
 * nothing of one that was started since. Otherwise it begins anew, as long as `withinSeconds` are not over.
 * @throws SwitchbackFailure `Unhealthy`, with what it lacks, or how often it was started anew
 */
export async function whileItStands<Passed>(
  look: () => Promise<WorkloadStanding>,
  passChecks: () => Promise<Passed>,
  { title, withinSeconds, signal, sleep, now, tell }: StandingWatch,
): Promise<{ readonly passed: Passed; readonly standing: WorkloadStanding }> {
  const deadline = now() + withinSeconds * 1000;
  let restarts = 0;
  let before = await look();
  for (;;) {
    if (before.lacks.length === 0) {
      const seen = before;
      const passed = await passChecks().catch(async (error: unknown) => {
        throw error instanceof SwitchbackFailure && error.code === 'Unhealthy'
          ? explained(error, seen, await look())
          : error;
      });
      const after = await look();
      const isSame = after.incarnation === before.incarnation;
      if (isSame && after.lacks.length === 0) return { passed, standing: after };
      if (!isSame) restarts += 1;
      before = after;
    }
    tell(told(before, restarts));
    if (now() + betweenLooksMs >= deadline) {
      const message = `${title} was not whole within ${withinSeconds} s: ${told(before, restarts)}`;
      throw new SwitchbackFailure('Unhealthy', message, { saw: before.saw, restarts });
    }
    await sleep(betweenLooksMs, signal);
    before = await look();
  }
}

/** Why checks have failed the workload may know better than they. */
function explained(failed: SwitchbackFailure, before: WorkloadStanding, after: WorkloadStanding): SwitchbackFailure {
  const restarts = after.incarnation === before.incarnation ? 0 : 1;
  if (restarts === 0 && after.lacks.length === 0) return failed;
  return new SwitchbackFailure('Unhealthy', `${failed.message}; meanwhile: ${told(after, restarts)}`, failed.details);
}

function told({ lacks, saw }: WorkloadStanding, restarts: number): string {
  const times = restarts === 1 ? '' : ` ${restarts} times`;
  const anew = restarts === 0 ? [] : [`its instances changed${times} while it was checked`];
  return [...lacks, ...anew, ...(lacks.length === 0 ? [saw] : [])].join('; ');
}
