import {
  CancellationScope,
  condition,
  executeChild,
  isCancellation,
  patched,
  upsertSearchAttributes,
  uuid4,
} from '@temporalio/workflow';
import type { ProtectionState } from '../core/model/protection';
import type { Readiness } from '../core/model/readiness';
import type { Runbook } from '../core/model/runbook';
import { evaluated, evaluationFailed } from '../core/running/readiness-rules';
import { attributes } from './attributes';
import type { readiness } from './readiness';
import { now, stepErrorOf } from './run-record';
import type { StateCell } from './state-cell';

/** From one evaluation to the next, in milliseconds. */
const EVALUATE_EVERY_MS = 5 * 60_000;
/** Both looks together end within a minute; whatever holds an evaluation up longer is a finding by itself. */
const MOST_TIME = '2 minutes';
/** Groups of before were not evaluated. */
const EVALUATES = 'readiness-of-the-group';

/**
 * Keeps with the group whether the operations that are possible next would work: evaluated by a child workflow, whose history holds
 * what was seen, every few minutes, when the runbook has changed and when an operation has let the group go (docs/adr/0038). It
 * never holds up an operation: an evaluation that one overtakes is given up.
 */
export class ReadinessKeeper {
  private runbook = '';
  /** The runbook is another than the one that was evaluated last. */
  private changed = false;
  private keeping: Promise<void> | undefined;
  private ended = false;

  constructor(private readonly cell: StateCell) {}

  /** With the runbook as it is now. */
  keep(runbook: Runbook): void {
    // One with mistakes is not given to us: the group tells of it.
    const text = JSON.stringify([runbook, this.cell.get().runbookTrouble]);
    this.changed ||= this.keeping !== undefined && text !== this.runbook;
    this.runbook = text;
    if (this.keeping !== undefined || !patched(EVALUATES)) return;
    // Ends badly only with the workflow itself.
    this.keeping = this.keepEvaluating().catch(() => undefined);
  }

  /** Gives up the evaluation that runs, and lets no further one begin. */
  async end(): Promise<void> {
    this.ended = true;
    await this.keeping;
  }

  private get held(): boolean {
    return this.cell.get().holder !== undefined;
  }

  private async keepEvaluating(): Promise<void> {
    for (;;) {
      await condition(() => this.ended || !this.held);
      if (this.ended) return;
      await this.evaluate();
      await condition(() => this.ended || this.held || this.changed, EVALUATE_EVERY_MS);
    }
  }

  private async evaluate(): Promise<void> {
    this.changed = false;
    const scope = new CancellationScope();
    let running = true;
    void condition(() => !running || this.ended || this.held).then(() => scope.cancel());
    const before = this.cell.get();
    try {
      const found = await scope.run(() => this.ask(before.group));
      if (!hasMoved(before, this.cell.get())) this.note(found);
    } catch (error) {
      // Given up, because an operation took the group or the workflow goes on as a new one: what was found before holds.
      const givenUp = isCancellation(error) && (this.ended || this.held);
      if (!givenUp) this.note(evaluationFailed(this.cell.get(), stepErrorOf(error), now()));
    } finally {
      running = false;
    }
  }

  private ask(group: string): Promise<Readiness> {
    return executeChild<typeof readiness>('readiness', {
      workflowId: `readiness/${group}/${uuid4()}`,
      workflowRunTimeout: MOST_TIME,
      args: [{ runbook: group }],
      staticSummary: `readiness of group ${group}`,
    });
  }

  private note(readiness: Readiness): void {
    const before = this.cell.get();
    const state = evaluated(before, readiness);
    if (state === before) return;
    this.cell.change(state);
    if (before.readiness?.state !== readiness.state)
      upsertSearchAttributes([{ key: attributes.readiness, value: readiness.state }]);
  }
}

/** An operation has come and gone meanwhile: what was seen may be from within it. */
const hasMoved = (before: ProtectionState, after: ProtectionState): boolean =>
  before.runs[0]?.runId !== after.runs[0]?.runId || before.epoch !== after.epoch;
