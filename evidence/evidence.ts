import { EvidenceChain } from './evidence-chain';
import type { EvidenceStore } from './store';

/** The evidence of all protection groups, a chain each. */
export class Evidence {
  private readonly chains = new Map<string, EvidenceChain>();

  constructor(private readonly store: EvidenceStore) {}

  of(group: string): EvidenceChain {
    const chain = this.chains.get(group) ?? new EvidenceChain(this.store, group);
    this.chains.set(group, chain);
    return chain;
  }
}
