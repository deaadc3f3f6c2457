import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceError, type Client, type WorkflowHandle } from '@temporalio/client';
import { CONTROL_TASK_QUEUE, protectionWorkflowId } from '../../../core/model/names';
import type { RecoveryPlan } from '../../../core/model/plan';
import type { ProtectionState } from '../../../core/model/protection';
import type { RunStatus } from '../../../core/model/run';
import type { OperationResult } from '../../../workflows/run-operation';
import { until } from './until';
import type { WorkerSupply } from './worker-process';

/** Runs of one protection group, by workers that may be ended and suspended at any time. */
export class GroupRuns {
  private runs = 0;

  constructor(
    readonly group: string,
    readonly client: Client,
    readonly workers: WorkerSupply,
  ) {}

  start(operation: string, input: object = {}): Promise<WorkflowHandle> {
    this.runs += 1;
    return this.client.workflow.start(operation, {
      taskQueue: CONTROL_TASK_QUEUE,
      workflowId: `${operation}/${this.group}/${this.runs}`,
      args: [{ runbook: this.group, requestedBy: 'test', ...input }],
    });
  }

  /** Runs an operation to its end, which must be that it completed. */
  async complete(operation: string, input: object = {}): Promise<WorkflowHandle> {
    const handle = await this.start(operation, input);
    await this.completed(handle);
    return handle;
  }

  /** The result of a run that completes. A run that asks about a failed step instead ends the wait with what it asks. */
  async completed(handle: WorkflowHandle): Promise<OperationResult> {
    const result = await this.ended(handle);
    expect(result).toMatchObject({ verdict: 'completed' });
    return result;
  }

  async ended(handle: WorkflowHandle): Promise<OperationResult> {
    const ended = new AbortController();
    const asked = this.askedFor(handle, ended.signal);
    try {
      return await Promise.race([resultOf(handle), asked, this.workers.failure]);
    } finally {
      ended.abort();
      await asked.catch(() => undefined);
    }
  }

  /** Waits until the run looks as wanted. A worker or a server that is away meanwhile is waited for. */
  async until(handle: WorkflowHandle, what: string, wanted: (status: RunStatus) => boolean): Promise<RunStatus> {
    let status: RunStatus | undefined;
    const look = async (): Promise<boolean> => {
      status = await this.status(handle).catch(() => status);
      if (status === undefined) return false;
      if (wanted(status)) return true;
      if (status.verdict) throw new Error(`${handle.workflowId} has ended: ${status.verdict}: ${status.because ?? ''}`);
      return false;
    };
    await until(`${handle.workflowId}: ${what}`, look, () => JSON.stringify(status?.waitingFor));
    if (status === undefined) throw new Error('unreachable');
    return status;
  }

  /** The question that a run asks about a step that failed. */
  async failedStep(handle: WorkflowHandle, step: string): Promise<string> {
    const asks = ({ waitingFor }: RunStatus) => waitingFor.find(({ kind }) => kind === 'failed-step');
    const status = await this.until(handle, `it asks about ${step}`, (seen) => asks(seen) !== undefined);
    const { name = '', prompt = '' } = asks(status) ?? {};
    if (name !== step) throw new Error(`it asks about ${name}, and not about ${step}: ${prompt}`);
    return prompt;
  }

  async status(handle: WorkflowHandle): Promise<RunStatus> {
    return handle.query('status');
  }

  async plan(handle: WorkflowHandle): Promise<RecoveryPlan> {
    const plan = await handle.query<RecoveryPlan | null>('plan');
    if (plan === null) throw new Error(`${handle.workflowId} has no plan yet`);
    return plan;
  }

  /** The plan that an operation would have now. */
  async planOf(operation: string): Promise<RecoveryPlan> {
    this.runs += 1;
    const plan: unknown = await this.client.workflow.execute('plan', {
      taskQueue: CONTROL_TASK_QUEUE,
      workflowId: `plan/${this.runs}`,
      args: [{ runbook: this.group, operation }],
    });
    return plan as RecoveryPlan;
  }

  async state(): Promise<ProtectionState> {
    const handle = this.client.workflow.getHandle(protectionWorkflowId(this.group));
    let state: ProtectionState | undefined;
    await until('the group answers', async () => {
      state = (await handle.query<ProtectionState | null>('state').catch(() => null)) ?? undefined;
      return state !== undefined;
    });
    if (state === undefined) throw new Error('unreachable');
    return state;
  }

  private async askedFor(handle: WorkflowHandle, signal: AbortSignal): Promise<never> {
    while (!signal.aborted) {
      const status = await this.status(handle).catch(() => undefined);
      const asked = status?.waitingFor.find(({ kind }) => kind === 'failed-step');
      if (asked) throw new Error(`${handle.workflowId} asks: ${asked.prompt}`);
      await sleep(250);
    }
    throw new Error('the run has ended');
  }
}

/** A server that is killed meanwhile is asked again. */
async function resultOf(handle: WorkflowHandle): Promise<OperationResult> {
  for (;;) {
    try {
      return (await handle.result()) as OperationResult;
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      await sleep(50);
    }
  }
}
