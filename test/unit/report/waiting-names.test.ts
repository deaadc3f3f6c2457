import fc from 'fast-check';
import { waitingNames } from '../../../core/report/details/waiting-names';

/** What Temporal takes as the value of one search attribute. */
const limit = 2048;

test('names are kept as they are while they fit, each cut to 200 letters', () => {
  const few = ['cutover', 'stop-workload/ledger@alpha'];
  expect(waitingNames(few)).toEqual(few);
  expect(waitingNames(['x'.repeat(300)])).toEqual(['x'.repeat(200)]);
});

test('of the steps of a site that fails the first are named, as many as fit', () => {
  const steps = Array.from({ length: 1000 }, (_, index) => `start-workload/w${index}@home`);
  const kept = waitingNames(steps);
  expect(kept).toEqual(steps.slice(0, kept.length));
  expect(kept.length).toBeGreaterThan(60);
});

test('whatever the names are, Temporal takes them', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 400 }), { maxLength: 100 }), (names) => {
      expect(Buffer.byteLength(JSON.stringify(waitingNames(names)))).toBeLessThanOrEqual(limit);
    }),
  );
});
