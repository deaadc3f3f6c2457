import { wrongEnds, type WrongEnd, type WrongEndCode } from '../core/model/fault-trial';
import type { PlanStep } from '../core/model/plan';
import { traitsOf } from '../core/model/step-kinds';
import type { SimulatedRun } from './simulated-run';

export function wrongEnd(
  code: WrongEndCode,
  subject: string,
  { saw, fix = wrongEnds[code].fix }: { readonly saw: string; readonly fix?: string | undefined },
): WrongEnd {
  return { code, subject, saw, fix };
}

/** The step failed, and was not made to. */
export function notCompleted(run: SimulatedRun, failed: string): WrongEnd {
  const step = run.plan.steps.find(({ id }) => id === failed);
  const saw = `${step?.title ?? failed}: ${run.errorOf(failed)}`;
  return wrongEnd('NotCompleted', failed, { saw, fix: step && fixOf(run, step) });
}

function fixOf({ lab }: SimulatedRun, { kind, site, input }: PlanStep): string | undefined {
  if (input.hook !== undefined && site !== undefined && lab.isolated(site)) {
    return `It runs at ${lab.nameOf(site)}, which is lost then: give it the other \`site\`, or \`mode: planned\`.`;
  }
  if (input.checks !== undefined) {
    return 'A check can pass only on what the plan has done by then: traffic, for one, moves after the checks of workloads.';
  }
  return traitsOf(kind).added ? 'Give the step another place, or another `site`.' : undefined;
}

export function notUndone({ id, title, kind }: PlanStep): WrongEnd {
  const saw = `${title}: was done, and stays done when the run is rolled back`;
  if (kind !== 'manual-step') return wrongEnd('NotUndone', id, { saw });
  const asHook = 'The `inverse` of a manual step is a hook: at a rollback nobody is asked.';
  return wrongEnd('NotUndone', id, { saw, fix: `${wrongEnds.NotUndone.fix} ${asHook}` });
}
