import type { ProtectionPhase } from './operation';
import type { Connectivity, SiteHealth, SiteRole } from './site';
import type { ObjectName } from './stage';
import type { RecordState } from './traffic';
import type { VolumeObservation } from './volume';
import type { FenceState, SeenInstancesByWorkload, WorkloadObservation } from './workload';

/** What was seen of one site. Nothing but `health` is there when the site does not answer. */
export interface SiteObservation {
  readonly role: SiteRole;
  readonly health: SiteHealth;
  readonly workloads: readonly WorkloadObservation[];
  readonly volumes: readonly VolumeObservation[];
  readonly fence: FenceState;
  /** Absent: the driver knows of nothing at its sites but what runbooks name, or the site does not answer. */
  readonly unnamed?: UnnamedWorkloads;
}

/** What would run at a site and is no workload of the runbook: nobody stops it there or starts it anywhere else. */
export type UnnamedWorkloads =
  | { readonly kind: 'seen'; readonly objects: readonly ObjectName[] }
  | { readonly kind: 'unknown'; readonly saw: string };

/** What keeps the hooks of a runbook from running, as the workers see it that would run them. */
export interface HookObservation {
  /** By site: programs that its worker refuses to run, each with the reason; absent: the worker did not answer. */
  readonly refusedCommands: Readonly<Partial<Record<SiteRole, Readonly<Record<string, string>>>>>;
  /** Environment variables that are missing where webhooks are called. */
  readonly missingVariables: readonly string[];
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
  /** Why no record could be read; absent: one or more were, or nothing is known of the reason. */
  readonly recordsUnread?: string;
  /** What the group has last seen of workloads at the active site; absent: nothing. */
  readonly lastSeen?: SeenInstancesByWorkload;
  /** Only when the operation has hooks. */
  readonly hooks?: HookObservation;
}
