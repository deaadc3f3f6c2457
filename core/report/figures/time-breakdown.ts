import type { StepKind } from '../../model/step-kinds';
import { traitsOf } from '../../model/step-kinds';
import { clip, measure, subtract, union, type Interval } from '../history/intervals';
import { interruptionsOfRun } from '../history/interruptions-of-run';
import type { RunHistory } from '../history/run-history';
import { isComplete, type StepRecord } from '../history/step-records';
import type { TimeBreakdown } from '../report';

/** Kind of each step that the plan names. */
const kindsOf = (history: RunHistory): ReadonlyMap<string, StepKind> =>
  new Map(history.plan?.steps.map(({ id, kind }) => [id, kind]));

/**
 * Where the time went. A moment counts once: machines at work win over people (a branch may wait while another works),
 * people over the clock; what nobody claims is the orchestrator's own.
 */
export function timeBreakdown(history: RunHistory, window: Interval = history.span): TimeBreakdown {
  const { total, machine, people, windows, ttls } = partsOf(history, window);
  return {
    totalSeconds: total / 1000,
    machineSeconds: machine / 1000,
    peopleSeconds: people / 1000,
    clockSeconds: (windows + ttls) / 1000,
    orchestratorSeconds: (total - machine - people - windows - ttls) / 1000,
    from: ['step-scheduled', 'step-done', 'step-failed', 'message pause', 'message resume', 'run-started'],
  };
}

/** What a stretch of a run takes with every gate open, which is what estimates are about. */
export interface WorkTime {
  /** Without what people and the clock alone were waited for. */
  readonly workSeconds: number;
  /** In which nothing but a TTL was waited for. */
  readonly ttlSeconds: number;
}

export function workTime(history: RunHistory, window: Interval): WorkTime {
  const { total, people, windows, ttls } = partsOf(history, window);
  return { workSeconds: (total - people - windows - ttls) / 1000, ttlSeconds: ttls / 1000 };
}

/** In milliseconds; no moment is in two of them. */
function partsOf(history: RunHistory, window: Interval) {
  const machine = clip(union(machineTime(history)), window);
  const people = subtract(clip(union(peopleTime(history)), window), machine);
  const claimed = union([...machine, ...people]);
  const windows = subtract(clip(union(clockTime(history, 'window')), window), claimed);
  const ttls = subtract(clip(union(clockTime(history, 'ttl')), window), union([...claimed, ...windows]));
  return {
    total: Math.max(0, window.end - window.start),
    machine: measure(machine),
    people: measure(people),
    windows: measure(windows),
    ttls: measure(ttls),
  };
}

/** Stretches in which the run stood still until a person let it go on: paused, or stopped and continued by another run. */
export const standstills = (history: RunHistory): Interval[] =>
  union([...pauses(history), ...interruptionsOfRun(history.events)]);

/** Stretches in which a person had asked the run to pause. */
function pauses(history: RunHistory): Interval[] {
  const found: Interval[] = [];
  let since: number | undefined;
  for (const { event, moment } of history.events) {
    if (event.kind !== 'message') continue;
    if (event.name === 'pause') since ??= moment.ms;
    else if (since !== undefined && ['resume', 'rollback', 'abort'].includes(event.name)) {
      found.push({ start: since, end: moment.ms });
      since = undefined;
    }
  }
  if (since !== undefined) found.push({ start: since, end: history.span.end });
  return union(found);
}

/** Stretches in which a failed step waited for an answer. */
export function answersAwaited(record: StepRecord, end: number): Interval[] {
  return record.tries.flatMap(({ ended }, index) => {
    const next = record.tries[index + 1]?.scheduled ?? (isComplete(record) ? record.settled : undefined);
    if (!ended || (next && next.order <= ended.order)) return [];
    return [{ start: ended.ms, end: Math.max(ended.ms, next?.ms ?? end) }];
  });
}

const machineTime = (history: RunHistory): Interval[] => {
  const kinds = kindsOf(history);
  const works = [...history.steps.values()].filter(({ id }) => waitsFor(kinds.get(id)) === undefined);
  return triesOf(history, [...works, ...history.compensations.values()]);
};

function peopleTime(history: RunHistory): Interval[] {
  const { event, moment } = history.events.find(({ event: { kind } }) => kind === 'rollback-started') ?? {};
  const answersEnd = event && moment ? moment.ms : history.span.end;
  return [
    ...peopleGates(history),
    ...standstills(history),
    ...[...history.steps.values()].flatMap((record) => answersAwaited(record, answersEnd)),
  ];
}

const peopleGates = (history: RunHistory): Interval[] => {
  const kinds = kindsOf(history);
  return triesOf(
    history,
    [...history.steps.values()].filter(({ id }) => waitsFor(kinds.get(id)) === 'people'),
  );
};

/** A TTL is waited for so many seconds, a window until it opens. */
const clockTime = (history: RunHistory, what: 'window' | 'ttl'): Interval[] => {
  const waits = history.plan?.steps.filter(({ kind }) => waitsFor(kind) === 'clock') ?? [];
  const ids = waits.filter(({ input }) => (input.seconds === undefined) === (what === 'window')).map(({ id }) => id);
  return triesOf(
    history,
    ids.flatMap((id) => history.steps.get(id) ?? []),
  );
};

export const waitsFor = (kind: StepKind | undefined): 'people' | 'clock' | undefined =>
  kind === undefined ? undefined : traitsOf(kind)?.waitsFor;

/** A try that has no end goes on, or was cut off with its run. */
function triesOf({ events, span }: RunHistory, records: readonly StepRecord[]): Interval[] {
  const cuts = interruptionsOfRun(events);
  return records.flatMap(({ tries }) =>
    tries.map(({ scheduled: { ms: start }, ended }) => {
      const cut = cuts.find((interruption) => interruption.start >= start)?.start;
      return { start, end: Math.max(start, ended?.ms ?? cut ?? span.end) };
    }),
  );
}
