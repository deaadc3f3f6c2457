import type { GroupClient } from '../group-client';
import type { StepRequest } from '../contract';
import type { StepBody, StepOutcome } from './step-body';

/** What steps ask of the owner of the state of a group. */
export type GroupUpdates = Pick<GroupClient, 'commit' | 'pauseReplication' | 'resumeReplication'>;

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
    commit: body(commit),
  };
}
