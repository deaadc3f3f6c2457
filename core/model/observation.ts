import type { ProtectionPhase } from './operation';
import type { Connectivity, SiteHealth, SiteRole } from './site';
import type { RecordState } from './traffic';
import type { VolumeObservation } from './volume';
import type { FenceState, WorkloadObservation } from './workload';

/** What was seen of one site. Nothing but `health` is there when the site does not answer. */
export interface SiteObservation {
  readonly role: SiteRole;
  readonly health: SiteHealth;
  readonly workloads: readonly WorkloadObservation[];
  readonly volumes: readonly VolumeObservation[];
  readonly fence: FenceState;
}

/** What the compiler knows of the world. Every instant is ISO. */
export interface Observation {
  readonly observedAt: string;
  readonly phase: ProtectionPhase;
  readonly activeSite: SiteRole;
  readonly sites: Readonly<Record<SiteRole, SiteObservation>>;
  readonly connectivity: readonly Connectivity[];
  /** By record name; a record that could not be read is absent. */
  readonly records: Readonly<Record<string, RecordState>>;
}
