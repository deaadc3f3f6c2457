import { ApplicationFailure } from '@temporalio/workflow';
import { z } from 'zod';
import type { StageDiff } from '../core/model/stage';
import { summaryOf, whyNotStaged } from '../core/running/stage-rules';
import { control } from './callers';
import { failByName } from './named-failure';
import { stagePass } from './stage-pass';

const stageInput = z.strictObject({ runbook: z.string().min(1), dryRun: z.boolean().default(false) });

/** One pass of staging now, whatever the schedule; with `dryRun` only what it would change. Starts nothing at the standby. */
export function stage(input: unknown): Promise<StageDiff> {
  return failByName(() => stageNow(input));
}

async function stageNow(input: unknown): Promise<StageDiff> {
  const parsed = stageInput.safeParse(input);
  if (!parsed.success) throw ApplicationFailure.nonRetryable(z.prettifyError(parsed.error), 'InvalidInput');
  const { dryRun } = parsed.data;
  const { runbook } = await control.loadRunbook({ runbook: parsed.data.runbook });
  const { group, stage: policy } = runbook;
  if (policy === undefined) {
    const message = `the runbook of group "${group}" says nothing of staging; add the key \`stage\``;
    throw ApplicationFailure.nonRetryable(message, 'InvalidInput');
  }
  const state = await control.readState({ group });
  const because = state === null ? undefined : whyNotStaged(state);
  if (because !== undefined) throw ApplicationFailure.nonRetryable(`nothing is staged: ${because}`, 'WrongState');
  // A group that nobody has protected yet has run where it is at home; the fences of the sites say when that is not so.
  const diff = await stagePass(runbook, policy, { group, epoch: 1, activeSite: 'primary', ...state, dryRun });
  if (state !== null && !dryRun) await control.noteStaged({ group, pass: summaryOf(diff) });
  return diff;
}
