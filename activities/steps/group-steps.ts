import type { GroupClient } from '../group-client';
import type { StepRequest } from '../contract';
import { asFact, type StepBody, type StepOutcome } from './step-body';

/** What steps ask of the owner of the state of a group. */
export type GroupUpdates = Pick<GroupClient, 'commit' | 'pauseReplication' | 'resumeReplication' | 'worstLag'>;

type GroupStep = (client: GroupUpdates, request: StepRequest) => Promise<StepOutcome>;

const pauseReplication: GroupStep = async (client, { run, operationKey }) => {
  const summary = await client.pauseReplication(run.group, { runId: run.runId }, operationKey);
  return { summary: `scheduled replication ${summary}`, facts: {} };
};

const resumeReplication: GroupStep = async (client, { run, step, operationKey }) => {
  const { direction } = step.input;
  const summary = await client.resumeReplication(
    run.group,
    { runId: run.runId, ...(direction && { direction }) },
    operationKey,
  );
  return { summary: `scheduled replication ${summary}`, facts: {} };
};

const commit: GroupStep = async (client, { run, step, operationKey }) => {
  const { epoch = 0, activeSite = 'primary', direction = 'none' } = step.input;
  const { runId, operation } = run;
  const summary = await client.commit(run.group, { runId, operation, epoch, activeSite, direction }, operationKey);
  return { summary, facts: { epoch, activeSite, direction } };
};

/** A standby that was too far behind ends no drill, whose copy has shown what it has: the report says that the objective was missed. */
const verifyLag: GroupStep = async (client, { run, step }) => {
  const { seconds: allowedSeconds = 0 } = step.input;
  const worst = await client.worstLag(run.group, run.runId);
  if (worst === undefined) return { summary: 'not known: no pass of replication has ended yet', facts: {} };
  const missed = worst.seconds > allowedSeconds ? ': the objective was missed' : '';
  const summary = `${worst.seconds.toFixed(1)} s behind at worst, at ${worst.at}; ${allowedSeconds} s allowed${missed}`;
  return { summary, facts: { worstLag: asFact(worst), allowedSeconds } };
};

/** The kinds of step that change the state of the group, as bodies that need no driver. */
export function groupSteps(client: GroupUpdates) {
  const body =
    (step: GroupStep): StepBody =>
    (_drivers, request) =>
      step(client, request);
  return {
    'pause-replication': body(pauseReplication),
    'resume-replication': body(resumeReplication),
    'start-replication': body(resumeReplication),
    'verify-lag': body(verifyLag),
    commit: body(commit),
  };
}
