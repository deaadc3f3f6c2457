import { condition, patched } from '@temporalio/workflow';
import type { LoadedRunbook } from '../activities/contract';
import type { ReleaseRequest } from '../activities/group-contract';
import { reportId, type KeepEvidence } from '../core/model/evidence';
import type { ProtectionState } from '../core/model/protection';
import type { RecoveryPoint } from '../core/model/volume';
import {
  accounted,
  beginSample,
  goesOn,
  sampleOf,
  standingOf,
  type GrowingSample,
} from '../core/running/protection-sample';
import { control } from './callers';
import { now, stepErrorOf } from './run-record';
import type { StateCell } from './state-cell';

/** Groups of before kept none. */
const KEEPS = 'keeps-evidence';
/** A sample ends after this long at the latest, in milliseconds. */
const SAMPLE_MS = 60 * 60_000;
/** Points are kept together, so many at most. */
const MOST_POINTS = 50;
/** Where evidence is kept does not answer: pause before it is tried again. */
const TRY_AGAIN = '15 seconds';
/** While it does not answer for long, what is oldest is dropped: its time is missing, and counts as not known. */
const MOST_WAITING = 500;
/** How long a workflow that continues as new waits for what is on its way; the rest goes with it. */
const LEAVE_WITHIN = '30 seconds';

/** Keeps what the group promised, how it was protected and its recovery points, beside all else and holding up nothing. */
export class ProtectionEvidence {
  private readonly waiting: KeepEvidence[];
  private sample: GrowingSample | undefined;
  private points: RecoveryPoint[] = [];
  private keeping: Promise<void> | undefined;
  private ended = false;
  /** Of the runbook as it was read last. */
  private digest: string | undefined;
  /** What is in no plan, as it was seen last. */
  private uncovered: readonly string[] | undefined;
  /** What the terms were made from that were kept last. */
  private terms: string | undefined;

  constructor(
    private readonly cell: StateCell,
    left: readonly KeepEvidence[] = [],
  ) {
    this.waiting = [...left];
  }

  /** What is not kept yet; the workflow that goes on takes it over. */
  get left(): { readonly evidence?: readonly KeepEvidence[] } {
    return this.waiting.length > 0 ? { evidence: this.waiting } : {};
  }

  /** The group stands as its state says, from now on. */
  begin(): void {
    if (!patched(KEEPS)) return;
    const state = this.cell.get();
    this.terms = state.evidence?.terms;
    this.watchFrom(standingOf(state), state.evidence?.sampledUntil);
    // Ends badly only with the workflow itself.
    this.keeping = Promise.all([this.keepWaiting(), this.turnPages()]).then(
      () => undefined,
      () => undefined,
    );
  }

  /** The runbook was read. */
  loaded({ termsDigest }: LoadedRunbook): void {
    this.digest = termsDigest;
    // Before, there is no state.
    if (this.keeping !== undefined) this.keepTerms(this.cell.get());
  }

  /** What is promised, and what is in no plan: once, and after each change. */
  private keepTerms({ group, readiness }: ProtectionState): void {
    if (this.keeping === undefined || this.digest === undefined) return;
    this.uncovered = readiness?.uncovered ?? this.uncovered;
    const { uncovered } = this;
    const terms = `${this.digest} ${uncovered?.join(', ').slice(0, 800) ?? ''}`;
    if (terms === this.terms) return;
    this.terms = terms;
    const since = now();
    const seen = uncovered && { uncovered };
    this.put({ group, kind: 'terms', id: `terms/${since}`, runbook: group, since, ...seen });
  }

  /** The state is another one. */
  changed(state: ProtectionState): void {
    this.keepTerms(state);
    if (this.sample === undefined) {
      if (this.keeping !== undefined && !this.ended && !state.moved) this.watchFrom(standingOf(state));
      return;
    }
    const grown = accounted(this.sample, now());
    const standing = standingOf(state, grown.standing);
    if (state.moved) this.turnPage(grown, undefined);
    else if (goesOn(grown, standing)) this.sample = { ...grown, standing };
    else this.turnPage(grown, beginSample(standing, grown.at));
  }

