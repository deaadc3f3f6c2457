import type { RecoveryPlan } from '../../model/plan';
import type { RunEvent } from '../../model/run';
import type { Interval } from './intervals';
import type { DatedEvent, Moment } from './moment';
import { withPassedBarriers } from './passed-barriers';
import { recordSteps, type StepRecord } from './step-records';

/** The events of a run, looked up by what the figures ask for. */
export interface RunHistory {
  readonly plan?: RecoveryPlan;
  readonly events: readonly DatedEvent[];
  readonly steps: ReadonlyMap<string, StepRecord>;
  readonly compensations: ReadonlyMap<string, StepRecord>;
  /** First event to last; of a run without events an empty stretch at 0. */
  readonly span: Interval;
  /** False while the run goes on: figures are then "so far". */
  readonly finished: boolean;
}

export function readHistory(input: {
  readonly plan?: RecoveryPlan;
  readonly events: readonly RunEvent[];
  readonly finished: boolean;
}): RunHistory {
  const events = inOrder(dateEvents(input.events));
  const start = events[0]?.moment.ms ?? 0;
  return {
    ...(input.plan && { plan: input.plan }),
    events,
    steps: withPassedBarriers(input.plan?.steps ?? [], recordSteps(events, stepEvents)),
    compensations: recordSteps(events, compensationEvents),
    span: { start, end: events.reduce((latest, { moment }) => Math.max(latest, moment.ms), start) },
    finished: input.finished,
  };
}

/** First event of a kind, with the kind's own fields. */
export function firstOf<Kind extends RunEvent['kind']>(
  history: RunHistory,
  kind: Kind,
): { readonly event: Extract<RunEvent, { kind: Kind }>; readonly moment: Moment } | undefined {
  for (const { event, moment } of history.events) {
    if (isKind(event, kind)) return { event, moment };
  }
  return undefined;
}

/** Last event of a kind: of a run that continues another, its own. */
export function lastOf<Kind extends RunEvent['kind']>(
  history: RunHistory,
  kind: Kind,
): { readonly event: Extract<RunEvent, { kind: Kind }>; readonly moment: Moment } | undefined {
  return firstOf({ ...history, events: [...history.events].reverse() }, kind);
}

const isKind = <Kind extends RunEvent['kind']>(
  event: RunEvent,
  kind: Kind,
): event is Extract<RunEvent, { kind: Kind }> => event.kind === kind;

const stepEvents = {
  'step-scheduled': 'scheduled',
  'step-done': 'done',
  'step-failed': 'failed',
  'step-skipped': 'skipped',
  'step-marked-done': 'marked-done',
} as const;

const compensationEvents = {
  'compensation-scheduled': 'scheduled',
  'compensation-done': 'done',
  'compensation-failed': 'failed',
} as const;

/** What happened in a child workflow is known only when it has ended: its events come after later ones. */
const inOrder = (events: readonly DatedEvent[]): DatedEvent[] =>
  [...events].sort((left, right) => left.moment.ms - right.moment.ms || left.moment.order - right.moment.order);

/** An instant that cannot be read counts as the one before it, so that one bad event spoils no other figure. */
function dateEvents(events: readonly RunEvent[]): DatedEvent[] {
  let last = 0;
  return events.map((event, order) => {
    const ms = Date.parse(event.at);
    if (Number.isFinite(ms)) last = ms;
    return { event, moment: { at: event.at, ms: last, order } };
  });
}
