import { setTimeout as pause } from 'node:timers/promises';
import { SwitchbackFailure } from '../../core/model/failure';
import type { RecordState } from '../../core/model/traffic';
import { trafficDriver, type DriverSet } from '../../drivers/driver-set';
import type { StepRequest } from '../contract';
import { asFact, mutationOf, recordOf, type StepBody } from './step-body';

export const sameValues = (left: readonly string[], right: readonly string[]): boolean =>
  [...left].sort().join(' ') === [...right].sort().join(' ');

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

/**
 * Compare-and-swap to the new values. A record that has them already is taken over with the epoch of the run, so that a
 * delayed writer of an older run cannot move it back. One that this run has moved is left alone: a late duplicate must not
 * give it the TTL of the move again.
 */
export const switchTraffic: StepBody = async (drivers, request, context) => {
  const record = recordOf(request);
  const { expected = [], next = [], ttlSeconds = record.ttlSeconds } = request.step.input;
  const driver = trafficDriver(drivers, record);
  const before = await driver.current(record, context);
  const there = sameValues(before.values, next);
  if (there && before.epoch === request.step.input.epoch) {
    return { summary: `moved already: ${before.values.join(', ')}`, facts: states(before, before) };
  }
  const from = there ? next : expected;
  const after = await driver.switch({ ...mutationOf(request), record, expected: from, next, ttlSeconds }, context);
  return { summary: `${before.values.join(', ')}, now ${after.values.join(', ')}`, facts: states(before, after) };
};

const states = (before: RecordState, after: RecordState) => ({ before: asFact(before), after: asFact(after) });

/** Pause between two questions to the name server, in milliseconds. */
const RESOLVE_POLL_MS = 50;
/** Answers of the authoritative servers may lag behind the change by this much, in milliseconds. */
const RESOLVE_WITHIN_MS = 10_000;

export const verifyTraffic: StepBody = async (drivers, request, context) => {
  const record = recordOf(request);
  const { next = [] } = request.step.input;
  const driver = trafficDriver(drivers, record);
  const deadline = Date.now() + RESOLVE_WITHIN_MS;
  for (;;) {
    const resolution = await driver.resolve(record, context);
    if (sameValues(resolution.values, next)) {
      return { summary: `${resolution.server} answers ${next.join(', ')}`, facts: { resolution: asFact(resolution) } };
    }
    if (Date.now() > deadline) {
      const saw = resolution.values.join(', ') || 'nothing';
      throw new SwitchbackFailure(
        'TrafficNotSeen',
        `${record.name} resolves to ${saw} at ${resolution.server}, expected ${next.join(', ')}`,
      );
    }
    context.progress({ doing: `waiting until ${resolution.server} answers ${next.join(', ')}` });
    await pause(RESOLVE_POLL_MS, undefined, { signal: context.signal });
  }
};
