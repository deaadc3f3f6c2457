import type { WrongEnd, WrongEndCode } from '../core/model/fault-trial';
import type { PlanStep } from '../core/model/plan';
import { traitsOf } from '../core/model/step-kinds';
import type { SimulatedRun } from './simulated-run';

const ours =
  'No runbook should bring this about: it is a fault of Switchback. Do not run the operation; report it with the runbook.';

type Known = Exclude<WrongEndCode, 'NotUndone'>;

/** What to do about it, unless something better is known of the step. */
const fixes: Readonly<Record<Known, string>> = {
  TwoActive: ours,
  UnprovenData: ours,
  NewerDataLost: ours,
  UnhealthyTraffic: ours,
  NotAsDesigned: ours,
  NotAsBefore: ours,
  RollbackStopped: 'Look at what the compensation saw. An inverse must be able to run at its site whatever was lost.',
  NotCompleted: 'Look at what the step saw, and change what it needs in the runbook.',
};

export function wrongEnd(code: Known, subject: string, saw: string, fix: string = fixes[code]): WrongEnd {
  return { code, subject, saw, fix };
}

/** The step failed, and was not made to. */
export function notCompleted(run: SimulatedRun, failed: string): WrongEnd {
  const step = run.plan.steps.find(({ id }) => id === failed);
  const saw = `${step?.title ?? failed}: ${run.errorOf(failed)}`;
  return wrongEnd('NotCompleted', failed, saw, step && fixOf(run, step));
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
  const hook = kind === 'manual-step' ? ' (a hook: at a rollback nobody is asked)' : '';
  return {
    code: 'NotUndone',
    subject: id,
    saw: `${title}: was done, and stays done when the run is rolled back`,
    fix: `Give it an \`inverse\`${hook}, or a place after the commit point, or \`mayStay: true\` when nothing need be undone.`,
  };
}
