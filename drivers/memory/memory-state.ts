import type { RecordState } from '../../core/model/traffic';
import type { RecoveryPoint, SyncResult, VolumeRole } from '../../core/model/volume';
import type { Fencing, WorkloadSpec } from '../../core/model/workload';

/** Everything that in-memory sites consist of: plain JSON, so that a world can be made anew from the state of another. */
export interface MemoryState {
  readonly sites: Record<string, SiteState>;
  /** By record name and type, "shop.example A". */
  readonly records: Record<string, RecordEntry>;
  /** False: neither the provider nor its name servers answer. */
  providerAnswers: boolean;
  /** How many recovery points were ever made: the end of their ids. */
  points: number;
}

export interface SiteState {
  isolated: boolean;
  readonly groups: Record<string, GroupState>;
}

export interface GroupState {
  /** Of the copy of a drill: the run that it is of. */
  readonly copyRun?: string;
  readonly fence: FenceEntry;
  readonly workloads: Record<string, InstanceState>;
  readonly volumes: Record<string, VolumeState>;
}

export interface FenceEntry {
  /** Lowest epoch that may write. */
  epoch: number;
  fencing: Extract<Fencing, 'fenced' | 'unfenced'>;
  /** The site came back after it was cut off: nothing may write until the fence is set anew. */
  quarantined: boolean;
}

export interface InstanceState {
  readonly spec: WorkloadSpec;
  running: boolean;
  /** Of the last start. */
  readonly epoch: number;
  readonly startedBy: string;
  /** How often it was started, this time included. */
  readonly starts: number;
  stoppedBy?: string;
  /** Steps that have stopped it before this start. */
  readonly earlierStops: readonly string[];
  endedBy?: 'request' | 'force';
}

export type MemoryFile =
  { readonly content: string; readonly mode: number; readonly modifiedMs: number } | { readonly link: string };

/** Content of a volume: files and symbolic links by path. Never changed in place, so that images can share it. */
export type MemoryContent = Readonly<Record<string, MemoryFile>>;

export interface VolumeState {
  role: VolumeRole;
  epoch: number;
  asOf?: string;
  content: MemoryContent;
  /** Newest first. */
  points: readonly StoredPoint[];
  /** Results of passes onto this volume by operation key. */
  readonly passes: Record<string, SyncResult>;
  restoredBy?: string;
}

export interface StoredPoint {
  readonly point: RecoveryPoint;
  readonly operationKey: string;
  /** Absent: the image is damaged. */
  content?: MemoryContent;
}

export interface RecordEntry {
  held: RecordState;
  /** What the name servers answer. */
  served: { readonly values: readonly string[]; readonly ttlSeconds: number };
}

export function emptyState(sites: readonly string[]): MemoryState {
  const entries = sites.map((name): [string, SiteState] => [name, { isolated: false, groups: {} }]);
  return { sites: Object.fromEntries(entries), records: {}, providerAnswers: true, points: 0 };
}

const emptyVolume = (): VolumeState => ({ role: 'empty', epoch: 0, content: {}, points: [], passes: {} });

/** What a reader sees of a group that nothing was ever done to; not part of the state. */
const emptyGroup = (): GroupState => ({
  fence: { epoch: 0, fencing: 'unfenced', quarantined: false },
  workloads: {},
  volumes: {},
});

/** For reading: leaves the state as it is. */
export function seenGroup(site: SiteState, group: string): GroupState {
  return own(site.groups, group) ?? emptyGroup();
}

/** For changing: a group of which nothing is left, or that of a copy for the run. */
export function clearGroup(site: SiteState, group: string, copyRun?: string): void {
  if (copyRun === undefined) delete site.groups[group];
  else site.groups[group] = { ...emptyGroup(), copyRun };
}

/** For changing: the group is made when it is missing. */
export function changedGroup(site: SiteState, group: string): GroupState {
  return (site.groups[group] = own(site.groups, group) ?? emptyGroup());
}

export function seenVolume(site: SiteState, group: string, volume: string): VolumeState {
  return own(seenGroup(site, group).volumes, volume) ?? emptyVolume();
}

export function changedVolume(site: SiteState, group: string, volume: string): VolumeState {
  const { volumes } = changedGroup(site, group);
  return (volumes[volume] = own(volumes, volume) ?? emptyVolume());
}

/** Names come from runbooks: "constructor" is a name like any other. */
export function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

export const recordKey = ({ name, type }: Pick<RecordState, 'name' | 'type'>): string => `${name} ${type}`;
