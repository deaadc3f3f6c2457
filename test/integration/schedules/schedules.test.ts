import '../patience';
import { startScheduleLab, type ScheduleLab } from './schedule-lab';

let there: ScheduleLab;
beforeAll(async () => {
  there = await startScheduleLab();
});
afterAll(() => there.lab.tearDown());

const quarterly = 'name: quarterly, start: 2097-01-01T10:00, repeat: FREQ=MONTHLY;INTERVAL=3;BYDAY=1TU';
const nightly = 'name: nightly, start: 2097-01-01T23:00, repeat: FREQ=DAILY';

const changes = async (...args: readonly string[]): Promise<readonly string[]> =>
  (await there.apply(...args)).map(({ name, change }) => `${name} ${change}`);

/** The list may be a moment behind. */
const untilListed = (...names: readonly string[]) =>
  there.until(there.list, (list) => list.map(({ name }) => name).join() === [...names].sort().join());

test('a dry run says what would be made, and makes nothing', async () => {
  await there.declare(quarterly, nightly);
  expect(await changes('--dry-run')).toEqual(['quarterly created', 'nightly created']);
  await expect(there.describe('quarterly')).rejects.toThrow('not found');
  const { out } = await there.cli('apply', 'tiny', '--dry-run');
  expect(out).toContain('+ tiny/quarterly created');
  expect(out).toContain('2 schedules would be changed');
});

test('apply makes what the runbook declares, and a second time changes nothing', async () => {
  expect(await changes()).toEqual(['quarterly created', 'nightly created']);
  const { spec, policies, action, state, info, typedSearchAttributes } = await there.describe('quarterly');
  expect(spec).toMatchObject({ timezone: 'Europe/Berlin', startAt: new Date('2097-01-01T09:00:00Z') });
  expect(policies).toEqual({ overlap: 'SKIP', catchupWindow: 4 * 3_600_000, pauseOnFailure: false });
  expect(action).toMatchObject({
    workflowType: 'drill',
    taskQueue: 'switchback',
    workflowId: 'drill/tiny/quarterly',
    args: [{ runbook: 'tiny', requestedBy: 'schedule quarterly' }],
    staticSummary: 'drill of tiny, by schedule quarterly',
  });
  expect(state).toEqual({ paused: false, note: expect.stringContaining('switchback schedule apply tiny') });
  expect(info.nextActionTimes.slice(0, 3).map((time) => time.toISOString())).toEqual([
    '2097-01-01T09:00:00.000Z',
    '2097-04-02T08:00:00.000Z',
    '2097-07-02T08:00:00.000Z',
  ]);
  expect(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value])).toEqual(
    expect.arrayContaining([
      ['SwitchbackGroup', 'tiny'],
      ['SwitchbackOperation', 'drill'],
    ]),
  );
  const before = (await there.describe('nightly')).info.lastUpdatedAt;
  expect(await changes()).toEqual(['quarterly unchanged', 'nightly unchanged']);
  expect((await there.describe('nightly')).info.lastUpdatedAt).toEqual(before);
});

test('what has changed is told field by field, and what is paused stays paused with its reason', async () => {
  await untilListed('nightly', 'quarterly');
  expect((await there.cli('pause', 'quarterly', '--reason', 'freeze')).code).toBe(0);
  const more = 'jitter: 15m, catchUp: 6h, pauseOnFailure: true, keep: 30m, recoveryPoint: latest';
  await there.declare(`${quarterly.replace('1TU', '2WE')}, ${more}`, nightly);
  const expected = [
    { field: 'repeat', from: 'FREQ=MONTHLY;INTERVAL=3;BYDAY=1TU', to: 'FREQ=MONTHLY;INTERVAL=3;BYDAY=2WE' },
    { field: 'jitter', to: '15 min' },
    { field: 'catch-up', from: '4 h', to: '6 h' },
    { field: 'pause on failure', from: 'no', to: 'yes' },
    { field: 'keep', to: '30 min' },
    { field: 'recovery point', to: 'latest' },
  ];
  const [changed, same] = await there.apply();
  expect(changed).toMatchObject({ change: 'changed', paused: 'paused by ana@example.com: freeze', fields: expected });
  expect(same).toMatchObject({ name: 'nightly', change: 'unchanged' });
  const { spec, policies, state, action } = await there.describe('quarterly');
  expect(policies).toEqual({ overlap: 'SKIP', catchupWindow: 6 * 3_600_000, pauseOnFailure: true });
  expect([spec.jitter, state]).toEqual([900_000, { paused: true, note: 'paused by ana@example.com: freeze' }]);
  expect(action.args?.[0]).toMatchObject({ keepSeconds: 1800, recoveryPoint: 'latest' });
  expect(await changes()).toEqual(['quarterly unchanged', 'nightly unchanged']);
  await there.declare(quarterly, nightly);
  expect((await there.apply())[0]?.fields).toContainEqual({ field: 'jitter', from: '15 min' });
  expect((await there.describe('quarterly')).spec.jitter ?? 0).toBe(0);
});

