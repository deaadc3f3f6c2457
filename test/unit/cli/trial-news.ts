import type { FaultTrial, TrialFault, TrialNews } from '../../../core/model/fault-trial';
import { TestedRunbooks } from '../../../cli/tested-runbooks';

const scene = 'planned failover';
const fault = (step: string, title: string, moment: TrialFault['moment'] = 'before'): TrialFault => ({
  step,
  title,
  moment,
  during: 'run',
});
const stays = {
  code: 'NotUndone',
  subject: 'run-command/freeze@beta',
  saw: 'freeze: run /opt/freeze at beta: was done, and stays done when the run is rolled back',
  fix: 'Give it an `inverse`.',
} as const;
const of = (rest: Omit<FaultTrial, 'operation' | 'scene'>): FaultTrial => ({ operation: 'failover', scene, ...rest });

export const trials: readonly FaultTrial[] = [
  of({ end: 'completed', wrong: [] }),
  of({ fault: fault('approval/cutover', 'Move <the "shop"> & all?', 'closed'), end: 'declined', wrong: [] }),
  of({ fault: fault('stop-workload/web@alpha', 'stop web at alpha'), end: 'rolled-back', wrong: [stays] }),
  of({ fault: fault('stop-workload/web@alpha', 'stop web at alpha', 'after'), end: 'rolled-back', wrong: [stays] }),
  of({
    fault: { ...fault('undo/start-workload/web@alpha', 'start web at alpha again'), during: 'rollback' },
    end: 'rollback-incomplete',
    wrong: [],
  }),
];

export const failover: readonly TrialNews[] = [
  { kind: 'runbook', file: 'runbooks/shop.yaml', group: 'shop' },
  { kind: 'scene', operation: 'failover', scene, trials: trials.length },
  ...trials.map((trial) => ({ kind: 'trial', trial }) as const),
];

export const reprotect: readonly TrialNews[] = [
  { kind: 'scene', operation: 'reprotect', scene: 'reprotect', trials: 1 },
  { kind: 'trial', trial: { operation: 'reprotect', scene: 'reprotect', end: 'completed', wrong: [] } },
  { kind: 'end' },
];

export function testedOf(news: readonly TrialNews[]): TestedRunbooks {
  const tested = new TestedRunbooks();
  for (const one of news) tested.take(one);
  return tested;
}
