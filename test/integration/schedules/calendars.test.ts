import '../patience';
import * as fc from 'fast-check';
import { Connection } from '@temporalio/client';
import { Temporal } from 'temporal-polyfill';
import { wantedSchedule } from '../../../cli/schedules/schedule-options';
import { nearClockChange } from '../../../core/runbook/near-clock-change';
import { occurrences } from '../../../core/runbook/recurrence';
import { calendarsOf } from '../../../core/runbook/schedule-calendars';
import { createClient } from '../../../temporal/create-client';
import { arbitraryRepeat, arbitraryStart, arbitraryZone } from '../../unit/runbook/arbitrary-recurrence';
import { startMemoryLab, type MemoryLab } from '../workflows/memory-lab';
import { tinyRunbook } from '../workflows/tiny-runbook';

let lab: MemoryLab;
let connection: Connection;
beforeAll(async () => {
  lab = await startMemoryLab(tinyRunbook());
  connection = await Connection.connect({ address: lab.address });
});
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
  const { schedule } = await createClient(connection);
  const handle = await schedule.create({ scheduleId, ...wanted, state: { paused: true } });
  const time = (at: number) => ({ seconds: at / 1000, nanos: 0 });
  const { startTime } = await connection.workflowService.listScheduleMatchingTimes({
    ...{ namespace: 'default', scheduleId, startTime: time(from) as never, endTime: time(until) as never },
  });
  await handle.delete();
  return startTime.map(({ seconds }) => new Date(Number(seconds) * 1000).toISOString());
}

const DAY_MS = 86_400_000;
/** Whether a range of times has its ends in it is not what is compared. */
const BETWEEN_STARTS_MS = 7 * 60_000;

test('the times that Temporal gives are those of the rule, over changes of clocks and leap days', async () => {
  let compared = 0;
  const days = fc.integer({ min: 0, max: 20 * 365 });
  await fc.assert(
    fc.asyncProperty(arbitraryStart, arbitraryRepeat, arbitraryZone, days, async (start, repeat, zone, later) => {
      const rule = { start, repeat, zone };
      fc.pre(nearClockChange(rule) === undefined);
      const from = Date.parse(`${start.slice(0, 10)}T00:00Z`) + later * DAY_MS - 2 * DAY_MS + BETWEEN_STARTS_MS;
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

/** With the day before the one on which clocks change there: at midnight, in the night, and by half an hour. */
const zones = [
  ['Europe/Berlin', 'SA', 'SU'],
  ['America/New_York', 'SA', 'SU'],
  ['America/Santiago', 'SA', 'SU'],
  ['Africa/Cairo', 'TH', 'FR'],
  ['Australia/Lord_Howe', 'SA', 'SU'],
] as const;

test.each(zones)(
  'each half hour of the nights in %s is kept on the days on which clocks change, or refused',
  async (...zoned) => {
    const [zone, ...weekdays] = zoned;
    let refused = 0;
    for (let half = -5; half < 11; half += 1) {
      const start = new Date(Date.UTC(2026, 0, 2, 0, half * 30)).toISOString().slice(0, 16);
      for (const repeat of ['FREQ=DAILY', ...weekdays.map((day) => `FREQ=WEEKLY;BYDAY=${day}`)]) {
        const rule = { start, repeat, zone };
        const times = await timesOf(scheduleOf(rule), ...year);
        const asMeant = times.join() === meantBy(rule).join();
        if (nearClockChange(rule) === undefined)
          expect({ start, repeat, asMeant }).toEqual({ start, repeat, asMeant: true });
        else refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(4);
  },
);

const year = [Date.parse('2026-01-03T12:07Z'), Date.parse('2027-01-03T00:07Z')] as const;

const meantBy = (rule: { start: string; repeat: string; zone: string }): readonly string[] =>
  occurrences(rule, { after: year[0], before: year[1] }).map(({ at }) => new Date(at).toISOString());

test('where clocks go back, Temporal takes not the times that the rule means: this is why they are refused', async () => {
  const rule = { start: '2026-01-02T02:30', repeat: 'FREQ=DAILY', zone: 'Europe/Berlin' };
  expect(meantBy(rule)).toContain('2026-10-25T00:30:00.000Z');
  expect(await timesOf(scheduleOf(rule), ...year)).not.toContain('2026-10-25T00:30:00.000Z');
  const before = { ...rule, start: '2026-01-02T01:30' };
  expect(meantBy(before)).not.toContain('2026-10-25T00:30:00.000Z');
  expect(await timesOf(scheduleOf(before), ...year)).toContain('2026-10-25T00:30:00.000Z');
});
