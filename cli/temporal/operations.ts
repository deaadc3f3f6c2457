import { CONTROL_TASK_QUEUE } from '../../core/model/names';
import type { Operation } from '../../core/model/operation';
import type { RecoveryPlan } from '../../core/model/plan';
import type { Readiness } from '../../core/model/readiness';
import type { ScheduleSpec } from '../../core/model/schedule';
import type { StageDiff } from '../../core/model/stage';
import type { Verdict } from '../../core/model/verdict';
import type { FailoverInput, OperationInput } from '../../workflows/messages';
import type { Inspection } from './inspection';
import type { Session } from './session';

/** Compiling a large plan looks at both sites, one of which may take its time to not answer. */
const LOOK_TIMEOUT_MS = 60_000;
/** The look of a plan, then one at what each site has besides. */
const READINESS_TIMEOUT_MS = 120_000;
/** Thousands of objects, each written by itself. */
const STAGE_TIMEOUT_MS = 1_800_000;
/** 20 steps of 100 ms each, and a worker that has to wake up. */
const STEP_TIME_TIMEOUT_MS = 10_000;

/** Result of an operation's workflow. */
export interface RunResult {
  readonly verdict: Verdict;
  readonly because: string;
  readonly reportFiles: readonly string[];
}

export interface PlanRequest {
  readonly runbook: string;
  readonly operation: Operation;
  readonly mode?: FailoverInput['mode'];
  readonly recoveryPoint?: string;
  readonly keepSeconds?: number;
  readonly keepUntil?: string;
  readonly roundTrip?: true;
  readonly windows?: NonNullable<OperationInput['windows']>;
}

export interface StepTimes {
  readonly medianMs: number;
  readonly maxMs: number;
}

export interface StartedRun {
  readonly workflowId: string;
  readonly runId: string;
}

/** Starts an operation and does not wait for it. */
export async function startOperation(
  session: Session,
  run: { readonly operation: Operation; readonly workflowId: string; readonly input: Partial<OperationInput> },
): Promise<StartedRun> {
  const handle = await session.call(`run ${run.workflowId}`, () =>
    session.client.workflow.start(run.operation, {
      taskQueue: CONTROL_TASK_QUEUE,
      workflowId: run.workflowId,
      args: [run.input],
      staticSummary: `${run.operation} of ${run.input.runbook ?? ''}`.slice(0, 200),
    }),
  );
  return { workflowId: run.workflowId, runId: handle.firstExecutionRunId };
}

/** Observes and compiles; changes nothing. */
export const compilePlan = (session: Session, request: PlanRequest): Promise<RecoveryPlan> =>
  look<RecoveryPlan>(session, { workflow: 'plan', name: request.runbook, input: { ...request } });

/** Looks at both sites of a group; changes nothing. */
export const inspect = (session: Session, runbook: string, connectivity: boolean): Promise<Inspection> =>
  look<Inspection>(session, { workflow: 'inspect', name: runbook, input: { runbook, connectivity } });

/** The schedules that a runbook of the worker declares; changes nothing. */
export const declaredSchedules = (session: Session, runbook: string): Promise<readonly ScheduleSpec[]> =>
  look<readonly ScheduleSpec[]>(session, { workflow: 'schedules', name: runbook, input: { runbook } });

/** Makes the objects of the standby what they are at the active site; with `dryRun` only says what would be changed. */
export const stageNow = (session: Session, runbook: string, dryRun: boolean): Promise<StageDiff> =>
  look<StageDiff>(session, {
    workflow: 'stage',
    name: runbook,
    input: { runbook, dryRun },
    timeoutMs: STAGE_TIMEOUT_MS,
  });

/** Whether what is possible next would work now; changes nothing. */
export const evaluateReadiness = (session: Session, runbook: string): Promise<Readiness> =>
  look<Readiness>(session, {
    workflow: 'readiness',
    name: runbook,
    input: { runbook },
    timeoutMs: READINESS_TIMEOUT_MS,
  });

/** How long steps that do nothing take, one after the other. */
export const stepTime = (session: Session, steps: number): Promise<StepTimes> =>
  look<StepTimes>(session, { workflow: 'stepTime', name: 'doctor', input: { steps }, timeoutMs: STEP_TIME_TIMEOUT_MS });

interface Look {
  readonly workflow: 'plan' | 'inspect' | 'readiness' | 'schedules' | 'stage' | 'stepTime';
  readonly name: string;
  readonly input: object;
  readonly timeoutMs?: number;
}

/** A short workflow whose result is the answer. It ends by itself when nobody takes it, so that none is left behind. */
function look<T>(session: Session, { workflow, name, input, timeoutMs = LOOK_TIMEOUT_MS }: Look): Promise<T> {
  const run = (): Promise<T> =>
    session.client.workflow.execute(workflow, {
      taskQueue: CONTROL_TASK_QUEUE,
      workflowId: `${workflow}/${name}/${process.pid}-${Date.now().toString(36)}`,
      args: [input],
      workflowExecutionTimeout: timeoutMs,
    });
  return session.call(`${workflow} of ${name}`, run, timeoutMs);
}
