import type { WorkflowHandle } from '@temporalio/client';
import type { queries } from '../../core/model/names';
import type { RecoveryPlan } from '../../core/model/plan';
import type { RunEvent, RunStatus } from '../../core/model/run';
import type { RunningStep } from '../views/run-snapshot';
import { runningSteps } from './running-steps';
import type { Session } from './session';

const EVENTS_A_PAGE = 1000;

/** How a run stands with the server, which knows it without any worker. */
export interface Execution {
  /** "RUNNING", "COMPLETED", "FAILED", "CANCELLED", "TERMINATED", "TIMED_OUT", ... */
  readonly status: string;
  readonly runId: string;
  readonly running: ReadonlyMap<string, RunningStep>;
}

/** Asks one run. The answers are as they were given: views make them fit for a terminal. */
export class RunReader {
  private readonly handle: WorkflowHandle;

  constructor(
    private readonly session: Session,
    readonly workflowId: string,
  ) {
    this.handle = session.client.workflow.getHandle(workflowId);
  }

  status(): Promise<RunStatus> {
    return this.query<RunStatus>('status');
  }

  plan(): Promise<RecoveryPlan | null> {
    return this.query<RecoveryPlan | null>('plan');
  }

  /** Asked for in pages, as an answer must stay under the 4 MiB of a message. */
  async timeline(): Promise<readonly RunEvent[]> {
    const events: RunEvent[] = [];
    for (;;) {
      const page = await this.query<readonly RunEvent[]>('timeline', { from: events.length, limit: EVENTS_A_PAGE });
      events.push(...page);
      if (page.length < EVENTS_A_PAGE) return events;
    }
  }

  /** Without a worker. `children`: workflows whose running steps belong to the run as well. */
  async execution(children: readonly string[] = []): Promise<Execution> {
    const own = await this.describe(this.workflowId);
    const below = await Promise.all(children.map((child) => this.describe(child).catch(() => undefined)));
    const running = [own, ...below].flatMap((description) => (description ? [...runningSteps(description.raw)] : []));
    return { status: own.status.name, runId: own.runId, running: new Map(running) };
  }

  /** What the run ended with. Throws the `SwitchbackFailure` that it failed with. */
  result<T>(timeoutMs: number): Promise<T> {
    return this.session.call(`run ${this.workflowId}`, () => this.handle.result() as Promise<T>, timeoutMs);
  }

  private describe(workflowId: string): ReturnType<WorkflowHandle['describe']> {
    const handle = this.session.client.workflow.getHandle(workflowId);
    return this.session.call(`run ${workflowId}`, () => handle.describe());
  }

  private query<T>(name: (typeof queries)[keyof typeof queries], ...input: readonly object[]): Promise<T> {
    return this.session.call(`run ${this.workflowId}`, () => this.handle.query<T, object[]>(name, ...input));
  }
}
