import type { WindowGate } from '../../../core/model/runbook';
import { whyNoOpening } from '../../../core/planning/ended-windows';
import { compiled, inputFor } from './compiled';
import { parsedShop } from './shop';
import { gate } from './shown-openings';

/** The gate opens at 22:00 in Berlin, which is 21:00 in UTC, for two hours; first on 2026-01-03, a Saturday. */
test.each<[string, Partial<WindowGate>, string, string | undefined]>([
  ['of a rule without an end', { repeat: 'FREQ=WEEKLY' }, '2030-01-01T00:00:00Z', undefined],
  ['once, before it', {}, '2026-01-03T20:00:00Z', undefined],
  ['once, while it is open', {}, '2026-01-03T22:59:59Z', undefined],
  ['once, after it', {}, '2026-01-03T23:00:00Z', 'never opens again: the opening of 2026-01-03T22:00 is over'],
  ['in its last opening', { repeat: 'FREQ=WEEKLY;UNTIL=20260117T210000Z' }, '2026-01-17T22:59:59Z', undefined],
  [
    'after its last opening',
    { repeat: 'FREQ=WEEKLY;UNTIL=20260117T210000Z' },
    '2026-01-17T23:00:00Z',
    'never opens again: FREQ=WEEKLY;UNTIL=20260117T210000Z is over',
  ],
  [
    'with an end that is ahead, and no time before it',
    { repeat: 'FREQ=WEEKLY;UNTIL=20260123T210000Z' },
    '2026-01-18T00:00:00Z',
    'never opens again: FREQ=WEEKLY;UNTIL=20260123T210000Z is over',
  ],
  ['that was counted and is open', { repeat: 'FREQ=WEEKLY;COUNT=3' }, '2026-01-17T22:00:00Z', undefined],
  [
    'that was counted',
    { repeat: 'FREQ=WEEKLY;COUNT=3' },
    '2026-01-18T00:00:00Z',
    'never opens again: FREQ=WEEKLY;COUNT=3 is over',
  ],
  [
    'that is counted and comes again in years',
    { repeat: 'FREQ=YEARLY;INTERVAL=5;COUNT=2' },
    '2026-01-18T00:00:00Z',
    'does not open within the next 400 days',
  ],
  [
    'with a further rule that goes on',
    { also: [{ start: '2026-01-04T22:00', durationSeconds: 60, repeat: 'FREQ=DAILY' }] },
    '2027-01-01T00:00:00Z',
    undefined,
  ],
  [
    'of two rules that have ended',
    { also: [{ start: '2026-01-04T22:00', durationSeconds: 60, repeat: 'FREQ=DAILY;COUNT=2' }] },
    '2027-01-01T00:00:00Z',
    'never opens again: its 2 rules are over',
  ],
  [
    'whose last opening lies in a blackout',
    { repeat: 'FREQ=WEEKLY;COUNT=2', blackouts: [{ from: '2026-01-10', to: '2026-01-12' }] },
    '2026-01-04T00:00:00Z',
    'never opens again: FREQ=WEEKLY;COUNT=2 is over, or what is left lies in blackouts',
  ],
  [
    'of a rule that goes on in a long blackout',
    { repeat: 'FREQ=WEEKLY', blackouts: [{ from: '2026-01-10', to: '2028-01-12' }] },
    '2026-01-04T00:00:00Z',
    'does not open within the next 400 days',
  ],
])('a window %s', (_, more, at, because) => {
  expect(whyNoOpening(gate(more), at)).toBe(because);
});

test('a plan warns of a window that never opens again, and of none that does', () => {
  const shop = parsedShop();
  const precheck = (repeat: string) => {
    const gates = [gate({ repeat, start: '2026-01-03T22:00' })];
    const operations = { ...shop.operations, failback: { ...shop.operations.failback, gates } };
    const { prechecks } = compiled({ ...inputFor({ ...shop, operations }, 'failback'), windows: {} });
    return prechecks.find(({ code }) => code === 'WindowsOpenAgain');
  };
  expect(precheck('FREQ=WEEKLY')).toMatchObject({ severity: 'ok', subject: 'maintenance' });
  expect(precheck('FREQ=WEEKLY;UNTIL=20260901T000000Z')).toMatchObject({
    severity: 'warning',
    saw: 'maintenance never opens again: FREQ=WEEKLY;UNTIL=20260901T000000Z is over',
  });
});
