import fc from 'fast-check';
import { verifyChain, type KnownHead, type VerifiedChain } from '../../../core/evidence/verify-chain';
import { sha256 } from '../../../evidence/sha256';
import { forgeries, mutations, type Draw } from './mutations';
import { append, chainOf, stored, type Stored } from './stored-chain';

const verified = (chain: Stored, ...known: readonly KnownHead[]): VerifiedChain =>
  verifyChain(stored(chain), sha256, known);

const by = 'memo of failback/shop/1';

test('nothing is wrong with what was kept', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 20 }), fc.nat(), (length, some) => {
      const chain = chainOf(length);
      const earlier = chainOf(some % (length + 1)).head;
      const { faults, head, entries, confirmed } = verified(chain, { ...chain.head, by }, { ...earlier, by });
      expect(confirmed).toBe(2);
      expect(faults).toEqual([]);
      expect(head).toEqual(chain.head);
      expect(entries).toHaveLength(length);
    }),
  );
});

test('what is appended later is no fault', () => {
  const chain = chainOf(3);
  append(chain, chain.head, 'later');
  expect(verified(chain, { ...chain.head, by }).faults).toEqual([]);
});

test('a body that no entry names is no fault: its writer was stopped before the entry', () => {
  const chain = chainOf(3);
  chain.bodies.set(sha256('orphan'), 'orphan');
  expect(verified(chain, { ...chain.head, by }).faults).toEqual([]);
});

const all = { ...mutations, ...forgeries };

/** Made once: ten thousand times twelve entries take their time. */
const chains = Array.from({ length: 13 }, (_, length) => chainOf(length));

function copyOf(length: number): ReturnType<typeof chainOf> {
  const { entries, bodies, head } = chains[length] ?? chainOf(length);
  return { entries: new Map(entries), bodies: new Map(bodies), head };
}

test('10,000 changes, removals, insertions, reorderings and cuts: each is found', () => {
  const found: Record<string, number> = {};
  const draw = fc.record({
    length: fc.integer({ min: 1, max: 12 }),
    kind: fc.constantFrom(...Object.keys(all)),
    one: fc.nat(),
    other: fc.nat(),
    place: fc.nat(),
    by: fc.nat(1_000_000),
  });
  fc.assert(
    fc.property(draw, ({ kind, ...drawn }) => {
      const chain = copyOf(drawn.length);
      fc.pre(all[kind]?.(chain, within(drawn)) === true);
      expect(verified(chain, { ...chain.head, by }).faults).not.toEqual([]);
      found[kind] = (found[kind] ?? 0) + 1;
    }),
    { numRuns: 10_000 },
  );
  expect(Object.keys(found).sort()).toEqual(Object.keys(all).sort());
  expect(Math.min(...Object.values(found))).toBeGreaterThan(100);
}, 120_000);

/** Entries that are in the chain. */
const within = (draw: Draw): Draw => ({
  ...draw,
  one: 1 + (draw.one % draw.length),
  other: 1 + (draw.other % draw.length),
});

test.each(Object.entries(forgeries))('%s: is a good chain to who does not know its end', (_title, forge) => {
  for (const one of [1, 3, 6]) {
    const chain = chainOf(6);
    forge(chain, { length: 6, one, other: 1, place: 0, by: 2 });
    expect(verified(chain).faults).toEqual([]);
    expect(verified(chain, { ...chain.head, by }).faults).not.toEqual([]);
  }
});

test('one that is known from before is enough to find what was written anew before it', () => {
  const chain = chainOf(6);
  const earlier = { ...chainOf(4).head, by };
  forgeries['a body replaced, and everything after it written anew']?.(chain, {
    ...{ length: 6, one: 2, other: 1, place: 0, by: 0 },
  });
  expect(verified(chain, earlier).faults).toEqual([
    { where: 'entry 4', what: 'it is not the one that the memo of failback/shop/1 names' },
  ]);
});

test.each<[string, (chain: Stored) => unknown, string, RegExp]>([
  ['one that is gone', ({ entries }) => entries.delete(2), 'entry 2', /^it is missing$/],
  ['several that are gone', ({ entries }) => [2, 3].map((one) => entries.delete(one)), 'entries 2 to 3', /missing/],
  ['an end that is gone', ({ entries }) => [4, 5].map((one) => entries.delete(one)), 'entries 4 to 5', /missing/],
  ['no JSON', ({ entries }) => entries.set(2, '{'), 'entry 2', /no JSON/],
  ['no entry', ({ entries }) => entries.set(2, '{}\n'), 'entry 2', /no entry/],
  ['other bytes', ({ entries }) => entries.set(2, `${entries.get(2)}\n`), 'entry 2', /its text was changed/],
  ['another number', ({ entries }) => entries.set(2, entries.get(3) ?? ''), 'entry 2', /it is entry 3/],
  ['another group', ({ entries }) => entries.set(2, chainOf(2, 'bank').entries.get(2) ?? ''), 'entry 2', /"bank"/],
  ['no body', ({ bodies }) => bodies.clear(), 'body of entry 1', /missing/],
  ['a number far away', ({ entries }) => entries.set(99_999_999, '{'), 'entries 6 to 99999998', /missing/],
])('%s: it is said where and what', (_title, change, where, what) => {
  const chain = chainOf(5);
  change(chain);
  expect(verified(chain, { ...chain.head, by }).faults[0]).toEqual({ where, what: expect.stringMatching(what) });
});

test('a part of a chain is checked after what comes before it', () => {
  const chain = chainOf(5);
  const after = chainOf(2).head;
  for (const sequence of [1, 2]) chain.entries.delete(sequence);
  expect(verifyChain({ ...stored(chain), after }, sha256)).toMatchObject({ faults: [], head: chain.head });
  const other = { ...after, hash: chain.head.hash };
  expect(verifyChain({ ...stored(chain), after: other }, sha256).faults).toEqual([
    { where: 'entry 3', what: 'the entry before it is not the one that it was written after' },
  ]);
});
