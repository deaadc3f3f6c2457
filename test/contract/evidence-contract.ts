import { EvidenceChain } from '../../evidence/evidence-chain';
import { Evidence } from '../../evidence/evidence';
import { bodyKey, entriesPrefix, entryKey, type EvidenceStore } from '../../evidence/store';

/** A store with nothing in it. */
export interface EvidenceFixture {
  /** The same place again, as another process has it. */
  open(): EvidenceStore;
  /** Somebody with all rights at the place puts another text there. */
  overwrite(key: string, text: string): Promise<void>;
  remove(key: string): Promise<void>;
}

const at = '2026-11-29T10:00:00.000Z';
const report = (number: number) => ({ kind: 'report', id: `report/${number}`, at }) as const;
const many = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);

/** What holds for every store of evidence, and for the chains in it. `setUp`: before each test. */
export function describeEvidenceContract(name: string, setUp: () => Promise<EvidenceFixture>): void {
  describe(`evidence in ${name}`, () => {
    let fixture: EvidenceFixture;
    let store: EvidenceStore;
    beforeEach(async () => {
      fixture = await setUp();
      store = fixture.open();
    });
    const opened = (): EvidenceChain => new EvidenceChain(fixture.open(), 'shop');

    test('what is kept is given back as it was, and nothing else is there', async () => {
      const text = '{"says":"ein Würfel 🎲, \\u0000 and \\n"}\n';
      expect(await store.putIfAbsent('shop/bodies/one.json', text)).toBe(true);
      expect(await fixture.open().get('shop/bodies/one.json')).toBe(text);
      expect(await store.get('shop/bodies/other.json')).toBeUndefined();
    });

    test('of 20 that put under one key at once one wins, and what it has put stays', async () => {
      const stores = many(20).map(() => fixture.open());
      const won = await Promise.all(stores.map((one, index) => one.putIfAbsent('shop/entries/1.json', `${index}`)));
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(await store.get('shop/entries/1.json')).toBe(String(won.indexOf(true)));
      expect(await store.putIfAbsent('shop/entries/1.json', 'late')).toBe(false);
      expect(await store.get('shop/entries/1.json')).toBe(String(won.indexOf(true)));
    });

    test('a list has all keys of its prefix, however many, and no others', async () => {
      const keys = many(1_100).map((number) => entryKey('shop', number));
      for (let from = 0; from < keys.length; from += 50)
        await Promise.all(keys.slice(from, from + 50).map((key) => store.putIfAbsent(key, '{}')));
      await store.putIfAbsent(entryKey('shop-2', 1), '{}');
      await store.putIfAbsent(bodyKey('shop', 'hash'), '{}');
      expect([...(await store.list(entriesPrefix('shop')))].sort()).toEqual(keys);
      expect(await store.list(entriesPrefix('bank'))).toEqual([]);
    });

    test('the groups are those of which there is any evidence', async () => {
      expect(await store.groups()).toEqual([]);
      for (const group of ['shop', 'bank']) await new EvidenceChain(store, group).append(report(1), () => ({}));
      expect(await new Evidence(fixture.open()).groups()).toEqual(['bank', 'shop']);
    });

    test('what is appended at the same moment by several is one chain', async () => {
      const writers = many(5).map(opened);
      await Promise.all(
        writers.flatMap((writer, index) =>
          many(3).map((each) => writer.append(report(index * 3 + each), (before) => ({ before, each }))),
        ),
      );
      const { faults, entries } = await opened().verify();
      expect(faults).toEqual([]);
      expect(entries.map(({ sequence }) => sequence)).toEqual(many(15));
      expect(new Set(entries.map(({ id }) => id)).size).toBe(15);
    });

    test('the same again is the same entry, also for one that has not written it', async () => {
      const first = await opened().append(report(1), () => ({ one: 1 }));
      await opened().append(report(2), () => ({ two: 2 }));
      expect(await opened().append(report(1), () => ({ other: 1 }))).toEqual(first);
      expect((await opened().verify()).entries).toHaveLength(2);
    });

    test('the same by several at once is one entry', async () => {
      const kept = await Promise.all(many(10).map((number) => opened().append(report(1), () => ({ number }))));
      expect(new Set(kept.map(({ entry }) => entry.body)).size).toBe(1);
      expect((await opened().verify()).entries).toHaveLength(1);
    });

    test('what others have appended meanwhile, few or many, comes before', async () => {
      const [mine, theirs] = [opened(), opened()];
      await mine.append(report(0), () => ({}));
      for (const number of many(30)) await theirs.append(report(number), () => ({}));
      const { head } = await mine.append(report(31), () => ({}));
      expect(head.sequence).toBe(32);
      await theirs.append(report(32), () => ({}));
      expect((await mine.append(report(33), () => ({}))).head.sequence).toBe(34);
      expect((await opened().verify([{ ...head, by: 'run' }])).faults).toEqual([]);
    });

    test('a body whose writer was stopped before its entry is no fault, and in nobody’s way', async () => {
      await opened().append(report(1), () => ({ one: 1 }));
      await store.putIfAbsent(bodyKey('shop', 'a'.repeat(64)), '{"orphan":true}\n');
      const { head } = await opened().append(report(2), () => ({ two: 2 }));
      expect(await opened().verify([{ ...head, by: 'run' }])).toMatchObject({ faults: [], head });
    });

    test.each<[string, (fixture: EvidenceFixture, body: string) => Promise<void>, string]>([
      ['an entry changed', (at) => at.overwrite(entryKey('shop', 2), '{}\n'), 'entry 2'],
      ['an entry removed', (at) => at.remove(entryKey('shop', 2)), 'entry 2'],
      ['the last entry removed', (at) => at.remove(entryKey('shop', 3)), 'entry 3'],
      ['a body changed', (at, body) => at.overwrite(bodyKey('shop', body), '{}\n'), 'body of entry 2'],
      ['a body removed', (at, body) => at.remove(bodyKey('shop', body)), 'body of entry 2'],
      [
        'what stands among the entries',
        (at) => at.overwrite('shop/entries/000000002.json', '{}'),
        'shop/entries/000000002.json',
      ],
    ])('%s: it is found, and stops nobody who appends', async (_title, change, where) => {
      const kept = [];
      for (const number of many(3)) kept.push(await opened().append(report(number), () => ({ number })));
      const known = [{ sequence: 3, hash: kept[2]?.head.hash ?? '', by: 'run' }];
      await change(fixture, kept[1]?.entry.body ?? '');
      expect((await opened().verify(known)).faults[0]).toMatchObject({ where });
      const { head } = await opened().append(report(4), () => ({ number: 4 }));
      expect(head.sequence).toBeGreaterThanOrEqual(3);
      expect((await opened().verify(known)).faults).not.toEqual([]);
      expect((await opened().append(report(5), () => ({ number: 5 }))).head.sequence).toBe(head.sequence + 1);
    });

    test('what is read of a body is what was kept, or a failure', async () => {
      const chain = opened();
      const [{ entry: first }, { entry: second }] = [
        await chain.append(report(1), () => ({ number: 1 })),
        await chain.append(report(2), () => ({ number: 2 })),
      ];
      expect(await opened().bodyOf(first)).toEqual({ number: 1 });
      await fixture.overwrite(bodyKey('shop', first.body), '{"number":3}\n');
      await expect(opened().bodyOf(first)).rejects.toMatchObject({ code: 'EvidenceChanged' });
      await fixture.remove(bodyKey('shop', second.body));
      await expect(opened().bodyOf(second)).rejects.toMatchObject({ code: 'EvidenceChanged' });
      expect((await opened().entries()).map(({ id }) => id)).toEqual(['report/1', 'report/2']);
    });
  });
}
