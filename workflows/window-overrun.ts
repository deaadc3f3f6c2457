import { sleep } from '@temporalio/workflow';
import type { PlanStep } from '../core/model/plan';
import type { RunControl } from './run-control';
import type { RunRecord } from './run-record';

interface WatchedRun {
  readonly control: RunControl;
  readonly record: RunRecord;
  readonly committing: boolean;
  readonly verdict: unknown;
  readonly hold: { readonly counts: boolean } | undefined;
  show(): void;
  forwardToBatches(): Promise<void>;
}

/** What follows when a window closes while steps still run, by the `overrun` of its gate. */
export class WindowOverrun {
  private readonly watched = new Map<string, string>();

  constructor(private readonly run: WatchedRun) {}

  /** Of a gate without such a policy nothing is watched, and no timer is started. */
  watch(step: PlanStep, closesAt: string): void {
    const { gate } = step.input;
    if (gate?.kind !== 'window' || gate.overrun === undefined || this.watched.get(step.id) === closesAt) return;
    this.watched.set(step.id, closesAt);
    const policy = gate.overrun;
    const left = Math.max(1, Date.parse(closesAt) - Date.now());
    void sleep(left, { summary: `maintenance window "${gate.name}" closes` })
      .then(() => {
        if (this.watched.get(step.id) === closesAt) this.closed(gate.name, policy);
      })
      .catch(() => undefined);
  }

  private closed(name: string, policy: 'ask' | 'rollback'): void {
    const { run } = this;
    const { control, record } = run;
    if (run.verdict !== undefined || control.stop !== undefined) return;
    // Nothing was changed yet: the run is held back until the next opening.
    if (run.hold?.counts === false) return;
    const by = `maintenance window "${name}"`;
    const reason = 'the window has closed';
    if (policy === 'rollback') {
      if (run.committing) return;
      control.requestStop({ kind: 'rollback', by, reason });
    } else {
      if (control.paused) return;
      record.add({ kind: 'message', name: 'pause', by, reason: `${reason}: resume, or roll back` });
      control.paused = true;
      control.wake();
    }
    void run.forwardToBatches();
    run.show();
  }
}
