import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { emptyHead, headOf, nextEntry, textOf, type EvidenceEntry } from '../../../core/evidence/entry';
import { verifyChain, type StoredChain } from '../../../core/evidence/verify-chain';
import { EvidenceChain } from '../../../evidence/evidence-chain';
import { FolderStore } from '../../../evidence/folder-store';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const at = '2026-11-29T10:00:00.000Z';

interface Stored {
  readonly entries: Map<number, string>;
  readonly bodies: Map<string, string>;
}

/** A chain of so many entries, each with a body of its own. */
function chainOf(length: number): Stored & { readonly head: typeof emptyHead } {
  const [entries, bodies] = [new Map<number, string>(), new Map<string, string>()];
  let head = emptyHead;
  for (let number = 1; number <= length; number += 1) {
    const body = `{"report":${number}}\n`;
    const entry = nextEntry({ group: 'shop', kind: 'report', id: `report/${number}`, at }, { head, body, sha256 });
    entries.set(entry.sequence, textOf(entry));
    bodies.set(entry.body, body);
    head = headOf(entry, sha256);
  }
  return { entries, bodies, head };
}

const stored = ({ entries, bodies }: Stored): StoredChain => ({
  group: 'shop',
  entries,
  body: (hash) => bodies.get(hash),
});

const read = (text: string | undefined): EvidenceEntry => JSON.parse(text ?? '') as EvidenceEntry;

/** Another byte at that place of the text. */
function withOtherByte(text: string, place: number, by: number): string {
  const index = place % text.length;
  const code = ((text.charCodeAt(index) - 32 + 1 + (by % 94)) % 95) + 32;
  return text.slice(0, index) + String.fromCharCode(code) + text.slice(index + 1);
}

interface Draw {
  readonly one: number;
  readonly other: number;
  readonly place: number;
  readonly by: number;
}

/** What somebody does who wants to hide something; false: it leaves everything as it was. */
const mutations: Readonly<Record<string, (chain: Stored, draw: Draw) => boolean>> = {
  'a byte of an entry': ({ entries }, { one, place, by }) => {
    const before = entries.get(one) ?? '';
    const after = withOtherByte(before, place, by);
    entries.set(one, after);
    return after !== before;
  },
  'a byte of a body': ({ entries, bodies }, { one, place, by }) => {
    const { body } = read(entries.get(one));
    const before = bodies.get(body) ?? '';
    bodies.set(body, withOtherByte(before, place, by));
    return bodies.get(body) !== before;
  },
  'an entry removed': ({ entries }, { one }) => entries.delete(one),
  'a body removed': ({ entries, bodies }, { one }) => bodies.delete(read(entries.get(one)).body),
  'the end cut off': ({ entries }, { one }) => {
    for (const sequence of [...entries.keys()]) if (sequence >= one) entries.delete(sequence);
    return true;
  },
  'two entries swapped': ({ entries }, { one, other }) => {
    const [first = '', second = ''] = [entries.get(one), entries.get(other)];
    entries.set(one, second).set(other, first);
    return one !== other;
  },
  'two entries swapped and renumbered': ({ entries }, { one, other }) => {
    const [first, second] = [read(entries.get(one)), read(entries.get(other))];
    entries.set(one, textOf({ ...second, sequence: one })).set(other, textOf({ ...first, sequence: other }));
    return one !== other;
  },
  'an entry removed and the rest moved up': ({ entries }, { one }) => {
    const rest = [...entries.entries()]
      .sort(([left], [right]) => left - right)
      .filter(([sequence]) => sequence !== one);
    entries.clear();
    for (const [index, [, text]] of rest.entries())
      entries.set(index + 1, textOf({ ...read(text), sequence: index + 1 }));
    return true;
  },
  'a body replaced, and everything after it written anew': ({ entries, bodies }, { one }) => {
    const body = '{"report":"forged"}\n';
    bodies.set(sha256(body), body);
    let previous: string | undefined;
    for (let sequence = one; entries.has(sequence); sequence += 1) {
      const entry = read(entries.get(sequence));
      const next = { ...entry, ...(sequence === one && { body: sha256(body) }), ...(previous && { previous }) };
      entries.set(sequence, textOf(next));
      previous = sha256(textOf(next));
    }
    return true;
  },
  'the same data written in another way': ({ entries }, { one }) => {
    entries.set(one, `${JSON.stringify(read(entries.get(one)), null, 1)}\n`);
    return true;
  },
};

test('nothing is wrong with what was kept', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 20 }), (length) => {
      const chain = chainOf(length);
      const { faults, head, entries } = verifyChain(stored(chain), sha256, chain.head);
      expect(faults).toEqual([]);
      expect(head).toEqual(chain.head);
      expect(entries).toHaveLength(length);
    }),
  );
});

test('10,000 changes, removals, reorderings and cuts: each is found', () => {
  const found: Record<string, number> = {};
  const draw = fc.record({
    length: fc.integer({ min: 1, max: 12 }),
    kind: fc.constantFrom(...Object.keys(mutations)),
    one: fc.nat(),
    other: fc.nat(),
    place: fc.nat(),
    by: fc.nat(),
  });
  fc.assert(
    fc.property(draw, ({ length, kind, one, other, place, by }) => {
      const chain = chainOf(length);
      const changed = mutations[kind]?.(chain, { one: 1 + (one % length), other: 1 + (other % length), place, by });
      fc.pre(changed === true);
      expect(verifyChain(stored(chain), sha256, chain.head).faults).not.toEqual([]);
      found[kind] = (found[kind] ?? 0) + 1;
    }),
    { numRuns: 10_000 },
  );
  expect(Object.keys(found).sort()).toEqual(Object.keys(mutations).sort());
}, 120_000);

describe('in a folder', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-evidence-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const opened = () => new EvidenceChain(new FolderStore(folder), 'shop');
  const report = (number: number) => ({ kind: 'report', id: `report/${number}`, at }) as const;

  test('what is appended at the same moment by several is one chain', async () => {
    const writers = Array.from({ length: 5 }, opened);
    await Promise.all(
      writers.flatMap((writer, index) =>
        [1, 2, 3].map((each) => writer.append(report(index * 3 + each), () => ({ each }))),
      ),
    );
    const { faults, entries } = await opened().verify();
    expect(faults).toEqual([]);
    expect(entries.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 15 }, (_, index) => index + 1));
  });

  test('the same again is the same entry, also for one that has not written it', async () => {
    const first = await opened().append(report(1), () => ({ one: 1 }));
    await opened().append(report(2), () => ({ two: 2 }));
    expect(await opened().append(report(1), () => ({ one: 1 }))).toEqual(first);
    expect((await opened().verify()).entries).toHaveLength(2);
  });

  test('what a killed process has left half written is none of it', async () => {
    await opened().append(report(1), () => ({}));
    await writeFile(path.join(folder, 'shop/entries/00000002.json.1234.tmp'), '{"half');
    const { head } = await opened().append(report(2), () => ({}));
    expect(await opened().verify(head)).toMatchObject({ faults: [], head });
    expect(await readdir(path.join(folder, 'shop/entries'))).toContain('00000002.json');
  });

  test('a cut is found by whoever knows the end', async () => {
    const chain = opened();
    await chain.append(report(1), () => ({}));
    const { head } = await chain.append(report(2), () => ({}));
    await rm(path.join(folder, 'shop/entries/00000002.json'));
    expect((await opened().verify()).faults).toEqual([]);
    expect((await opened().verify(head)).faults).toEqual([{ where: 'entry 2', what: 'it is missing' }]);
  });
});
