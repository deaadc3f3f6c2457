import { emptyHead, headOf, nextEntry, textOf, type EvidenceEntry } from '../../../core/evidence/entry';
import type { StoredChain } from '../../../core/evidence/verify-chain';
import type { EvidenceHead } from '../../../core/model/evidence';
import { sha256 } from '../../../evidence/sha256';

const at = '2026-11-29T10:00:00.000Z';

/** A chain as it lies in a store, for a test to do something to it. */
export interface Stored {
  readonly entries: Map<number, string>;
  readonly bodies: Map<string, string>;
}

/** A chain of so many entries, each with a body of its own. */
export function chainOf(length: number, group = 'shop'): Stored & { readonly head: EvidenceHead } {
  const chain = { entries: new Map<number, string>(), bodies: new Map<string, string>() };
  let head = emptyHead;
  for (let number = 1; number <= length; number += 1) head = append(chain, head, `${group} ${number}`, group);
  return { ...chain, head };
}

/** An entry that is right after the head, with its body. The new head. */
export function append({ entries, bodies }: Stored, head: EvidenceHead, says: string, group = 'shop'): EvidenceHead {
  const body = `{"report":"${says}"}\n`;
  const entry = nextEntry({ group, kind: 'report', id: `report/${says}`, at }, { head, body, sha256 });
  entries.set(entry.sequence, textOf(entry));
  bodies.set(entry.body, body);
  return headOf(entry, sha256);
}

export const stored = ({ entries, bodies }: Stored): StoredChain => ({
  group: 'shop',
  entries,
  bodyHash: (hash) => {
    const text = bodies.get(hash);
    return text === undefined ? undefined : sha256(text);
  },
});

export const read = (text: string | undefined): EvidenceEntry => JSON.parse(text ?? '') as EvidenceEntry;

/** From that sequence on, each entry again with the hash of the one before it, as a forger would. */
export function writtenAnew({ entries }: Stored, from: number): void {
  for (let sequence = from; entries.has(sequence); sequence += 1) {
    const before = entries.get(sequence - 1);
    const previous = before === undefined ? emptyHead.hash : sha256(before);
    entries.set(sequence, textOf({ ...read(entries.get(sequence)), sequence, previous }));
  }
}
