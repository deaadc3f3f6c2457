/** Date and time of day without a zone, to the minute or second. */
export const LOCAL_TIME_FORM = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2}))?$/;

/** The instant that the local time would be in UTC, in ms; undefined when there is no such date or time of day. */
function asUtc(local: string): number | undefined {
  const [, ...fields] = LOCAL_TIME_FORM.exec(local) ?? [];
  if (fields.length === 0) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = fields.map((field) => Number(field ?? 0));
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  // Date.UTC turns February 30th into March 2nd instead of refusing it.
  const kept = date.toISOString().startsWith(local.length === 16 ? `${local}:00` : local);
  return kept ? date.getTime() : undefined;
}

/** "2026-02-30T22:00" and "2026-12-05T24:30" are no local times. */
export const isLocalTime = (local: string): boolean => asUtc(local) !== undefined;

/** A date, with or without a time of day. */
export const DAY_OR_TIME_FORM = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2})?)?$/;

export const isDayOrTime = (text: string): boolean =>
  DAY_OR_TIME_FORM.test(text) && isLocalTime(text.includes('T') ? text : `${text}T00:00`);

export function isTimeZone(zone: string): boolean {
  // Offsets such as "+01:00" are accepted by Intl, but know no summer time.
  if (!/^[A-Za-z]/.test(zone)) return false;
  return formatterOf(zone) !== undefined;
}

export const timeZones = (): readonly string[] => ['UTC', ...Intl.supportedValuesOf('timeZone')];

const HALF_DAY_MS = 12 * 3_600_000;

/** False for a local time that clocks skip when summer time begins. Both must be valid. */
export function existsInZone(local: string, zone: string): boolean {
  const utc = asUtc(local);
  const formatter = formatterOf(zone);
  if (utc === undefined || formatter === undefined) return false;
  // The offset changes at most once around it, so that the offsets before and after are all there are.
  const offsets = [utc - 2 * HALF_DAY_MS, utc + 2 * HALF_DAY_MS].map((at) => wallClock(formatter, at) - at);
  return offsets.some((offset) => wallClock(formatter, utc - offset) === utc);
}

function formatterOf(zone: string): Intl.DateTimeFormat | undefined {
  const field = '2-digit' as const;
  try {
    return new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      calendar: 'iso8601',
      hourCycle: 'h23',
      year: 'numeric',
      month: field,
      day: field,
      hour: field,
      minute: field,
      second: field,
    });
  } catch {
    return undefined;
  }
}

/** What clocks in the zone show at an instant, read as if it were UTC. */
function wallClock(formatter: Intl.DateTimeFormat, at: number): number {
  const parts = new Map(formatter.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}
