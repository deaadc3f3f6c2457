import type { EvidenceHead, KeepEvidence } from '../core/model/evidence';

/** Types only, like contract.ts. */
export interface EvidenceActivities {
  /** Keeps it at the end of the group's evidence, once, and tells where the chain ends then. */
  keepEvidence(request: KeepEvidence): Promise<EvidenceHead>;
}
