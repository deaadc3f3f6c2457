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

  /** Names of the groups that have any, sorted. What else is there is none of them. */
  async groups(): Promise<readonly string[]> {
    return (await this.store.groups()).filter((name) => /^[a-z0-9-]+$/.test(name)).sort();
  }
}
