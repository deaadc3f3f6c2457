import { ActivityCancellationType, ApplicationFailure, proxyActivities } from '@temporalio/workflow';
import type { RunRef, SiteActivities, StepActivities, StepRequest, Verification } from '../activities/contract';
import { CONTROL_TASK_QUEUE, siteTaskQueue } from '../core/model/names';
import type { PlanStep, RecoveryPlan, UnseenWorkloads } from '../core/model/plan';
import type { StepResult, StepState } from '../core/model/run';
import type { Runbook } from '../core/model/runbook';
import { instancesText } from '../core/report/instances-text';
import { LOST_ATTEMPTS, RETRY_INITIAL_MS, RETRY_MAXIMUM_MS, traitsOf, type StepKind } from '../core/model/step-kinds';
import { now } from './run-record';

/** What performing a step needs of the plan: small enough to be handed to a child workflow. */
export interface StepContext {
  readonly run: RunRef;
  readonly unseen?: UnseenWorkloads;
  readonly runbook: Pick<Runbook, 'sites' | 'workloads' | 'volumes' | 'traffic' | 'execution'>;
  /** Begins the operation key of every step: the run, or the run that this one continues. */
  readonly operationKeyBase: string;
}

export function stepContextOf(run: RunRef, plan: RecoveryPlan, operationKeyBase: string): StepContext {
  const { sites, workloads, volumes, traffic, execution } = plan.runbook;
  const { unseen } = plan;
  return {
    run,
    runbook: { sites, workloads, volumes, traffic, execution },
    operationKeyBase,
    ...(unseen && { unseen }),
  };
}

/** How long a step may wait for a worker before it fails with `NoWorker`. */
const SCHEDULE_TO_START = '10 minutes';

/** Runs the activity of a step on its task queue. Facts of earlier steps are looked up through `stateOf`. */
export function performActivity(
  context: StepContext,
  step: PlanStep,
  stateOf: (id: string) => StepState | undefined,
): Promise<StepResult> {
  const kind = activityKind(step.kind);
  const traits = traitsOf(kind);
  const { runbook } = context;
  const instancesFrom = instancesText(step, context, now());
  const activities = proxyActivities<StepActivities>({
    taskQueue: queueOf(context, step),
    activityId: step.id,
    startToCloseTimeout: traits.timeoutSeconds * 1000,
    scheduleToStartTimeout: SCHEDULE_TO_START,
    heartbeatTimeout: runbook.execution.heartbeatSeconds * 1000,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: {
      initialInterval: RETRY_INITIAL_MS,
      backoffCoefficient: 2,
      maximumInterval: RETRY_MAXIMUM_MS,
      maximumAttempts: LOST_ATTEMPTS,
    },
    summary: `${step.title}${instancesFrom === undefined ? '' : ` (${instancesFrom})`}`.slice(0, 190),
  });
  return activities[kind]({
    ...requestOf(context, step, stateOf),
    ...(instancesFrom !== undefined && { instancesFrom }),
  });
}

/** A person waits for the answer. */
const VERIFY_WITHIN = '1 minute';

/** Looks at their site whether steps are done, and changes nothing. All are of one site. */
export function verifyAtSite(context: StepContext, steps: readonly PlanStep[]): Promise<readonly Verification[]> {
  const [first] = steps;
  if (first === undefined) return Promise.resolve([]);
  const { heartbeatSeconds } = context.runbook.execution;
  const { verifySteps } = proxyActivities<SiteActivities>({
    taskQueue: queueOf(context, first),
    scheduleToCloseTimeout: VERIFY_WITHIN,
    heartbeatTimeout: heartbeatSeconds * 1000,
    retry: { initialInterval: RETRY_INITIAL_MS, maximumAttempts: LOST_ATTEMPTS },
    summary: `look whether it is done: ${first.title}${steps.length > 1 ? ` and ${steps.length - 1} more` : ''}`.slice(
      0,
      190,
    ),
  });
  return verifySteps({ steps: steps.map((step) => requestOf(context, step, () => undefined)), heartbeatSeconds });
}

type ActivityKind = keyof StepActivities;

function activityKind(kind: StepKind): ActivityKind {
  if (traitsOf(kind).runs === 'workflow') {
    throw ApplicationFailure.nonRetryable(`a step of kind "${kind}" is no activity`, 'StepFailed');
  }
  return kind as ActivityKind;
}

function queueOf(context: StepContext, step: PlanStep): string {
  if (step.site === undefined || traitsOf(step.kind).runs === 'control') return CONTROL_TASK_QUEUE;
  return siteTaskQueue(context.runbook.sites[step.site].name);
}

function requestOf(context: StepContext, step: PlanStep, stateOf: (id: string) => StepState | undefined): StepRequest {
  const { runbook } = context;
  const workload = runbook.workloads.find((candidate) => candidate.name === step.workload);
  const volume = runbook.volumes.find((candidate) => candidate.name === step.volume);
  const volumes = runbook.volumes.filter(({ name }) => workload?.volumes.includes(name) === true);
  const record = runbook.traffic.find((candidate) => candidate.name === step.record);
  const alsoRecords = (step.input.alsoMoves ?? []).flatMap(
    (move) => runbook.traffic.find((candidate) => candidate.name === move.record) ?? [],
  );
  const earlier = step.input.pointOf === undefined ? undefined : stateOf(step.input.pointOf)?.result?.facts;
  return {
    run: context.run,
    operationKey: `${context.operationKeyBase}/${step.id}`,
    step,
    sites: runbook.sites,
    ...(workload && { workload }),
    ...(volume && { volume }),
    ...(volumes.length > 0 && { volumes }),
    ...(record && { record }),
    ...(alsoRecords.length > 0 && { alsoRecords }),
    ...(earlier && { earlier }),
    ...(step.input.stage && { workloads: runbook.workloads }),
    heartbeatSeconds: runbook.execution.heartbeatSeconds,
  };
}
