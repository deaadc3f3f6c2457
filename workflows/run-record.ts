import {
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  TimeoutFailure,
  isCancellation,
} from '@temporalio/workflow';
import type { RunEvent, StepError, WaitingFor } from '../core/model/run';

/** An event without its instant. Distributes over the union, so that each kind keeps its own fields. */
type Unstamped<Event> = Event extends unknown ? Omit<Event, 'at'> : never;

/** Everything that happened in a run, in order. The only source of status and report. */
export class RunRecord {
  readonly events: RunEvent[] = [];
  readonly waiting = new Map<string, WaitingFor>();
  lastRefusal: string | undefined;
  private refusals = 0;
  /** Told of every event. */
  private readonly listeners: ((event: RunEvent) => void)[] = [];

  add(event: Unstamped<RunEvent>): void {
    const stamped: RunEvent = { at: now(), ...event };
    this.events.push(stamped);
    this.tell(stamped);
  }

  listen(listener: (event: RunEvent) => void): void {
    this.listeners.push(listener);
  }

  /** Tells those who listen, of something that is recorded later. */
  tell(event: RunEvent): void {
    for (const listener of this.listeners) listener(event);
  }

  /** Events of a child workflow; they carry their own instants. */
  addAll(events: readonly RunEvent[]): void {
    this.events.push(...events);
  }

  /** A part of the events: {"from": 0, "limit": 1000}; without one, all. */
  page(page: unknown): readonly RunEvent[] {
    const { from, limit } = (page ?? {}) as { from?: unknown; limit?: unknown };
    const begin = typeof from === 'number' ? from : 0;
    return typeof limit === 'number' ? this.events.slice(begin, begin + limit) : this.events.slice(begin);
  }

  /** Refusals are kept in sight, but a flood of bad messages must not make the record grow without end: the rest is counted. */
  refuse(name: string, because: string): void {
    this.refusals += 1;
    const counted = this.refusals > MOST_REFUSALS ? ` (${this.refusals} messages were refused so far)` : '';
    this.lastRefusal = `${name}: ${because}${counted}`;
    if (this.refusals <= MOST_REFUSALS) this.add({ kind: 'message-refused', name, because });
  }
}

const MOST_REFUSALS = 50;

/** The workflow's clock as an ISO instant. */
export const now = (): string => new Date().toISOString();

/** What a step failed with, in the words of the failure codes. */
export function stepErrorOf(error: unknown): StepError {
  const cause = error instanceof ActivityFailure || error instanceof ChildWorkflowFailure ? error.cause : error;
  if (cause instanceof TimeoutFailure) {
    const noWorker = cause.timeoutType === 'SCHEDULE_TO_START';
    return {
      code: noWorker ? 'NoWorker' : 'StepTimedOut',
      message: noWorker
        ? 'no worker took the step from its task queue'
        : `the step did not end in time (${cause.timeoutType})`,
      attempts: 0,
    };
  }
  if (cause instanceof ApplicationFailure) {
    const [detail] = (cause.details ?? []) as [{ attempt?: number }?];
    return { code: cause.type ?? 'StepFailed', message: cause.message, attempts: detail?.attempt ?? 1 };
  }
  return { code: 'StepFailed', message: error instanceof Error ? error.message : String(error), attempts: 1 };
}

export const wasCancelled = (error: unknown): boolean => isCancellation(error);
