import type { Resolution } from '../../../core/model/traffic';
import { leadsTo, seenAt } from '../../../activities/steps/traffic-steps';

const agreed: Resolution = {
  name: 'shop.test',
  values: ['192.0.2.2', '192.0.2.1'],
  ttlSeconds: 5,
  server: 'ns-1 (authoritative), resolver (resolver)',
  observedAt: '2026-11-28T10:00:00.000Z',
};
const split: Resolution = {
  ...agreed,
  values: [],
  disagreement: [
    { server: 'ns-1 (authoritative)', values: ['192.0.2.2'] },
    { server: 'resolver (resolver)', values: [] },
  ],
};

test('a name leads where all that were asked say so, in any order', () => {
  expect(leadsTo(agreed, ['192.0.2.1', '192.0.2.2'])).toBe(true);
  expect(leadsTo(agreed, ['192.0.2.1'])).toBe(false);
});

test('servers that do not agree lead nowhere, also when nothing is what is asked for', () => {
  expect(leadsTo(split, ['192.0.2.2'])).toBe(false);
  expect(leadsTo(split, [])).toBe(false);
});

test('it is said who answers what', () => {
  expect(seenAt(agreed)).toBe('192.0.2.2, 192.0.2.1 at ns-1 (authoritative), resolver (resolver)');
  expect(seenAt(split)).toBe('192.0.2.2 at ns-1 (authoritative), nothing at resolver (resolver)');
});
