import type { Operation } from '../../model/operation';
import type { Problem } from '../diagnostic';
import { existsInZone, isLocalTime, isTimeZone, timeZones } from '../local-time';
import { nearestName } from '../nearest-name';
import type { Part } from '../part';
import { firstOccurrence } from '../recurrence';
import { recurrenceProblem } from '../recurrence-parts';
import { quote } from '../quote';
import { gateKinds, MOST_GATES } from '../schema/operation';
import { exactlyOne } from './checks';

export const operationNames: readonly Operation[] = ['failover', 'reprotect', 'failback'];

/** What stands under the kind of each gate of an operation. */
export const allGates = (policy: Part): Part[] =>
  gatesOf(policy).flatMap((gate) => gateKinds.map((kind) => gate.at(kind)).filter((part) => part.present));

// The schema refuses more; here they would only make work.
const gatesOf = (policy: Part): readonly Part[] => policy.at('gates').items.slice(0, MOST_GATES);

const policies = (runbook: Part): Part[] => operationNames.map((name) => runbook.at('operations').at(name));

export function* gateKindRule(runbook: Part): Iterable<Problem> {
  for (const gate of policies(runbook).flatMap(gatesOf)) yield* exactlyOne(gate, gateKinds);
}

export function* gateModes(runbook: Part): Iterable<Problem> {
  for (const name of operationNames.filter((operation) => operation !== 'failover')) {
    for (const gate of allGates(runbook.at('operations').at(name))) {
      if (!gate.at('mode').present) continue;
      yield gate
        .at('mode')
        .problem('ModeNotAllowed', `${name} is always planned; only a gate of failover has a mode`, { at: 'key' });
    }
  }
}

/** Time zones of windows, and starts that fall into the hour that summer time skips. */
export function* gateTimes(runbook: Part): Iterable<Problem> {
  for (const window of policies(runbook)
    .flatMap(gatesOf)
    .map((gate) => gate.at('window'))) {
    const zone = window.at('timeZone').text;
    const start = window.at('start').text;
    if (zone === undefined) continue;
    if (!isTimeZone(zone)) {
      const near = nearestName(zone, timeZones());
      const hint = near === undefined ? ' such as "Europe/Berlin"' : `; did you mean ${quote(near)}?`;
      yield window.at('timeZone').problem('UnknownTimeZone', `${quote(zone)} is not an IANA time zone${hint}`);
    } else if (start !== undefined && isLocalTime(start) && !existsInZone(start, zone)) {
      const message = `${quote(start)} does not exist in ${zone}: clocks are put forward over it`;
      yield window.at('start').problem('InvalidStart', message);
    }
  }
}

/** Rules that never come, or without a start to begin with. */
export function* recurrences(runbook: Part): Iterable<Problem> {
  const windows = policies(runbook)
    .flatMap(gatesOf)
    .map((gate) => gate.at('window'));
  for (const window of windows) {
    const zone = window.at('timeZone').text ?? 'UTC';
    const stretches = [window, ...window.at('also').items, ...window.at('blackouts').items];
    for (const stretch of isTimeZone(zone) ? stretches : []) {
      const repeat = stretch.at('repeat');
      // The schema says what is wrong with it.
      if (repeat.text === undefined || recurrenceProblem(repeat.text) !== undefined) continue;
      const start = stretch.at('start').text;
      if (start === undefined) {
        const message = 'a window that opens again needs the `start` of its first opening';
        yield repeat.problem('InvalidRecurrence', message, { at: 'key' });
      } else if (isLocalTime(start)) {
        if (firstOccurrence({ start, repeat: repeat.text, zone }) !== undefined) continue;
        const never = `${quote(repeat.text)} never comes within ten years of ${start}`;
        yield repeat.problem('InvalidRecurrence', never);
      }
    }
  }
}
