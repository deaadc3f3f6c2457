import type { SiteRole } from './site';
import type { VolumeRole } from './volume';
import type { Fencing, WorkloadStatus } from './workload';

/** What runs where at one moment, in the form that people and reports are told of it. */
export interface LeftAs {
  readonly observedAt: string;
  readonly sites: readonly LeftSite[];
  /** Of records that could be read: what they lead to. */
  readonly records: readonly { readonly name: string; readonly values: readonly string[] }[];
}

export interface LeftSite {
  readonly role: SiteRole;
  readonly site: string;
  /** False: nothing of the rest could be seen. */
  readonly reachable: boolean;
  readonly fencing: Fencing;
  /** Lowest epoch that may write there. */
  readonly epoch?: number;
  readonly workloads: readonly { readonly name: string; readonly status: WorkloadStatus; readonly epoch?: number }[];
  readonly volumes: readonly { readonly name: string; readonly role: VolumeRole; readonly epoch: number }[];
}
