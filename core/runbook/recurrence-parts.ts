import { untilOf } from './recurrence-until';

/**
 * The RRULE of RFC 5545 (3.3.10), checked part by part: a value that is left out because nobody understands it would let a
 * window open at times that nobody has written.
 */
type Check = (value: string, parts: ReadonlyMap<string, string>) => string | undefined;

const WEEKDAYS = 'MO|TU|WE|TH|FR|SA|SU';

/** More of either help nobody, and would have to be counted from the start. */
const MOST = 1000;

const TIME_OF_DAY = 'the time of day is that of the start';

/** Parts of the RFC that cannot be used here, and why. */
const notHere: Readonly<Record<string, string | undefined>> = {
  BYHOUR: `is not taken: ${TIME_OF_DAY}`,
  BYMINUTE: `is not taken: ${TIME_OF_DAY}`,
  BYSECOND: `is not taken: ${TIME_OF_DAY}`,
};

const checks: Readonly<Record<string, Check | undefined>> = {
  FREQ: (value) => {
    if (/^(DAILY|WEEKLY|MONTHLY|YEARLY)$/.test(value)) return undefined;
    return /^(SECONDLY|MINUTELY|HOURLY)$/.test(value)
      ? `comes more often than daily: ${TIME_OF_DAY}`
      : 'is none of DAILY, WEEKLY, MONTHLY and YEARLY';
  },
  INTERVAL: number({ most: MOST }),
  COUNT: number({ most: MOST }),
  UNTIL: (value, parts) => {
    if (parts.has('COUNT')) return 'is there beside COUNT: a rule ends in one of the two ways';
    return untilOf(value) ? undefined : 'is neither a date such as 20271231 nor a time in UTC such as 20271231T220000Z';
  },
  WKST: (value) => (new RegExp(`^(${WEEKDAYS})$`).test(value) ? undefined : `is none of ${named(WEEKDAYS)}`),
  BYMONTH: list(number({ most: 12 })),
  BYMONTHDAY: list(number({ most: 31, fromEnd: true }), (parts) =>
    frequency(parts) === 'WEEKLY' ? 'is not for WEEKLY' : undefined,
  ),
  BYYEARDAY: list(number({ most: 366, fromEnd: true }), onlyYearly),
  BYWEEKNO: list(number({ most: 53, fromEnd: true }), onlyYearly),
  BYSETPOS: list(number({ most: 366, fromEnd: true }), (parts) =>
    [...parts.keys()].some((name) => name.startsWith('BY') && name !== 'BYSETPOS')
      ? undefined
      : 'picks from what another BY part gives, and there is none',
  ),
  BYDAY: list(weekday),
};

/** What is wrong with the rule, in one sentence; undefined when it is one that can be used here. */
export function recurrenceProblem(rule: string): string | undefined {
  const parts = new Map<string, string>();
  for (const text of rule.split(';')) {
    const [, name, value] = /^([A-Z][A-Z-]*)=([^=]+)$/.exec(text) ?? [];
    if (name === undefined || value === undefined) return `"${text}" is not a part such as "FREQ=WEEKLY"`;
    if (notHere[name] !== undefined) return `${name} ${notHere[name]}`;
    if (checks[name] === undefined) return `"${name}" is no part of a recurrence rule`;
    if (parts.has(name)) return `${name} is there twice`;
    parts.set(name, value);
  }
  if (!rule.startsWith('FREQ=')) return 'it must begin with FREQ';
  for (const [name, value] of parts) {
    const because = checks[name]?.(value, parts);
    if (because !== undefined) return `${name}=${value} ${because}`;
  }
  return undefined;
}

const frequency = (parts: ReadonlyMap<string, string>): string => parts.get('FREQ') ?? '';

const named = (alternatives: string): string => alternatives.replaceAll('|', ', ');

function onlyYearly(parts: ReadonlyMap<string, string>): string | undefined {
  return frequency(parts) === 'YEARLY' ? undefined : 'is only for YEARLY';
}

function number({ most, fromEnd = false }: { readonly most: number; readonly fromEnd?: boolean }): Check {
  const form = fromEnd ? /^[+-]?\d{1,4}$/ : /^\d{1,4}$/;
  return (value) => {
    const size = Math.abs(Number(value));
    if (form.test(value) && size >= 1 && size <= most) return undefined;
    return fromEnd ? `is not from 1 to ${most}, or from -${most} to -1` : `is not from 1 to ${most}`;
  };
}

function list(check: Check, fits: (parts: ReadonlyMap<string, string>) => string | undefined = () => undefined): Check {
  return (value, parts) => {
    const wrong = value.split(',').flatMap((item) => {
      const because = check(item, parts);
      return because === undefined ? [] : [value === item ? because : `holds "${item}", which ${because}`];
    });
    return wrong[0] ?? fits(parts);
  };
}

function weekday(value: string, parts: ReadonlyMap<string, string>): string | undefined {
  const [, nth, day] = new RegExp(`^([+-]?\\d{1,2})?(${WEEKDAYS})$`).exec(value) ?? [];
  if (day === undefined) return `is not a weekday (${named(WEEKDAYS)}), such as "SA" or, the second one, "2SA"`;
  if (nth === undefined) return undefined;
  const most = frequency(parts) === 'MONTHLY' || parts.has('BYMONTH') ? 5 : 53;
  const size = Math.abs(Number(nth));
  if (size < 1 || size > most) return `has a number that is not from 1 to ${most}, or from -${most} to -1`;
  if (!['MONTHLY', 'YEARLY'].includes(frequency(parts))) return 'has a number, which only MONTHLY and YEARLY may have';
  return parts.has('BYWEEKNO') ? 'has a number, which it may not have beside BYWEEKNO' : undefined;
}
