import { keptEvidence, type KeptEvidence, type ReadEntry } from '../../core/compliance/kept-evidence';
import type { EvidenceEntry } from '../../core/evidence/entry';
import { SwitchbackFailure } from '../../core/model/failure';
import { quote } from '../../core/runbook/quote';
import type { EvidenceChain } from '../../evidence/evidence-chain';
import type { PlacedEvidence } from '../evidence/evidence-at';

/** Read at the same time: a year of samples is thousands of small files. */
const AT_ONCE = 32;

/** Nothing of compliance is from them, and there are many. */
const unread: ReadonlySet<EvidenceEntry['kind']> = new Set(['recovery-points']);

/**
 * What is kept of the groups, verified; of all when none is named.
 *
 * @throws SwitchbackFailure `InvalidInput` when there is no evidence of one of them
 */
export async function readEvidence(
  { evidence, place: where }: PlacedEvidence,
  names: readonly string[],
): Promise<readonly KeptEvidence[]> {
  const there = await evidence.groups();
  if (there.length === 0) throw new SwitchbackFailure('InvalidInput', `there is no evidence in ${where}`);
  const unknown = names.find((name) => !there.includes(name));
  if (unknown !== undefined) {
    const message = `there is no evidence of group ${quote(unknown)} in ${where}, only of ${there.join(', ')}`;
    throw new SwitchbackFailure('InvalidInput', message);
  }
  const groups: KeptEvidence[] = [];
  for (const group of names.length > 0 ? [...new Set(names)] : there)
    groups.push(await readGroup(group, evidence.of(group)));
  return groups;
}

async function readGroup(group: string, chain: EvidenceChain): Promise<KeptEvidence> {
  const { entries, head, faults } = await chain.verify();
  const wanted = entries.filter(({ kind }) => !unread.has(kind));
  const read: ReadEntry[] = [];
  for (let index = 0; index < wanted.length; index += AT_ONCE) {
    const some = await Promise.all(wanted.slice(index, index + AT_ONCE).map((entry) => readOne(chain, entry)));
    read.push(...some.flat());
  }
  return keptEvidence({ group, entries: entries.length, head, faults }, read);
}

/** Nothing, when the body is gone or was changed: that is among the faults already. */
async function readOne(chain: EvidenceChain, entry: EvidenceEntry): Promise<readonly ReadEntry[]> {
  try {
    return [{ entry, body: await chain.bodyOf(entry) }];
  } catch {
    return [];
  }
}
