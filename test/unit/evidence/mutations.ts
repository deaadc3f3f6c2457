import { emptyHead, textOf } from '../../../core/evidence/entry';
import { sha256 } from '../../../evidence/sha256';
import { append, chainOf, read, writtenAnew, type Stored } from './stored-chain';

/** `one` and `other`: entries of the chain. */
export interface Draw {
  readonly length: number;
  readonly one: number;
  readonly other: number;
  readonly place: number;
  readonly by: number;
}

/** Changes the chain; false: it leaves everything as it was. */
type Mutation = (chain: Stored, draw: Draw) => boolean;

/** What somebody does who wants to hide something, and what accidents do. */
export const mutations: Readonly<Record<string, Mutation>> = {
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
  'an entry truncated': ({ entries }, { one, place }) => {
    const text = entries.get(one) ?? '';
    return entries.set(one, text.slice(0, place % text.length)) !== undefined;
  },
  'a body truncated': ({ entries, bodies }, { one, place }) => {
    const { body } = read(entries.get(one));
    const text = bodies.get(body) ?? '';
    return bodies.set(body, text.slice(0, place % text.length)) !== undefined;
  },
  'another instant in an entry': ({ entries }, { one, by }) => {
    const later = new Date(Date.parse('2026-11-29T10:00:00.000Z') + 1 + by).toISOString();
    return entries.set(one, textOf({ ...read(entries.get(one)), at: later })) !== undefined;
  },
  'the same data written in another way': ({ entries }, { one }) =>
    entries.set(one, `${JSON.stringify(read(entries.get(one)), null, 1)}\n`) !== undefined,
  'an entry removed': ({ entries }, { one }) => entries.delete(one),
  'a body removed': ({ entries, bodies }, { one }) => bodies.delete(read(entries.get(one)).body),
  'the end cut off': ({ entries }, { one }) => {
    for (const sequence of [...entries.keys()]) if (sequence >= one) entries.delete(sequence);
    return true;
  },
  'an entry removed and the rest moved up': ({ entries }, { one }) =>
    rearranged(entries, (texts) => spliced(texts, one - 1, 1)),
  'two entries swapped': ({ entries }, { one, other }) => {
    const [first = '', second = ''] = [entries.get(one), entries.get(other)];
    entries.set(one, second).set(other, first);
    return one !== other;
  },
  'two entries swapped and renumbered': ({ entries }, { one, other }) =>
    one !== other &&
    rearranged(entries, (texts) =>
      texts.map((text, index) => texts[{ [one - 1]: other - 1, [other - 1]: one - 1 }[index] ?? index] ?? text),
    ),
  'two bodies swapped': ({ entries, bodies }, { one, other }) => {
    const [first, second] = [read(entries.get(one)).body, read(entries.get(other)).body];
    const [former = '', latter = ''] = [bodies.get(first), bodies.get(second)];
    bodies.set(first, latter).set(second, former);
    return one !== other;
  },
  'an entry twice': ({ entries }, { one, other }) =>
    rearranged(entries, (texts) => spliced(texts, other - 1, 0, texts[one - 1] ?? '')),
  'the last entry twice, as it was': ({ entries }, { length }) =>
    entries.set(length + 1, entries.get(length) ?? '').size > 0,
  'an entry of another group': ({ entries, bodies }, { length, one }) => {
    const theirs = chainOf(length, 'bank');
    const text = theirs.entries.get(one) ?? '';
    for (const [hash, body] of theirs.bodies) bodies.set(hash, body);
    return entries.set(one, text) !== undefined;
  },
  'all entries of another group': ({ entries, bodies }, { length }) => {
    const theirs = chainOf(length, 'bank');
    for (const [hash, body] of theirs.bodies) bodies.set(hash, body);
    for (const [sequence, text] of theirs.entries) entries.set(sequence, text);
    return true;
  },
  'an entry inserted and the rest moved down': ({ entries, bodies }, { one }) => {
    const forged = chainOf(1, 'shop');
    for (const [hash, body] of forged.bodies) bodies.set(hash, body);
    return rearranged(entries, (texts) => spliced(texts, one - 1, 0, forged.entries.get(1) ?? ''));
  },
};

/** The whole of it is a good chain afterwards: only who knows what its end was can tell. */
export const forgeries: Readonly<Record<string, Mutation>> = {
  'a body replaced, and everything after it written anew': (chain, { one }) => {
    const body = '{"report":"forged"}\n';
    chain.bodies.set(sha256(body), body);
    chain.entries.set(one, textOf({ ...read(chain.entries.get(one)), body: sha256(body) }));
    writtenAnew(chain, one);
    return true;
  },
  'an entry removed, and everything after it written anew': (chain, { one }) => {
    rearranged(chain.entries, (texts) => spliced(texts, one - 1, 1));
    writtenAnew(chain, 1);
    return true;
  },
  'an entry inserted, and everything after it written anew': (chain, { one }) => {
    const forged = textOf({ ...read(chain.entries.get(one)), id: 'report/forged' });
    rearranged(chain.entries, (texts) => spliced(texts, one - 1, 0, forged));
    writtenAnew(chain, 1);
    return true;
  },
  'the end replaced by another one, shorter or longer': (chain, { one, by }) => {
    for (const sequence of [...chain.entries.keys()]) if (sequence >= one) chain.entries.delete(sequence);
    const last = chain.entries.get(one - 1);
    let head = last === undefined ? emptyHead : { sequence: one - 1, hash: sha256(last) };
    for (let number = 0; number <= by % 15; number += 1) head = append(chain, head, `forged ${number}`);
    return true;
  },
  'everything cut off': ({ entries }) => {
    entries.clear();
    return true;
  },
};

/** The entries in another order, each with the number of its new place. */
function rearranged(entries: Map<number, string>, order: (texts: readonly string[]) => readonly string[]): boolean {
  const texts = [...entries.entries()].sort(([one], [other]) => one - other).map(([, text]) => text);
  entries.clear();
  for (const [index, text] of order(texts).entries())
    entries.set(index + 1, textOf({ ...read(text), sequence: index + 1 }));
  return true;
}

function spliced(texts: readonly string[], at: number, remove: number, ...insert: readonly string[]): string[] {
  return [...texts.slice(0, at), ...insert, ...texts.slice(at + remove)];
}

/** Another byte at that place of the text. */
function withOtherByte(text: string, place: number, by: number): string {
  const index = place % text.length;
  const code = ((text.charCodeAt(index) - 32 + 1 + (by % 94)) % 95) + 32;
  return text.slice(0, index) + String.fromCharCode(code) + text.slice(index + 1);
}
