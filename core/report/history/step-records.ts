import type { RunEvent, StepError, StepResult } from '../../model/run';
import type { DatedEvent, Moment } from './moment';

/** One time that a step was handed to a worker (or a gate opened) by the executor. */
export interface StepTry {
  readonly scheduled: Moment;
  readonly ended?: Moment;
}

/** Everything that the events say of one step. */
export interface StepRecord {
  readonly id: string;
  readonly tries: readonly StepTry[];
  readonly status: 'running' | 'done' | 'failed' | 'skipped' | 'marked-done';
  /** When it got its status; of a running step absent. */
  readonly settled?: Moment;
  readonly result?: StepResult;
  readonly error?: StepError;
  /** Who skipped it or marked it done, and why. */
  readonly by?: string;
  readonly reason?: string;
  /** What proved that a step marked as done is done; absent: it stands on the word of `by`. */
  readonly verified?: string;
}

type Change = 'scheduled' | 'done' | 'failed' | 'skipped' | 'marked-done';

/** Folds the events that `changes` names into one record a step, in the order in which steps first appear. */
export function recordSteps(
  events: readonly DatedEvent[],
  changes: Partial<Record<RunEvent['kind'], Change>>,
): ReadonlyMap<string, StepRecord> {
  const records = new Map<string, StepRecord>();
  for (const { event, moment } of events) {
    const change = changes[event.kind];
    if (!change || !('step' in event)) continue;
    const before: StepRecord = records.get(event.step) ?? { id: event.step, tries: [], status: 'running' };
    records.set(event.step, {
      ...before,
      ...(change === 'scheduled' ? scheduledAgain(before, moment) : settledAs(before, change, moment)),
      ...('result' in event && { result: event.result }),
      ...('error' in event && { error: event.error }),
      ...('by' in event && { by: event.by, reason: event.reason }),
      ...('verified' in event && { verified: event.verified }),
    });
  }
  return records;
}

/** True for a step that nobody waits for any more. */
export const isComplete = (record: StepRecord | undefined): record is StepRecord & { readonly settled: Moment } =>
  record !== undefined && record.settled !== undefined && ['done', 'skipped', 'marked-done'].includes(record.status);

const scheduledAgain = (before: StepRecord, scheduled: Moment): Partial<StepRecord> => ({
  status: 'running',
  tries: [...before.tries, { scheduled }],
});

function settledAs(before: StepRecord, status: Exclude<Change, 'scheduled'>, settled: Moment): Partial<StepRecord> {
  const last = before.tries.at(-1);
  const open = last && !last.ended;
  return {
    status,
    settled,
    ...(open && { tries: [...before.tries.slice(0, -1), { scheduled: last.scheduled, ended: settled }] }),
  };
}
