import { setTimeout as pause } from 'node:timers/promises';
import { SwitchbackFailure } from '../../core/model/failure';
import type { JsonObject } from '../../core/model/json';
import { hasFixedTtl, sameValues, type RecordState, type Resolution, type TrafficSpec } from '../../core/model/traffic';
import { trafficDriver, type DriverSet } from '../../drivers/driver-set';
import type { StepRequest } from '../contract';
import { asFact, mutationOf, recordOf, type StepBody } from './step-body';

export const lowerTtl: StepBody = async (drivers, request, context) => {
  const { record, expected, ttlSeconds, driver } = ttlOf(drivers, request);
  const before = await driver.current(record, context);
  const after = await driver.setTtl({ ...mutationOf(request), record, expected, ttlSeconds }, context);
  return { summary: ttlSaid(before, after), facts: states(before, after) };
};

/** Takes the record over with the epoch of the step, so that a late duplicate of the lowering is refused. */
export const restoreTtl: StepBody = async (drivers, request, context) => {
  const { record, expected, ttlSeconds, driver } = ttlOf(drivers, request);
  const before = await driver.current(record, context);
  const change = { ...mutationOf(request), record, expected, next: expected, ttlSeconds };
  const after = await driver.switch(change, context);
  return { summary: ttlSaid(before, after), facts: states(before, after) };
};

function ttlOf(drivers: DriverSet, request: StepRequest) {
  const record = recordOf(request);
  const { expected = [], ttlSeconds = record.ttlSeconds } = request.step.input;
  return { record, expected, ttlSeconds, driver: trafficDriver(drivers, record) };
}

const ttlSaid = (before: RecordState, after: RecordState): string =>
  `TTL ${before.ttlSeconds} s, now ${after.ttlSeconds} s`;

/** What a step does with one record. */
interface Move {
  readonly record: TrafficSpec;
  readonly expected: readonly string[];
  readonly next: readonly string[];
  readonly ttlSeconds: number;
}

/** The step's own record, then those that move with it. */
export function movesOf(request: StepRequest): readonly [Move, ...Move[]] {
  const record = recordOf(request);
  const { expected = [], next = [], ttlSeconds = record.ttlSeconds, alsoMoves = [] } = request.step.input;
  const others = alsoMoves.map(({ record: name, ...move }) => {
    const found = request.alsoRecords?.find((one) => one.name === name);
    if (found !== undefined) return { ...move, record: found };
    throw new SwitchbackFailure('InvalidInput', `step "${request.step.id}" lacks record "${name}"`, { record: name });
  });
  return [{ record, expected, next, ttlSeconds }, ...others];
}

/**
 * Compare-and-swap to the new values. A record that has them already is taken over with the epoch of the run, so that a
 * delayed writer of an older run cannot move it back. One that this run has moved is left alone: a late duplicate must not
 * give it the TTL of the move again.
 */
export const switchTraffic: StepBody = async (drivers, request, context) => {
  const moves = movesOf(request);
  const driver = trafficDriver(drivers, moves[0].record);
  const seen = await inTurn(moves, async (move) => ({ move, before: await driver.current(move.record, context) }));
  const todo = seen.filter(
    ({ move, before }) => !sameValues(before.values, move.next) || before.epoch !== request.step.input.epoch,
  );
  if (todo.length === 0) {
    const summary = `moved already: ${seen.map(({ before }) => said(before)).join('; ')}`;
    return { summary, facts: factsOf(seen.map(({ before }) => [before, before])) };
  }
  const requests = todo.map(({ move, before }) => {
    const from = sameValues(before.values, move.next) ? move.next : move.expected;
    return { ...mutationOf(request), ...move, expected: from };
  });
  const [only, second] = requests;
  const after =
    only !== undefined && second === undefined
      ? [await driver.switch(only, context)]
      : await driver.switchTogether(requests, context);
  const changed = todo.flatMap(({ before }, index): (readonly [RecordState, RecordState])[] => {
    const now = after[index];
    return now === undefined ? [] : [[before, now]];
  });
  return {
    summary: changed.map(([before, now]) => `${said(before)}, now ${said(now)}`).join('; '),
    facts: factsOf(changed),
  };
};

const said = ({ values }: RecordState): string => values.join(', ');

async function inTurn<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

/** The states of the step's own record, and those of the others as a list. */
function factsOf(pairs: readonly (readonly [RecordState, RecordState])[]): JsonObject {
  const [first, ...others] = pairs.map(([before, after]) => states(before, after));
  return { ...first, ...(others.length > 0 && { others }) };
}

const states = (before: RecordState, after: RecordState) => ({ before: asFact(before), after: asFact(after) });

/** Pause between two questions to the name servers, in milliseconds: doubles from the first to the longest. */
const FIRST_POLL_MS = 50;
const LONGEST_POLL_MS = 1_000;
/** Answers of the authoritative servers may lag behind the change by this much, in milliseconds. */
const RESOLVE_WITHIN_MS = 10_000;
/** For so much longer a resolver may keep the old answer, if the TTL says so, in seconds. */
const LONGEST_KEPT_SECONDS = 200;

/** Whether everybody who was asked answers these values. */
export const leadsTo = (resolution: Resolution, values: readonly string[]): boolean =>
  resolution.disagreement === undefined && sameValues(resolution.values, values);

/** Who answers what: "192.0.2.1 at ns-1.example.net (authoritative)". */
export function seenAt({ values, server, disagreement }: Resolution): string {
  const each = disagreement ?? [{ server, values }];
  return each.map((one) => `${one.values.join(', ') || 'nothing'} at ${one.server}`).join(', ');
}

export const verifyTraffic: StepBody = async (drivers, request, context) => {
  const record = recordOf(request);
  const { next = [] } = request.step.input;
  const driver = trafficDriver(drivers, record);
  const deadline = Date.now() + RESOLVE_WITHIN_MS + Math.min(keptSeconds(record), LONGEST_KEPT_SECONDS) * 1000;
  for (let wait = FIRST_POLL_MS; ; wait = Math.min(2 * wait, LONGEST_POLL_MS)) {
    const resolution = await driver.resolve(record, context);
    if (leadsTo(resolution, next)) {
      return { summary: `${resolution.server} answers ${next.join(', ')}`, facts: { resolution: asFact(resolution) } };
    }
    if (Date.now() > deadline) {
      const message = `${record.name} resolves to ${seenAt(resolution)}, expected ${next.join(', ')}`;
      throw new SwitchbackFailure('TrafficNotSeen', message);
    }
    context.progress({ doing: `waiting until ${resolution.server} answers ${next.join(', ')}` });
    await pause(wait, undefined, { signal: context.signal });
  }
};

const keptSeconds = (record: TrafficSpec): number => (hasFixedTtl(record) ? record.ttlSeconds : record.moveTtlSeconds);
