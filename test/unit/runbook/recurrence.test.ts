import * as fc from 'fast-check';
import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';
import { firstOccurrence, occurrences } from '../../../core/runbook/recurrence';
import { recurrenceProblem } from '../../../core/runbook/recurrence-parts';

const ms = (text: string): number => Date.parse(text);

const shown = (rule: { start: string; repeat: string; zone: string }, after: string, before: string): string[] =>
  occurrences(rule, { after: ms(after), before: ms(before) }).map(({ at }) => new Date(at).toISOString());

const berlin = 'Europe/Berlin';

/** "Sep 2,9" in 1997 and so on, as the RFC writes them. */
function dates(text: string): string[] {
  const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  return text.split('|').flatMap((group) => {
    const [, year = '', rest = ''] = /^(\d{4}) (.*)$/.exec(group.trim()) ?? [];
    return rest.split(';').flatMap((part) => {
      const [name = '', list = ''] = part.trim().split(' ');
      const month = String(months.indexOf(name) + 1).padStart(2, '0');
      return list.split(',').map((day) => `${year}-${month}-${day.padStart(2, '0')}`);
    });
  });
}

test.each([
  ['1997-09-02', 'FREQ=DAILY;COUNT=10', '1997 Sep 2,3,4,5,6,7,8,9,10,11'],
  ['1997-09-02', 'FREQ=DAILY;INTERVAL=10;COUNT=5', '1997 Sep 2,12,22; Oct 2,12'],
  ['1997-09-02', 'FREQ=WEEKLY;COUNT=10', '1997 Sep 2,9,16,23,30; Oct 7,14,21,28; Nov 4'],
  [
    '1997-09-02',
    'FREQ=WEEKLY;INTERVAL=2;WKST=SU',
    '1997 Sep 2,16,30; Oct 14,28; Nov 11,25; Dec 9,23 | 1998 Jan 6,20; Feb 3,17',
  ],
  ['1997-09-02', 'FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH', '1997 Sep 2,4,9,11,16,18,23,25,30; Oct 2'],
  ['1997-09-02', 'FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH', '1997 Sep 2,4,16,18,30; Oct 2,14,16'],
  ['1997-08-05', 'FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO', '1997 Aug 5,10,19,24'],
  ['1997-08-05', 'FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU', '1997 Aug 5,17,19,31'],
  [
    '1997-09-05',
    'FREQ=MONTHLY;COUNT=10;BYDAY=1FR',
    '1997 Sep 5; Oct 3; Nov 7; Dec 5 | 1998 Jan 2; Feb 6; Mar 6; Apr 3; May 1; Jun 5',
  ],
  [
    '1997-09-07',
    'FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU',
    '1997 Sep 7,28; Nov 2,30 | 1998 Jan 4,25; Mar 1,29; May 3,31',
  ],
  ['1997-09-22', 'FREQ=MONTHLY;COUNT=6;BYDAY=-2MO', '1997 Sep 22; Oct 20; Nov 17; Dec 22 | 1998 Jan 19; Feb 16'],
  ['1997-09-28', 'FREQ=MONTHLY;BYMONTHDAY=-3', '1997 Sep 28; Oct 29; Nov 28; Dec 29 | 1998 Jan 29; Feb 26'],
  [
    '1997-09-30',
    'FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1',
    '1997 Sep 30; Oct 1,31; Nov 1,30; Dec 1,31 | 1998 Jan 1,31; Feb 1',
  ],
  [
    '1997-09-10',
    'FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15',
    '1997 Sep 10,11,12,13,14,15 | 1999 Mar 10,11,12,13',
  ],
  [
    '1997-09-02',
    'FREQ=MONTHLY;INTERVAL=2;BYDAY=TU',
    '1997 Sep 2,9,16,23,30; Nov 4,11,18,25 | 1998 Jan 6,13,20,27; Mar 3',
  ],
  ['1997-06-10', 'FREQ=YEARLY;COUNT=4;BYMONTH=6,7', '1997 Jun 10; Jul 10 | 1998 Jun 10; Jul 10'],
  [
    '1997-03-10',
    'FREQ=YEARLY;INTERVAL=2;COUNT=7;BYMONTH=1,2,3',
    '1997 Mar 10 | 1999 Jan 10; Feb 10; Mar 10 | 2001 Jan 10; Feb 10; Mar 10',
  ],
  [
    '1997-01-01',
    'FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200',
    '1997 Jan 1; Apr 10; Jul 19 | 2000 Jan 1; Apr 9; Jul 18 | 2003 Jan 1; Apr 10; Jul 19 | 2006 Jan 1',
  ],
  ['1997-05-19', 'FREQ=YEARLY;BYDAY=20MO', '1997 May 19 | 1998 May 18 | 1999 May 17'],
  ['1997-05-12', 'FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO', '1997 May 12 | 1998 May 11 | 1999 May 17'],
  ['1997-03-13', 'FREQ=YEARLY;BYMONTH=3;BYDAY=TH', '1997 Mar 13,20,27 | 1998 Mar 5,12,19,26'],
  ['1997-09-02', 'FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13', '1998 Feb 13; Mar 13; Nov 13 | 1999 Aug 13 | 2000 Oct 13'],
  [
    '1997-09-13',
    'FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13',
    '1997 Sep 13; Oct 11; Nov 8; Dec 13 | 1998 Jan 10; Feb 7; Mar 7; Apr 11; May 9; Jun 13',
  ],
  [
    '1996-11-05',
    'FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8',
    '1996 Nov 5 | 2000 Nov 7 | 2004 Nov 2',
  ],
  ['1997-09-04', 'FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3', '1997 Sep 4; Oct 7; Nov 6'],
  [
    '1997-09-29',
    'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2',
    '1997 Sep 29; Oct 30; Nov 27; Dec 30 | 1998 Jan 29; Feb 26; Mar 30',
  ],
  ['2007-01-15', 'FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5', '2007 Jan 15,30; Feb 15; Mar 15,30'],
  // Not of the RFC: what libraries get wrong, and the turns of years.
  ['2026-01-01', 'FREQ=YEARLY;BYMONTHDAY=13;BYDAY=FR', '2026 Feb 13; Mar 13; Nov 13 | 2027 Aug 13'],
  ['2026-01-01', 'FREQ=YEARLY;BYDAY=MO,1SU;BYMONTH=2', '2026 Feb 1,2,9,16,23 | 2027 Feb 1,7,8,15,22'],
  ['2024-02-29', 'FREQ=YEARLY', '2024 Feb 29 | 2028 Feb 29 | 2032 Feb 29'],
  ['2024-12-31', 'FREQ=MONTHLY', '2024 Dec 31 | 2025 Jan 31; Mar 31; May 31'],
  ['2026-01-01', 'FREQ=YEARLY;BYWEEKNO=53;BYDAY=SA,SU', '2027 Jan 2,3'],
])('of %s %s are the first ones as RFC 5545 lists them', (start, repeat, list) => {
  const wanted = dates(list);
  const found = shown(
    { start: `${start}T09:00`, repeat, zone: 'America/New_York' },
    '1990-01-01T00:00:00Z',
    '2040-01-01T00:00:00Z',
  );
  expect(found.slice(0, wanted.length).map((at) => at.slice(0, 10))).toEqual(wanted);
  if (repeat.includes('COUNT=')) expect(found).toHaveLength(wanted.length);
});

