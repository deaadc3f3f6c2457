import { summaryOf } from '../../core/running/stage-rules';
import { SwitchbackFailure } from '../../core/model/failure';
import type { StageDiff } from '../../core/model/stage';
import { siteDrivers } from '../../drivers/driver-set';
import { asFact, mutationOf, siteOf, type StepBody } from './step-body';

/** One pass of staging. What could not be read or written is named, and holds up no move: prechecks have said so before. */
export const stageStandby: StepBody = async (drivers, request, context) => {
  const { sites, workloads, step } = request;
  const { stage: policy } = step.input;
  const { stage } = siteDrivers(drivers, siteOf(request));
  if (stage === undefined) return { summary: 'nothing has to be there before it is started', facts: {} };
  if (policy === undefined || workloads === undefined || step.site === undefined)
    throw new SwitchbackFailure('InvalidInput', `step "${step.id}" names nothing to stage`, { step: step.id });
  const pass = { ...mutationOf(request), sites, target: step.site, policy, workloads, dryRun: false };
  const diff = await stage.stage(pass, context);
  return { summary: inWords(diff), facts: { stage: asFact(summaryOf(diff)) } };
};

function inWords({ created, changed, deleted, unchanged, troubles, troubleCount }: StageDiff): string {
  const counts = [
    [created, 'created'],
    [changed, 'changed'],
    [deleted, 'deleted'],
    [unchanged, 'as they should be'],
  ] as const;
  const done = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  const [first] = troubles;
  const trouble = first === undefined ? [] : [`${troubleCount} not: ${first.object}: ${first.because}`];
  return [...done, ...trouble].join(', ') || 'nothing to make current';
}
