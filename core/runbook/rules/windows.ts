import type { Problem } from '../diagnostic';
import { existsInZone, isDayOrTime, isLocalTime, isTimeZone, timeZones } from '../local-time';
import { nearestName } from '../nearest-name';
import type { Part } from '../part';
import { firstOccurrence } from '../recurrence';
import { recurrenceProblem } from '../recurrence-parts';
import { untilIn, untilProblem } from '../recurrence-until';
import { quote } from '../quote';
import { allWindows } from './gates';
import { allSchedules } from './schedules';

/** Time zones of windows and schedules, and starts that fall into the hour that summer time skips. */
export function* gateTimes(runbook: Part): Iterable<Problem> {
  for (const window of [...allWindows(runbook), ...allSchedules(runbook)]) {
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
  for (const window of allWindows(runbook)) {
    const zone = window.at('timeZone').text ?? 'UTC';
    if (!isTimeZone(zone)) continue;
    if (window.at('repeat').present && !window.at('start').present) {
      const message = 'a window that opens again needs the `start` of its first opening';
      yield window.at('repeat').problem('InvalidRecurrence', message, { at: 'key' });
    }
    for (const stretch of [window, ...window.at('also').items, ...window.at('blackouts').items]) {
      yield* neverComes(stretch, zone);
    }
  }
  for (const schedule of allSchedules(runbook)) {
    const zone = schedule.at('timeZone').text ?? 'UTC';
    if (isTimeZone(zone)) yield* neverComes(schedule, zone);
  }
}

function* neverComes(stretch: Part, zone: string): Iterable<Problem> {
  const repeat = stretch.at('repeat');
  const start = stretch.at('start').text ?? stretch.at('from').text;
  // The schema says what is wrong with them.
  if (repeat.text === undefined || recurrenceProblem(repeat.text) !== undefined) return;
  if (start === undefined || !isDayOrTime(start)) return;
  const wrongEnd = untilProblem({ start, repeat: repeat.text });
  if (wrongEnd !== undefined) {
    yield repeat.problem('InvalidRecurrence', `${quote(repeat.text)} does not fit its start ${start}: ${wrongEnd}`);
    return;
  }
  if (firstOccurrence({ start, repeat: repeat.text, zone }) !== undefined) return;
  const end = untilIn(repeat.text) ? ' and before its UNTIL' : '';
  yield repeat.problem(
    'InvalidRecurrence',
    `${quote(repeat.text)} never comes within ten years of ${start}${end}, at a time that exists`,
  );
}

/** Blackouts say in one way when they are. */
export function* blackoutTimes(runbook: Part): Iterable<Problem> {
  const blackouts = allWindows(runbook).flatMap((window) => window.at('blackouts').items);
  for (const blackout of blackouts.filter(({ isMap }) => isMap)) yield* blackoutTime(blackout);
}

function* blackoutTime(blackout: Part): Iterable<Problem> {
  const [from, to, start, duration] = (['from', 'to', 'start', 'duration'] as const).map((key) => blackout.at(key));
  const days = [from, to].flatMap((part) => (part?.present ? [part] : []));
  const stretch = [start, duration].flatMap((part) => (part?.present ? [part] : []));
  const [second] = stretch;
  if (days.length > 0 && second !== undefined) {
    const message = 'a blackout has either `from` and `to`, or `start` and `duration`, not some of both';
    yield second.problem('InvalidBlackout', message, { at: 'key' });
  } else if (days.length < 2 && stretch.length < 2) {
    yield blackout.problem('InvalidBlackout', 'a blackout needs `from` and `to`, or `start` and `duration`');
  } else if (to !== undefined && endsBeforeItBegins(from?.text, to.text)) {
    yield to.problem('InvalidBlackout', `it ends at ${quote(to.text ?? '')}, which is not after it begins`);
  }
}

/** A day as the end is included: of the same day as the begin, all is left. */
function endsBeforeItBegins(from: string | undefined, to: string | undefined): boolean {
  if (from === undefined || to === undefined || !isDayOrTime(from) || !isDayOrTime(to)) return false;
  const isDay = !to.includes('T');
  return isDay ? to < from.slice(0, to.length) : timeOf(to) <= timeOf(from);
}

const timeOf = (text: string): string => (text.includes('T') ? text : `${text}T00:00`).padEnd(19, ':00');