  /** A run has ended. */
  released({ holder, summary, because, unkept }: ReleaseRequest): void {
    if (!unkept || this.keeping === undefined) return;
    const { workflowId, runId, operation } = holder;
    const { group } = this.cell.get();
    const run = { workflowId, runId, operation };
    this.put({ group, kind: 'report', id: reportId(run), run, verdict: summary.verdict, because });
  }

  /** A group that is new has nothing to tell before its first pass. */
  private watchFrom(standing: GrowingSample['standing'], since?: string): void {
    if (since !== undefined || standing.asOf !== undefined) this.sample = beginSample(standing, since ?? now());
  }

  /** Points that were taken. */
  taken(points: readonly RecoveryPoint[]): void {
    if (this.keeping === undefined) return;
    this.points.push(...points);
    if (this.points.length >= MOST_POINTS) this.putPoints();
  }

  /** Before the workflow continues as new. */
  async end(): Promise<void> {
    if (this.keeping === undefined) return;
    this.ended = true;
    const grown = this.sample && accounted(this.sample, now());
    if (grown) this.turnPage(grown, undefined);
    const state = this.cell.get();
    const { terms } = this;
    const handed = { ...(grown && { sampledUntil: grown.at }), ...(terms !== undefined && { terms }) };
    this.cell.change({ ...state, evidence: { ...state.evidence, ...handed } });
    await condition(() => this.waiting.length === 0, LEAVE_WITHIN);
  }

  private turnPage(grown: GrowingSample, next: GrowingSample | undefined): void {
    const { group } = this.cell.get();
    this.sample = next;
    this.putPoints();
    if (grown.at === grown.from) return;
    this.put({ group, kind: 'protection-sample', id: `protection-sample/${grown.from}`, body: sampleOf(grown) });
  }

  private putPoints(): void {
    const [first] = this.points;
    if (first === undefined) return;
    const { group } = this.cell.get();
    const id = `recovery-points/${first.volume}/${first.id}`;
    this.put({ group, kind: 'recovery-points', id, body: { schemaVersion: 1, points: this.points } });
    this.points = [];
  }

  private put(evidence: KeepEvidence): void {
    this.waiting.push(evidence);
    if (this.waiting.length > MOST_WAITING) this.waiting.shift();
  }

  /** A day without any change is kept as well. */
  private async turnPages(): Promise<void> {
    for (;;) {
      await condition(() => this.ended, SAMPLE_MS);
      if (this.ended) return;
      if (this.sample === undefined) continue;
      const grown = accounted(this.sample, now());
      this.turnPage(grown, beginSample(grown.standing, grown.at, grown.breach));
    }
  }

  private async keepWaiting(): Promise<void> {
    for (;;) {
      await condition(() => this.ended || this.waiting.length > 0);
      const [next] = this.waiting;
      if (next === undefined) return;
      const kept = await this.keep(next);
      const at = this.waiting.indexOf(next);
      if (at >= 0) this.waiting.splice(at, 1);
      if (kept) continue;
      // What can never be kept must not hold up the rest.
      this.put(next);
      if (this.ended) return;
      await condition(() => this.ended, TRY_AGAIN);
    }
  }

  private async keep(evidence: KeepEvidence): Promise<boolean> {
    try {
      const head = await control.keepEvidence(evidence);
      const state = this.cell.get();
      const { trouble: _over, ...known } = state.evidence ?? {};
      this.cell.change({ ...state, evidence: { ...known, head } });
      return true;
    } catch (error) {
      const { code, message } = stepErrorOf(error);
      if (evidence.kind === 'terms' && ['InvalidRunbook', 'UnknownRunbook'].includes(code)) {
        // The runbook has changed again: what it promises is kept when it can be read.
        this.digest = undefined;
        this.terms = undefined;
        return true;
      }
      this.note(message);
      return false;
    }
  }

  /** Only what is new, so that nothing is shown again for nothing. */
  private note(trouble: string): void {
    const state = this.cell.get();
    if (trouble !== state.evidence?.trouble) this.cell.change({ ...state, evidence: { ...state.evidence, trouble } });
  }
}
