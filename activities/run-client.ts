import { ApplicationFailure } from '@temporalio/common';
import { WorkflowNotFoundError, type WorkflowClient } from '@temporalio/client';
import { queries } from '../core/model/names';
import type { RecoveryPlan } from '../core/model/plan';
import type { RunEvent } from '../core/model/run';
import type { InterruptedRun } from './contract';

/** Events asked for at a time: an answer must stay under the 4 MiB of a gRPC message, and an event takes about 1 KiB. */
const PAGE = 1000;

/** Which run, of all that had or will have this workflow id. */
export interface RunId {
  readonly workflowId: string;
  readonly runId: string;
}

/** Asks runs, open or closed, for their plan and for what happened in them. */
export class RunClient {
  constructor(private readonly client: WorkflowClient) {}

  /** The plan of a run; undefined when it never had one. */
  async plan({ workflowId, runId }: RunId): Promise<RecoveryPlan | undefined> {
    return (await this.client.getHandle(workflowId, runId).query<RecoveryPlan | null>(queries.plan)) ?? undefined;
  }

  /** Everything that happened in a run so far, asked for in pages. */
  async events({ workflowId, runId }: RunId): Promise<readonly RunEvent[]> {
    const handle = this.client.getHandle(workflowId, runId);
    const events: RunEvent[] = [];
    for (;;) {
      const page = await handle.query<RunEvent[], [object]>(queries.timeline, { from: events.length, limit: PAGE });
      events.push(...page);
      if (page.length < PAGE) return events;
    }
  }

  /** Plan and events of a run that has ended, for one that continues it. @throws ApplicationFailure `RunNotFound` */
  async interrupted(run: RunId): Promise<InterruptedRun> {
    try {
      const plan = await this.plan(run);
      if (plan === undefined) throw notFound(`run ${run.workflowId} never had a plan; start anew`);
      const events = await this.events(run);
      const pinned = events.find((event) => event.kind === 'plan-pinned');
      return { plan, events, operationKeyBase: pinned?.operationKeyBase ?? run.runId };
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      throw notFound(`there is no run ${run.runId} of ${run.workflowId}`);
    }
  }
}

const notFound = (message: string): ApplicationFailure => ApplicationFailure.nonRetryable(message, 'RunNotFound');
