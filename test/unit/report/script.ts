import type { JsonObject } from '../../../core/model/json';
import type { RunEvent } from '../../../core/model/run';
import type { Verdict } from '../../../core/model/verdict';

const START = Date.parse('2026-11-21T10:00:00.000Z');

/** The workers' clocks are ahead of the workflow's: no figure may subtract one from the other. */
const SKEW_MS = 5 * 60_000;

type Untimed<Event> = Event extends unknown ? Omit<Event, 'at'> : never;

/** Writes the events of a run; the clock moves only where it says so. */
export class Script {
  readonly events: RunEvent[] = [];
  private ms = 0;

  constructor() {
    this.add({ kind: 'run-started', requestedBy: 'ana@example.com', reason: 'storage at alpha is *mended*' });
    this.after(0.1);
  }

  after(seconds: number): this {
    this.ms += Math.round(seconds * 1000);
    return this;
  }

  at(aheadSeconds = 0): string {
    return new Date(START + this.ms + aheadSeconds * 1000).toISOString();
  }

  add(event: Untimed<RunEvent>): this {
    this.events.push({ at: this.at(), ...event });
    return this;
  }

  planned(): this {
    return this.add({ kind: 'plan-pinned', hash: 'a'.repeat(64) });
  }

  /** Scheduled now, started 4 ms later, worked for `seconds`, recorded 6 ms after that. */
  step(step: string, seconds: number, more: { summary?: string; facts?: JsonObject; attempt?: number } = {}): this {
    return this.add({ kind: 'step-scheduled', step }).done(step, seconds, more);
  }

  done(
    step: string,
    seconds: number,
    more: { summary?: string; facts?: JsonObject; attempt?: number; undo?: boolean } = {},
  ): this {
    const startedAt = this.skewed(4);
    this.after(seconds + 0.01);
    const { summary = `${step} is done`, facts = {}, attempt = 1 } = more;
    const finishedAt = this.skewed(-6);
    const result = { summary, facts, startedAt, finishedAt, attempt, worker: 'worker-1' };
    return this.add({ kind: more.undo ? 'compensation-done' : 'step-done', step, result });
  }

  fail(step: string, seconds: number, message: string): this {
    this.add({ kind: 'step-scheduled', step }).after(seconds);
    return this.add({ kind: 'step-failed', step, error: { code: 'StopFailed', message, attempts: 5 } });
  }

  undo(step: string, seconds: number, more: { summary?: string; facts?: JsonObject } = {}): this {
    return this.add({ kind: 'compensation-scheduled', step }).done(step, seconds, { ...more, undo: true });
  }

  failUndo(step: string, seconds: number, message: string): this {
    this.add({ kind: 'compensation-scheduled', step }).after(seconds);
    return this.add({ kind: 'compensation-failed', step, error: { code: 'StartFailed', message, attempts: 3 } });
  }

  gate(step: string, gate: string): this {
    this.add({ kind: 'step-scheduled', step });
    return this.add({ kind: 'gate-opened', gate, step, prompt: `May ${gate} begin?` });
  }

  pass(step: string, gate: string): this {
    this.add({ kind: 'gate-passed', gate, step, saw: 'approved' });
    const [startedAt, finishedAt] = [this.at(), this.at()];
    const result = { summary: 'passed', facts: {}, startedAt, finishedAt, attempt: 1, worker: 'workflow' };
    return this.add({ kind: 'step-done', step, result });
  }

  decide(gate: string, decision: 'approve' | 'decline', comment: string): this {
    const at = this.at();
    return this.add({
      kind: 'decision',
      decision: { gate, by: 'bo@example.com', decision, comment, at, via: 'update', planHash: 'a'.repeat(64) },
    });
  }

  end(verdict: Verdict, because: string): this {
    return this.add({ kind: 'run-finished', verdict, because });
  }

  private skewed(ms: number): string {
    return new Date(START + this.ms + SKEW_MS + ms).toISOString();
  }
}
