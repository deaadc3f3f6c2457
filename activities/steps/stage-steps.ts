import { stageCounts, summaryOf } from '../../core/running/stage-rules';
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

function inWords(diff: StageDiff): string {
  const [first] = diff.troubles;
  const trouble = first === undefined ? '' : `: ${first.object}: ${first.because}`;
  return `${stageCounts(diff)}${trouble}`;
}
