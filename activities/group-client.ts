import { ApplicationFailure, type Workflow } from '@temporalio/common';
import {
  WithStartWorkflowOperation,
  WorkflowIdConflictPolicy,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  type WorkflowClient,
} from '@temporalio/client';
import { CONTROL_TASK_QUEUE, groupUpdates, protectionWorkflowId, queries } from '../core/model/names';
import type {
  AcquireRequest,
  AcquireUpdate,
  Acquired,
  CommitUpdate,
  NoteDrillRequest,
  NoteStagedRequest,
  ReleaseRequest,
  ReplicationUpdate,
} from './group-contract';
import type { NoteInstancesRequest } from './instances-contract';
import type { Holder, ProtectionInput, ProtectionState, WorstLag } from '../core/model/protection';
import { lagNoted } from '../core/running/drill-rules';

/** Talks to the `protection` workflow of a group, which owns its state and its lock. */
export class GroupClient {
  constructor(private readonly client: WorkflowClient) {}

  /**
   * Takes the lock for a run. A holder whose run has ended without releasing (terminated by hand, say) does not hold up
   * anyone: the group is then marked incomplete in its name, and what happened is said.
   *
   * @throws ApplicationFailure `GroupBusy`, `WrongState`
   */
  async acquire(request: AcquireRequest): Promise<Acquired> {
    const acquired = await this.acquireOrTakeOver(request);
    const { drill } = acquired.state;
    if (drill !== undefined && drill.runId !== request.holder.runId) await this.askToMakeWay(drill, request.holder);
    return acquired;
  }

  /** A drill holds up no operation, and what it takes of the standby may be needed there now. One that has ended needs no asking. */
  private async askToMakeWay(drill: Holder, { operation, workflowId }: Holder): Promise<void> {
    const rollback = { by: workflowId, reason: `the ${operation} of the group goes before a drill` };
    try {
      await this.client.getHandle(drill.workflowId, drill.runId).signal('rollback', rollback);
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  }

  private async acquireOrTakeOver(request: AcquireRequest): Promise<Acquired> {
    try {
      return await this.tryAcquire(request);
    } catch (error) {
      const holder = holderIn(error);
      const closedAs = holder && (await this.closedAs(holder));
      if (holder === undefined || closedAs === undefined) throw error;
      return this.tryAcquire({ ...request, deadHolder: { runId: holder.runId, closedAs } });
    }
  }

  /** True when the group has taken it; false when it had before, or has nothing to do with that run. */
  async release(request: ReleaseRequest): Promise<boolean> {
    return (await this.update(request.group, groupUpdates.release, request)) === 'released';
  }

  commit(group: string, request: CommitUpdate, operationKey: string): Promise<string> {
    return this.updateOnce(group, groupUpdates.commit, { request, operationKey });
  }

  pauseReplication(group: string, request: ReplicationUpdate, operationKey: string): Promise<string> {
    return this.updateOnce(group, groupUpdates.pauseReplication, { request, operationKey });
  }

  resumeReplication(group: string, request: ReplicationUpdate, operationKey: string): Promise<string> {
    return this.updateOnce(group, groupUpdates.resumeReplication, { request, operationKey });
  }

  /** A drill was held, or attested. */
  async noteDrill(request: NoteDrillRequest): Promise<void> {
    await this.update(request.group, groupUpdates.attestation, request);
  }

  /** Somebody had something staged. */
  async noteStaged(request: NoteStagedRequest): Promise<void> {
    await this.update(request.group, groupUpdates.staged, request);
  }

  /** A run has looked at the active site. */
  async noteInstances(request: NoteInstancesRequest): Promise<void> {
    await this.update(request.group, groupUpdates.instances, request);
  }

  /** Starts the `protection` workflow of a runbook's group unless it runs. */
  async protect(runbook: string): Promise<void> {
    await this.client.start('protection', {
      taskQueue: CONTROL_TASK_QUEUE,
      workflowId: protectionWorkflowId(runbook),
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      args: [{ runbook } satisfies ProtectionInput],
      staticSummary: `protection group ${runbook}`,
    });
  }

  /** The state as the `protection` workflow answers it; null when there is none yet. */
  async state(group: string): Promise<ProtectionState | null> {
    try {
      return await this.client.getHandle(protectionWorkflowId(group)).query<ProtectionState | null>(queries.state);
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return null;
      throw error;
    }
  }

  /** How far the standby was behind at worst since the drill of that run began; undefined when that is not known. */
  async worstLag(group: string, runId: string): Promise<WorstLag | undefined> {
    const state = await this.state(group);
    if (state?.drill?.runId !== runId) return undefined;
    return lagNoted(state, new Date().toISOString()).drillLag;
  }

  private async tryAcquire(request: AcquireUpdate): Promise<Acquired> {
    const startWorkflowOperation = new WithStartWorkflowOperation('protection', {
      taskQueue: CONTROL_TASK_QUEUE,
      workflowId: protectionWorkflowId(request.group),
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      args: [{ runbook: request.runbook } satisfies ProtectionInput],
      staticSummary: `protection group ${request.group}`,
    });
    return unwrapped(() =>
      this.client.executeUpdateWithStart<Workflow, Acquired, [AcquireUpdate]>(groupUpdates.acquire, {
        startWorkflowOperation,
        args: [request],
      }),
    );
  }

  private update(group: string, name: string, request: unknown, updateId?: string): Promise<string> {
    const handle = this.client.getHandle(protectionWorkflowId(group));
    const args: [unknown] = [request];
    return unwrapped(() =>
      handle.executeUpdate<string, [unknown]>(name, updateId === undefined ? { args } : { args, updateId }),
    );
  }

  /**
   * An update of the same run and operation key is answered as it was the first time. A duplicate that a suspended worker sends
   * late would otherwise pause the replication that the run has started since, or take back its direction.
   */
  private updateOnce(
    group: string,
    name: string,
    { request, operationKey }: { readonly request: { readonly runId: string }; readonly operationKey: string },
  ): Promise<string> {
    return this.update(group, name, request, `${request.runId}/${operationKey}`);
  }

  /** How the run of a holder ended, or undefined while it runs. */
  private async closedAs(holder: { readonly workflowId: string; readonly runId: string }): Promise<string | undefined> {
    try {
      const { status } = await this.client.getHandle(holder.workflowId, holder.runId).describe();
      return status.name === 'RUNNING' ? undefined : status.name.toLowerCase();
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return 'gone from Temporal';
      throw error;
    }
  }
}

/** The failure of an update is what its handler threw; as it stands, without the client's wrapping. */
async function unwrapped<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure) throw error.cause;
    throw error;
  }
}

function holderIn(error: unknown): { readonly workflowId: string; readonly runId: string } | undefined {
  if (!(error instanceof ApplicationFailure) || error.type !== 'GroupBusy') return undefined;
  const [holder] = (error.details ?? []) as [{ workflowId?: string; runId?: string }?];
  if (holder?.workflowId === undefined || holder.runId === undefined) return undefined;
  return { workflowId: holder.workflowId, runId: holder.runId };
}