describe('when clocks are changed', () => {
  test('a start that is skipped does not move the time of day of what follows', () => {
    const rule = { start: '2027-03-28T02:30', repeat: 'FREQ=DAILY', zone: berlin };
    expect(shown(rule, '2027-03-27T00:00:00Z', '2027-03-30T12:00:00Z')).toEqual([
      '2027-03-29T00:30:00.000Z',
      '2027-03-30T00:30:00.000Z',
    ]);
  });

  test('a time that is skipped is not counted', () => {
    const rule = { start: '2027-03-27T02:30', repeat: 'FREQ=DAILY;COUNT=2', zone: berlin };
    expect(shown(rule, '2027-03-01T00:00:00Z', '2027-05-01T00:00:00Z')).toEqual([
      '2027-03-27T01:30:00.000Z',
      '2027-03-29T00:30:00.000Z',
    ]);
  });

  test('of a time that comes twice the first counts', () => {
    const rule = { start: '2026-10-24T02:30', repeat: 'FREQ=DAILY;COUNT=2', zone: berlin };
    expect(shown(rule, '2026-10-01T00:00:00Z', '2026-12-01T00:00:00Z')).toEqual([
      '2026-10-24T00:30:00.000Z',
      '2026-10-25T00:30:00.000Z',
    ]);
  });

  test('a day begins also where clocks skip its midnight', () => {
    const rule = { start: '2024-04-25', repeat: 'FREQ=DAILY;COUNT=3', zone: 'Africa/Cairo' };
    expect(shown(rule, '2024-04-01T00:00:00Z', '2024-06-01T00:00:00Z')).toEqual([
      '2024-04-24T22:00:00.000Z',
      '2024-04-25T22:00:00.000Z',
      '2024-04-26T21:00:00.000Z',
    ]);
  });

  test('a rule that comes only when its time is skipped never comes', () => {
    const repeat = 'FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU';
    expect(firstOccurrence({ start: '2026-01-01T02:30', repeat, zone: berlin })).toBeUndefined();
    expect(firstOccurrence({ start: '2026-01-01T02:30', repeat, zone: 'UTC' })).toBe(ms('2026-03-29T02:30:00Z'));
  });
});

