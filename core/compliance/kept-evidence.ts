import type { EvidenceHead, KeptDecision, ProtectionSample, ProtectionTerms } from '../model/evidence';
import type { EndedDrill } from '../model/attestation';
import type { Attestation } from '../model/run';
import type { EvidenceEntry } from '../evidence/entry';
import type { EvidenceFault } from '../evidence/verify-chain';
import type { Report } from '../report/report';
import type { EvidenceRef } from './compliance-report';

/** Body of kind `attestation`. */
export interface KeptAttestation {
  readonly drill: EndedDrill;
  readonly attestation: Attestation;
}

/** What is kept of a group, by kind; in the order of the chain. */
export interface KeptEvidence {
  readonly group: string;
  readonly entries: number;
  readonly head: EvidenceHead;
  readonly begins?: string;
  readonly faults: readonly EvidenceFault[];
  readonly reports: readonly (Report & { readonly kept: EvidenceRef })[];
  readonly attestations: readonly (KeptAttestation & { readonly kept: EvidenceRef })[];
  readonly decisions: readonly KeptDecision[];
  readonly samples: readonly ProtectionSample[];
  readonly terms: readonly ProtectionTerms[];
}

/** An entry with what it keeps, as it was read. */
export interface ReadEntry {
  readonly entry: EvidenceEntry;
  readonly body: unknown;
}

/**
 * Sorts what a chain keeps by its kind. A body of a later version is a fault: what it says cannot be judged.
 *
 * @param read the entries whose bodies are there and are what was kept.
 */
export function keptEvidence(
  chain: Pick<KeptEvidence, 'group' | 'entries' | 'head' | 'faults'>,
  read: readonly ReadEntry[],
): KeptEvidence {
  const known = read.filter(({ body }) => versionOf(body) === 1);
  const later = read
    .filter((one) => !known.includes(one))
    .map(({ entry }) => ({
      where: `body of entry ${entry.sequence}`,
      what: 'it is of a version that is not known here',
    }));
  const of = <Body>(kind: EvidenceEntry['kind']): readonly (Body & { readonly kept: EvidenceRef })[] =>
    known
      .filter(({ entry }) => entry.kind === kind)
      .map(({ entry: { sequence, body: hash }, body }) => ({ ...(body as Body), kept: { sequence, body: hash } }));
  const [first] = read;
  return {
    ...chain,
    faults: [...chain.faults, ...later],
    ...(first && { begins: first.entry.at }),
    reports: of<Report>('report'),
    attestations: of<KeptAttestation>('attestation'),
    decisions: of<KeptDecision>('decision'),
    samples: of<ProtectionSample>('protection-sample'),
    terms: of<ProtectionTerms>('terms'),
  };
}

const versionOf = (body: unknown): unknown =>
  typeof body === 'object' && body !== null && 'schemaVersion' in body ? body.schemaVersion : undefined;