test('a paused schedule says why and starts nothing; resumed, it says when', async () => {
  const { out } = await there.cli('list', 'tiny');
  expect(out).toContain('paused  paused by ana@example.com: freeze');
  const resumed = await there.cli('resume', 'tiny/quarterly');
  expect(resumed).toMatchObject({ code: 0, out: 'resumed tiny/quarterly' });
  const { state } = await there.describe('quarterly');
  expect(state).toEqual({ paused: false, note: expect.stringContaining('Declared in the runbook tiny') });
  expect((await there.cli('list')).out).toContain(
    'next    Tue 2097-01-01 10:00 Europe/Berlin, then Tue 2097-04-02 10:00, Tue 2097-07-02 10:00',
  );
});

test('what somebody has changed by hand is told and put back', async () => {
  const handle = there.lab.client.schedule.getHandle('schedule/tiny/nightly');
  await handle.update((before) => {
    const calendars = (before.spec.calendars ?? []).map((one) => ({ ...one, hour: 3 }));
    const policies = { ...before.policies, overlap: 'ALLOW_ALL' as const };
    return { ...before, spec: { ...before.spec, calendars }, policies };
  });
  const [, nightlyChange] = await there.apply();
  expect(nightlyChange?.fields.map(({ field }) => field)).toEqual(['calendars', 'overlap']);
  expect((await handle.describe()).spec.calendars?.[0]?.hour).toEqual([{ start: 23, end: 23, step: 1 }]);
  expect(await changes()).toEqual(['quarterly unchanged', 'nightly unchanged']);
});

describe('of what others have made', () => {
  const others = ['schedule/tiny/theirs', 'schedule/other/nightly', 'billing'];
  const create = (scheduleId: string, memo: Record<string, unknown> = {}) =>
    there.lab.client.schedule.create({
      scheduleId,
      memo,
      spec: { calendars: [{ year: 2099 }] },
      action: { type: 'startWorkflow', workflowType: 'bill', taskQueue: 'billing' },
    });

  test('nothing is listed, changed or removed; what the runbook no longer has is removed', async () => {
    for (const id of others) await create(id, { switchbackGroup: 'tiny', switchbackSchedule: 'elsewhere' });
    await there.declare(quarterly);
    await untilListed('nightly', 'quarterly');
    expect(await changes()).toEqual(['quarterly unchanged', 'nightly removed']);
    await expect(there.describe('nightly')).rejects.toThrow('not found');
    for (const id of others) await there.lab.client.schedule.getHandle(id).describe();
    await untilListed('quarterly');
    expect(await changes()).toEqual(['quarterly unchanged']);
  });

  test('one of the id that is needed is left alone, and nothing else is changed', async () => {
    await there.declare(nightly, quarterly.replace('quarterly', 'theirs'));
    const { code, notes } = await there.cli('apply', 'tiny');
    expect([code, notes]).toEqual([3, expect.stringContaining('Switchback has not made it')]);
    await expect(there.describe('nightly')).rejects.toThrow('not found');
    await there.declare(quarterly);
  });
});

test.each([
  ['a schedule that there is not', ['pause', 'weekly', '--reason', 'x'], 'there: tiny/quarterly'],
  ['one of another group', ['remove', 'other/quarterly'], 'there is no schedule "other/quarterly"'],
  ['a runbook that the worker does not have', ['apply', 'tyni'], 'no runbook "tyni"'],
])('%s ends with 3 and says what there is', async (_title, args, says) => {
  const { code, notes } = await there.cli(...args);
  expect([code, notes]).toEqual([3, expect.stringContaining(says)]);
});

test('remove takes a schedule away, and the next apply makes it again', async () => {
  expect(await there.cli('remove', 'schedule/tiny/quarterly')).toMatchObject({
    code: 0,
    out: 'removed tiny/quarterly',
  });
  expect(await changes()).toEqual(['quarterly created']);
});