test('a rule with COUNT that began long ago ends where it ends', () => {
  const sparse = { start: '1804-02-29T10:00', repeat: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;COUNT=55', zone: 'UTC' };
  const all = { after: ms('1800-01-01T00:00:00Z'), before: ms('2100-01-01T00:00:00Z') };
  expect(occurrences(sparse, all).at(-1)?.local.toString()).toBe('2024-02-29T10:00:00');
  expect(shown(sparse, '2026-01-01T00:00:00Z', '2100-01-01T00:00:00Z')).toEqual([]);
  const dense = { start: '1971-01-01T10:00', repeat: 'FREQ=DAILY;BYMONTHDAY=29;BYMONTH=2;COUNT=1000', zone: berlin };
  expect(shown(dense, '2028-01-01T00:00:00Z', '2028-12-31T00:00:00Z')).toEqual(['2028-02-29T09:00:00.000Z']);
});

const some = <Value>(values: fc.Arbitrary<Value>, most: number): fc.Arbitrary<Value[]> =>
  fc.uniqueArray(values, { minLength: 1, maxLength: most });
const signed = (most: number): fc.Arbitrary<number> =>
  fc.integer({ min: -most, max: most }).filter((number) => number !== 0);
const days = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const numberedDay = (most: number): fc.Arbitrary<string> =>
  fc
    .tuple(fc.oneof(fc.constant(''), signed(most).map(String)), fc.constantFrom(...days))
    .map(([nth, day]) => `${nth}${day}`);
const rule = fc
  .record({
    frequency: fc.constantFrom('DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'),
    interval: fc.integer({ min: 1, max: 3 }),
    month: fc.option(some(fc.integer({ min: 1, max: 12 }), 3)),
    monthDay: fc.option(some(signed(31), 3)),
    yearDay: fc.option(some(signed(366), 3)),
    weekNumber: fc.option(some(signed(53), 2)),
    day: fc.option(some(numberedDay(5), 3)),
    position: fc.option(some(signed(4), 2)),
    weekStart: fc.option(fc.constantFrom(...days)),
  })
  .map(({ frequency, interval, month, monthDay, yearDay, weekNumber, day, position, weekStart }) => {
    const plainDay = day?.map((text) => text.slice(-2));
    const parts: [string, readonly (number | string)[] | null | undefined][] = [
      ['BYMONTH', month],
      ['BYMONTHDAY', frequency === 'WEEKLY' ? null : monthDay],
      ['BYYEARDAY', frequency === 'YEARLY' ? yearDay : null],
      ['BYWEEKNO', frequency === 'YEARLY' ? weekNumber : null],
      ['BYDAY', ['MONTHLY', 'YEARLY'].includes(frequency) && !weekNumber ? day : plainDay],
    ];
    const by = parts.flatMap(([name, values]) => (values ? [`${name}=${[...new Set(values)].join(',')}`] : []));
    return [
      `FREQ=${frequency}`,
      `INTERVAL=${interval}`,
      ...by,
      ...(position && by.length > 0 ? [`BYSETPOS=${position.join(',')}`] : []),
      ...(weekStart ? [`WKST=${weekStart}`] : []),
    ].join(';');
  });

/** Where the library is at odds with the RFC: numbered weekdays beside others, and several limits of a year that all must hold. */
function libraryErrs(repeat: string): boolean {
  if (!repeat.startsWith('FREQ=YEARLY')) return false;
  const limits = repeat.match(/BYMONTHDAY|BYYEARDAY|BYWEEKNO|BYDAY/g) ?? [];
  return limits.length > 1 || /BYDAY=[^;]*,/.test(repeat);
}

const whole = { after: ms('2020-01-01T00:00:00Z'), before: ms('2031-12-31T23:59:00Z') };

const ours = (start: string, repeat: string): string[] =>
  occurrences({ start, repeat, zone: 'UTC' }, whole).map(({ local }) => local.toZonedDateTime('UTC').toString());

const byLibrary = (at: string, repeat: string): string[] =>
  new RRuleTemporal({
    dtstart: Temporal.PlainDateTime.from(at).toZonedDateTime('UTC'),
    rruleString: `RRULE:${repeat}`,
    temporal: Temporal,
  })
    .between(new Date(whole.after), new Date(whole.before), true)
    .map(String);

test('another implementation finds the same days', () => {
  const start = fc.integer({ min: 0, max: 1500 }).map((n) => Temporal.PlainDate.from('2023-01-01').add({ days: n }));
  fc.assert(
    fc.property(rule, start, fc.integer({ min: 1, max: 9 }), (repeat, day, count) => {
      expect(recurrenceProblem(repeat)).toBeUndefined();
      fc.pre(!libraryErrs(repeat));
      const at = `${day.toString()}T12:00`;
      const wanted = byLibrary(at, repeat);
      expect(ours(at, repeat)).toEqual(wanted);
      expect(ours(at, `${repeat};COUNT=${count}`)).toEqual(wanted.slice(0, count));
    }),
    { numRuns: 300 },
  );
}, 600_000);

test('another implementation ends a rule with UNTIL on the same day', () => {
  const days = fc.integer({ min: 0, max: 900 });
  fc.assert(
    fc.property(rule, days, fc.constantFrom('115959', '120000'), (repeat, length, time) => {
      fc.pre(!libraryErrs(repeat));
      const end = Temporal.PlainDate.from('2023-01-01').add({ days: length }).toString().replaceAll('-', '');
      const ended = `${repeat};UNTIL=${end}T${time}Z`;
      expect(recurrenceProblem(ended)).toBeUndefined();
      expect(ours('2023-01-01T12:00', ended)).toEqual(byLibrary('2023-01-01T12:00', ended));
    }),
    { numRuns: 150 },
  );
}, 600_000);
