import { openingLines, shownOpenings } from '../../../../cli/views/windows-view';
import type { GateSpec } from '../../../../core/model/runbook';
import { compiled, inputFor } from '../../planning/compiled';
import { parsedShop } from '../../planning/shop';

const shop = parsedShop();
const window = { kind: 'window', timeZone: 'UTC', repeat: 'FREQ=WEEKLY' } as const;

const planWith = (gates: readonly GateSpec[]) => {
  const operations = { ...shop.operations, failback: { ...shop.operations.failback, gates } };
  return compiled({ ...inputFor({ ...shop, operations }, 'failback'), windows: {} });
};

const text = (gates: readonly GateSpec[], next: number, now = '2026-11-21T10:00:00Z'): readonly string[] => {
  const plan = planWith(gates);
  return openingLines(plan, shownOpenings(plan, { next, now: Date.parse(now) })).map((line) =>
    line.map(({ text: part }) => part).join(''),
  );
};

test('an opening says what cut it, and whether the plan fits', () => {
  const blackouts = [{ start: '2027-01-02T23:00', durationSeconds: 3600, reason: 'year-end freeze' }];
  const night: GateSpec = { ...window, name: 'night', start: '2027-01-02T22:00', durationSeconds: 7200, blackouts };
  const short: GateSpec = { ...window, name: 'short', start: '2027-01-02T22:00', durationSeconds: 1 };
  expect(text([night], 2).slice(1)).toEqual([
    '✓ night  Sat 2027-01-02 22:00 UTC, for 1 h, cut by year-end freeze',
    '✓ night  Sat 2027-01-09 22:00 UTC, for 2 h',
  ]);
  expect(text([short], 1)[1]).toBe('! short  Sat 2027-01-02 22:00 UTC, for 1 s: too short for the estimate');
});

test('of several windows, also when all of them are open together, as the run needs them', () => {
  const early: GateSpec = { ...window, name: 'early', start: '2027-01-02T20:00', durationSeconds: 3 * 3600 };
  const late: GateSpec = { ...window, name: 'late', start: '2027-01-02T22:00', durationSeconds: 3 * 3600 };
  expect(text([early, late], 1).slice(1)).toEqual([
    '✓ early  Sat 2027-01-02 20:00 UTC, for 3 h',
    '✓ late  Sat 2027-01-02 22:00 UTC, for 3 h',
    '✓ all together  Sat 2027-01-02 22:00 UTC, for 1 h',
  ]);
});

describe('a moment later', () => {
  const night: GateSpec = { ...window, name: 'night', start: '2027-01-02T22:00', durationSeconds: 7200 };

  test('what is left of an opening counts, and one that is over is none', () => {
    expect(text([night], 1, '2027-01-02T23:59:58Z')[1]).toContain('22:00 UTC, for 2 h: too short for the estimate');
    expect(text([night], 1, '2027-01-03T00:00:00Z')[1]).toBe('✓ night  Sat 2027-01-09 22:00 UTC, for 2 h');
  });

  test('a window that opened once is not shown as the next opening', () => {
    const { repeat: _once, ...once } = night;
    expect(text([once], 1, '2027-01-03T00:00:00Z').slice(1)).toEqual(['! no opening is left']);
  });
});

test('a window that never opens again says so, beside another that does', () => {
  const ended: GateSpec = {
    ...window,
    name: 'old',
    start: '2026-01-03T22:00',
    durationSeconds: 7200,
    repeat: 'FREQ=WEEKLY;UNTIL=20260501T000000Z',
  };
  const night: GateSpec = { ...window, name: 'night', start: '2027-01-02T22:00', durationSeconds: 7200 };
  expect(text([ended, night], 1).slice(1)).toEqual([
    '! old never opens again: FREQ=WEEKLY;UNTIL=20260501T000000Z is over',
    '✓ night  Sat 2027-01-02 22:00 UTC, for 2 h',
  ]);
});

test('an operation without windows says so, and where its estimate is from', () => {
  const plan = planWith([]);
  const shown = (more: object) =>
    openingLines({ ...plan, ...more }, []).map((line) => line.map(({ text: part }) => part).join(''));
  expect(shown({ estimateSeconds: 42 })).toEqual([
    'failback of shop: about 42 s of machine time (from the plan)',
    'it has no maintenance window',
  ]);
  expect(shown({ estimateSeconds: 42, earlierRuns: 5 })[0]).toContain('(from 5 earlier runs)');
});
