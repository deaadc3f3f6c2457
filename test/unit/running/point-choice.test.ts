import type { RecoveryPoint } from '../../../core/model/volume';
import { choosePoints, completeSets, parsePointChoice } from '../../../core/running/point-choice';

test.each([
  ['latest', { kind: 'latest' }],
  [' Latest application-consistent ', { kind: 'latest-application-consistent' }],
  ['latest-application-consistent', { kind: 'latest-application-consistent' }],
  ['2026-12-05T22:00:00+01:00', { kind: 'time', instant: '2026-12-05T21:00:00.000Z' }],
  ['2026-12-05 22:00Z', { kind: 'time', instant: '2026-12-05T22:00:00.000Z' }],
  ['20261121T101500.123Z-3f9a2c', { kind: 'id', id: '20261121T101500.123Z-3f9a2c' }],
])('"%s" is understood', (text, choice) => {
  expect(parsePointChoice(text)).toEqual(choice);
});

test.each([
  ['2026-12-05T22:00:00', 'date, time and zone'],
  ['22:00', 'date, time and zone'],
  ['2026-02-30T22:00:00Z', 'no instant that exists'],
  ['../etc', 'names no recovery point'],
  ['', 'names no recovery point'],
])('"%s" is refused', (text, because) => {
  expect(parsePointChoice(text)).toEqual(expect.stringContaining(because));
});

const at = (minute: number): string => `2026-12-05T22:${String(minute).padStart(2, '0')}:00.000Z`;
const point = (volume: string, minute: number, set?: string): RecoveryPoint => ({
  id: `20261205T22${String(minute).padStart(2, '0')}00.000Z-${volume}`,
  volume,
  site: 'beta',
  role: 'replica',
  epoch: 1,
  asOf: at(minute),
  capturedAt: at(minute),
  consistency: set === undefined ? 'crash' : 'application',
  ...(set !== undefined && { set: { id: set, quiescedAt: at(minute) } }),
  files: 1,
  bytes: 1,
});
const orders = {
  volume: 'orders',
  points: [point('orders', 40, 'app-3'), point('orders', 30, 'app-2'), point('orders', 10)],
};
const stock = { volume: 'stock', points: [point('stock', 31, 'app-2'), point('stock', 20), point('stock', 5)] };
const seen = [orders, stock];

const chosen = (text: string, volumes = seen): unknown => {
  const choice = parsePointChoice(text);
  if (typeof choice === 'string') throw new Error(choice);
  const { points, missing } = choosePoints(choice, volumes);
  if (missing.length > 0) return missing;
  return Object.values(points).map((one) => (one === 'latest' ? one : one.asOf.slice(14, 16)));
};

test('a set that lacks a volume is not chosen, and one point of a set stands for all', () => {
  expect(completeSets(seen)).toEqual(['app-2']);
  expect(chosen('latest-application-consistent')).toEqual(['30', '31']);
  expect(chosen('app-2')).toEqual(['30', '31']);
  expect(chosen(stock.points[0]?.id ?? '')).toEqual(['30', '31']);
});

test('of a point outside of sets, and of an instant, each volume takes its newest one not after it', () => {
  expect(chosen(orders.points[2]?.id ?? '')).toEqual(['10', '05']);
  expect(chosen(at(25))).toEqual(['10', '20']);
  expect(chosen('latest')).toEqual(['latest', 'latest']);
});

test('what is not there is named with what there is', () => {
  expect(chosen(at(7))).toEqual([
    expect.stringContaining(`orders: no recovery point at or before ${at(7)}; its oldest is`),
  ]);
  expect(chosen('app-3')).toEqual([expect.stringContaining('stock: has no point of the set "app-3"')]);
  expect(chosen('20261205T223000.000Z-order')).toEqual([
    expect.stringContaining(`the nearest is ${orders.points[1]?.id ?? ''}`),
  ]);
  expect(chosen('latest-application-consistent', [{ volume: 'a', points: [point('a', 1)] }])).toEqual([
    expect.stringContaining('there are 1 crash-consistent ones'),
  ]);
});
