import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { protectionWorkflowId, queries } from '../../core/model/names';
import { operationNames } from '../../core/model/operation';
import type { RunStatus } from '../../core/model/run';
import type { Runbook } from '../../core/model/runbook';
import { groupSamples, type GroupSnapshot } from '../../core/report/group-samples';
import { ExpectedDrillsReader } from './expected-drills';
import type { Gauges } from './gauges';

export interface GroupMetricsParts {
  readonly client: Client;
  /** Undefined where it cannot be read. */
  readonly runbook: (group: string) => Promise<Runbook | undefined>;
  readonly gauges: Pick<Gauges, 'set' | 'forget'>;
  /** Called each time that a group has answered. */
  readonly found: (group: string) => void;
  readonly warn: (message: string, error: unknown) => void;
}

/** Alerts are right to within this and a scrape. */
const EVERY_MS = 15_000;
/** A group that was protected a moment ago soon knows how it stands. */
const SOON_MS = 2_000;
const CALL_WITHIN_MS = 10_000;
/** A worker or a server that is started anew answers again by then; what is older is not shown as if it were known. */
const KEPT_MS = 60_000;
const PREFIX = protectionWorkflowId('');

/**
 * Asks every group how it stands, again and again, and sets the gauges. Everything is asked of Temporal: each worker says the
 * same, whichever of them did the work, and says it again after a restart.
 */
export class GroupMetrics {
  private readonly drills: ExpectedDrillsReader;
  private readonly seen = new Map<string, number>();
  private readonly stopping = new AbortController();

  constructor(private readonly parts: GroupMetricsParts) {
    this.drills = new ExpectedDrillsReader(parts.client);
  }

  /** Never throws; resolves when it was stopped. */
  async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const complete = await this.look().catch((error: unknown) => {
        this.parts.warn('the groups could not be asked for their metrics', error);
        return true;
      });
      this.forgetOld();
      await sleep(complete ? EVERY_MS : SOON_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  stop(): void {
    this.stopping.abort();
  }

  /** False when there are groups whose state is not established yet. */
  private async look(): Promise<boolean> {
    let complete = true;
    const [groups, runs, drills] = await Promise.all([this.groups(), this.runs(), this.call(() => this.drills.read())]);
    for (const group of groups) {
      try {
        const snapshot = await this.snapshot(group);
        if (snapshot === undefined) {
          complete = false;
          continue;
        }
        const own = { runs: runs.filter((run) => run.group === group), drills: drills.get(group) };
        this.parts.gauges.set(group, groupSamples({ ...snapshot, ...own }));
        this.seen.set(group, Date.now());
        this.parts.found(group);
      } catch (error) {
        this.parts.warn(`group ${group} could not be asked for its metrics`, error);
      }
    }
    return complete;
  }

  /** Undefined of a group whose state is not established yet. */
  private async snapshot(group: string): Promise<Omit<GroupSnapshot, 'runs'> | undefined> {
    const handle = this.parts.client.workflow.getHandle(protectionWorkflowId(group));
    const [state, runbook] = await Promise.all([
      this.call(() => handle.query<GroupSnapshot['state'] | null>(queries.state)),
      this.parts.runbook(group),
    ]);
    return state === null ? undefined : { seenAt: new Date().toISOString(), state, ...(runbook && { runbook }) };
  }

  private forgetOld(): void {
    for (const [group, at] of this.seen) {
      if (Date.now() - at <= KEPT_MS) continue;
      this.seen.delete(group);
      this.parts.gauges.forget(group);
    }
  }

  private async groups(): Promise<readonly string[]> {
    const ids = await this.ids('WorkflowType = "protection"');
    return ids.filter((id) => id.startsWith(PREFIX)).map((id) => id.slice(PREFIX.length));
  }

  /** One that does not answer, or has just ended, waits for nobody. */
  private async runs(): Promise<readonly RunStatus[]> {
    const ids = await this.ids(`WorkflowType IN (${operationNames.map((name) => `"${name}"`).join(', ')})`);
    const statuses = await Promise.all(
      ids.map((id) =>
        this.call(() => this.parts.client.workflow.getHandle(id).query<RunStatus>(queries.status)).catch(
          () => undefined,
        ),
      ),
    );
    return statuses.filter((status) => status !== undefined);
  }

  private ids(condition: string): Promise<readonly string[]> {
    return this.call(async () => {
      const ids: string[] = [];
      const query = `${condition} AND ExecutionStatus = "Running"`;
      for await (const { workflowId } of this.parts.client.workflow.list({ query })) ids.push(workflowId);
      return ids;
    });
  }

  private call<T>(run: () => Promise<T>): Promise<T> {
    return this.parts.client.withDeadline(Date.now() + CALL_WITHIN_MS, run);
  }
}
