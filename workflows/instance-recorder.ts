import { condition, patched, setHandler } from '@temporalio/workflow';
import type { NoteInstancesRequest } from '../activities/instances-contract';
import type { ProtectionState } from '../core/model/protection';
import type { Runbook } from '../core/model/runbook';
import type { InstancesByWorkload } from '../core/model/workload';
import { instancesNoted, instancesOf, isSettled, takesInstancesOf } from '../core/running/instances-rules';
import { looks } from './callers';
import { instancesUpdate } from './protection-messages';
import { checked } from './protection-refusals';
import { now } from './run-record';
import type { StateCell } from './state-cell';

/** From one look at the active site to the next, in milliseconds. */
const LOOK_EVERY_MS = 5 * 60_000;
/** Groups of before did not look. */
const LOOKS = 'instances-with-the-group';

/**
 * Keeps with the group how many instances of each workload there are at the active site, for the day on which that site cannot be
 * asked (docs/adr/0036). Of a group without workloads of a cluster it does nothing.
 */
export class InstanceRecorder {
  private runbook: Runbook | undefined;
  private keeping: Promise<void> | undefined;
  private ended = false;
  private last: { readonly digest: string; readonly instances: InstancesByWorkload } | undefined;

  constructor(private readonly cell: StateCell) {
    setHandler(instancesUpdate, (request) => this.note(request), checked('instances'));
  }

  /** With the runbook as it is now. */
  keep(runbook: Runbook): void {
    this.runbook = runbook;
    if (this.keeping !== undefined || workloadsOf(runbook).length === 0 || !patched(LOOKS)) return;
    // Ends badly only with the workflow itself.
    this.keeping = this.keepRecording().catch(() => undefined);
  }

  /** Lets no further look begin. */
  async end(): Promise<void> {
    this.ended = true;
    await this.keeping;
  }

  private note({ instances, seenAt, ...run }: NoteInstancesRequest): string {
    const state = this.cell.get();
    if (!takesInstancesOf(state, run)) return 'not taken: the group has gone on';
    this.cell.change(instancesNoted(state, instances, seenAt));
    return 'noted';
  }

  /** A look as soon as nobody holds the group, then one every few minutes: after an operation it is another site, or as it was left. */
  private async keepRecording(): Promise<void> {
    for (;;) {
      await condition(() => this.ended || isSettled(this.cell.get()));
      if (this.ended) return;
      await this.look();
      await condition(() => this.ended || !isSettled(this.cell.get()), LOOK_EVERY_MS);
    }
  }

  /** What does not answer is asked again the next time: until then, what was seen before holds. */
  private async look(): Promise<void> {
    const { runbook } = this;
    if (runbook === undefined) return;
    const before = this.cell.get();
    const site = runbook.sites[before.activeSite];
    const workloads = workloadsOf(runbook);
    const seenAt = now();
    try {
      const { digest, instances = this.last?.instances ?? {} } = await looks(site.name).observeInstances({
        group: before.group,
        site,
        workloads,
        ...(this.last && { known: this.last.digest }),
      });
      this.last = { digest, instances };
    } catch {
      return;
    }
    const state = this.cell.get();
    if (!isSettled(state) || hasMoved(before, state)) return;
    this.cell.change(instancesNoted(instancesOf(state, workloads), this.last.instances, seenAt));
  }
}

/** Those of a cluster, without their checks: nobody asks them here. */
const workloadsOf = ({ workloads }: Runbook): Runbook['workloads'] =>
  workloads.filter(({ kubernetes }) => kubernetes !== undefined).map((workload) => ({ ...workload, checks: [] }));

/** An operation has come and gone while the site was looked at. */
const hasMoved = (before: ProtectionState, after: ProtectionState): boolean =>
  before.runs[0]?.runId !== after.runs[0]?.runId || before.epoch !== after.epoch;
