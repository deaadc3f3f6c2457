import '../patience';
import * as fc from 'fast-check';
import { Connection, ScheduleClient } from '@temporalio/client';
import { Temporal } from 'temporal-polyfill';
import { wantedSchedule } from '../../../cli/schedules/schedule-options';
import { comesTwice } from '../../../core/runbook/comes-twice';
import { occurrences } from '../../../core/runbook/recurrence';
import { calendarsOf } from '../../../core/runbook/schedule-calendars';
import { arbitraryRepeat, arbitraryStart, arbitraryZone } from '../../unit/runbook/arbitrary-recurrence';
import { startMemoryLab, type MemoryLab } from '../workflows/memory-lab';
import { tinyRunbook } from '../workflows/tiny-runbook';

let lab: MemoryLab;
let connection: Connection;
beforeAll(async () => {
  lab = await startMemoryLab(tinyRunbook());
  connection = await Connection.connect({ address: lab.address });
}, 300_000);
afterAll(async () => {
  await connection.close();
  await lab.tearDown();
});

const scheduleOf = ({ start, repeat, zone }: { start: string; repeat: string; zone: string }) =>
  wantedSchedule('tiny', {
    ...{ name: 'any', operation: 'drill', start, repeat, timeZone: zone, catchUpSeconds: 60, pauseOnFailure: false },
    startsAt: Temporal.PlainDateTime.from(start).toZonedDateTime(zone).toInstant().toString(),
    calendars: calendarsOf({ start, repeat }),
    options: {},
  });

/** The times that Temporal itself gives, of a schedule that never starts anything. */
async function timesOf(wanted: ReturnType<typeof scheduleOf>, from: number, until: number): Promise<readonly string[]> {
  const scheduleId = `calendar/${Math.random().toString(36).slice(2)}`;
  const client = new ScheduleClient({ connection });
  const handle = await client.create({ scheduleId, ...wanted, state: { paused: true } });
  const time = (at: number) => ({ seconds: at / 1000, nanos: 0 });
  const { startTime } = await connection.workflowService.listScheduleMatchingTimes({
    ...{ namespace: 'default', scheduleId, startTime: time(from) as never, endTime: time(until) as never },
  });
  await handle.delete();
  return startTime.map(({ seconds }) => new Date(Number(seconds) * 1000).toISOString());
}

const DAY_MS = 86_400_000;

test('the times that Temporal gives are those of the rule, over changes of clocks and leap days', async () => {
  let compared = 0;
  const days = fc.integer({ min: 0, max: 20 * 365 });
  await fc.assert(
    fc.asyncProperty(arbitraryStart, arbitraryRepeat, arbitraryZone, days, async (start, repeat, zone, later) => {
      const rule = { start, repeat, zone };
      fc.pre(comesTwice(rule) === undefined);
      const from = Date.parse(`${start.slice(0, 10)}T00:00Z`) + later * DAY_MS - 2 * DAY_MS;
      const until = from + 700 * DAY_MS;
      const begin = Temporal.PlainDateTime.from(start).toZonedDateTime(zone).epochMilliseconds;
      const expected = occurrences(rule, { after: Math.max(from, begin), before: until });
      compared += expected.length;
      expect(await timesOf(scheduleOf(rule), from, until)).toEqual(
        expected.map(({ at }) => new Date(at).toISOString()),
      );
    }),
    { numRuns: 60 },
  );
  expect(compared).toBeGreaterThan(100);
});

const zones = ['Europe/Berlin', 'America/New_York', 'America/Santiago', 'Australia/Lord_Howe', 'Africa/Cairo'];

test.each(zones)('each quarter of an hour of the nights in %s is kept, or refused', async (zone) => {
  const refused: string[] = [];
  for (let quarter = -8; quarter < 20; quarter += 1) {
    const start = new Date(Date.UTC(2026, 0, 2, 0, quarter * 15)).toISOString().slice(0, 16);
    const rule = { start, repeat: 'FREQ=DAILY', zone };
    if (comesTwice(rule) !== undefined) {
      refused.push(start.slice(11));
      continue;
    }
    const [from, until] = [Date.parse('2026-01-03T12:00Z'), Date.parse('2027-01-03T00:00Z')];
    const meant = occurrences(rule, { after: from, before: until }).map(({ at }) => new Date(at).toISOString());
    expect({ start, times: await timesOf(scheduleOf(rule), from, until) }).toEqual({ start, times: meant });
  }
  expect(refused).toHaveLength(4);
});

const clocks = [Date.parse('2027-10-30T00:00Z'), Date.parse('2027-11-01T12:00Z')] as const;

test('of a time that comes twice, Temporal takes not the one that the rule means: this is why it is refused', async () => {
  const rule = { start: '2027-10-30T02:30', repeat: 'FREQ=DAILY', zone: 'Europe/Berlin' };
  expect(comesTwice(rule)).toBe('2027-10-31T02:30');
  const meant = occurrences(rule, { after: clocks[0], before: clocks[1] }).map(({ at }) => new Date(at).toISOString());
  expect(meant).toContain('2027-10-31T00:30:00.000Z');
  expect(await timesOf(scheduleOf(rule), ...clocks)).not.toEqual(meant);
});

test('a time that clocks skip is left out by both', async () => {
  const rule = { start: '2026-03-01T02:30', repeat: 'FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU', zone: 'Europe/Berlin' };
  const [from, until] = [Date.parse('2026-01-01T00:00Z'), Date.parse('2030-01-01T00:00Z')];
  expect(comesTwice(rule)).toBeUndefined();
  expect(occurrences(rule, { after: from, before: until })).toEqual([]);
  expect(await timesOf(scheduleOf(rule), from, until)).toEqual([]);
});
