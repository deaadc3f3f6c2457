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

const text = (gates: readonly GateSpec[], next: number): readonly string[] => {
  const plan = planWith(gates);
  return openingLines(plan, shownOpenings(plan, next)).map((line) => line.map(({ text: part }) => part).join(''));
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
