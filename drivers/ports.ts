import type { CheckObservation, CheckSpec } from '../core/model/check';
import type { Connectivity, SiteHealth, SiteSpec } from '../core/model/site';
import type { RecordState, Resolution, TrafficSpec } from '../core/model/traffic';
import type {
  PointSet,
  RecoveryPoint,
  RetentionRule,
  SyncResult,
  VolumeObservation,
  VolumeSpec,
} from '../core/model/volume';
import type { FenceState, WorkloadObservation, WorkloadSpec } from '../core/model/workload';

/**
 * What drivers do for the activities. Each sentence below is a test in test/contract, and every driver passes all of them.
 *
 * For every method:
 * - A mutation begins the work or continues what an earlier call with the same operation key began; calling it again after
 *   it was done changes nothing and gives an equivalent answer.
 * - A mutation refuses an epoch lower than the fence of the site (`Fenced`) or than what it would overwrite.
 * - Of the copy of a drill (core/model/drill.ts) every mutation but `prepareCopy` and `removeCopy` is refused with
 *   `StaleAttempt`, and leaves nothing behind, unless the copy is prepared at the site (of `sync`: at the target) for the run.
 * - What cannot be found out is reported as unknown or unconfirmed, never as a good answer.
 * - A site that does not answer throws `SiteUnreachable`; only `siteHealth`, `connectivity` and `fencing` report it as a value.
 * - Cancelling through `signal` ends the call soon, and leaves a state from which the same call can be made again.
 */
export interface CallContext {
  readonly signal: AbortSignal;
  /** Called often while long work goes on. */
  readonly progress: (progress: Progress) => void;
}

export interface Progress {
  /** What is being done, in words: "comparing", "copying orders.log". */
  readonly doing: string;
  readonly done?: number;
  readonly total?: number;
  readonly unit?: 'bytes' | 'files' | 'tries';
}

/** Carried by every mutation. */
export interface Mutation {
  readonly group: string;
  /** "<run>/<step>": the same for every attempt of the same step. */
  readonly operationKey: string;
  /** Epoch on whose behalf the change is made. */
  readonly epoch: number;
}

export interface WorkloadDriver {
  /** Says whether the site answers, and what of it is in order. Changes nothing. */
  siteHealth(site: SiteSpec, context: CallContext): Promise<SiteHealth>;

  /** Tries the way from one site to the other, as replication will use it. Changes nothing. */
  connectivity(from: SiteSpec, to: SiteSpec, context: CallContext): Promise<Connectivity>;

  /** Looks at each workload, in the order given. A workload that was never started is stopped. Changes nothing. */
  inspect(
    site: SiteSpec,
    group: string,
    workloads: readonly WorkloadSpec[],
    context: CallContext,
  ): Promise<readonly WorkloadObservation[]>;

  /**
   * Stops every instance of the workload that was started with an epoch lower than or equal to the mutation's; an instance
   * of a higher epoch is left alone and answers `StaleEpoch`. Asks politely, waits for the grace time, then ends it by force.
   * Returns only when the workload is proven stopped; otherwise throws `StopFailed` with what was seen.
   * Stopping what is stopped succeeds.
   * A stop that was done, and that the start of another step has undone since, is refused with `StaleAttempt`.
   */
  stop(site: SiteSpec, workload: WorkloadSpec, mutation: Mutation, context: CallContext): Promise<WorkloadObservation>;

  /**
   * Starts the workload with the epoch of the mutation and returns when it is running, not yet when it is healthy.
   * An instance of the same epoch that already runs counts as started; one of a lower epoch is refused with `StartFailed`.
   * Refused with `Fenced` when the fence of the site is higher than the epoch.
   * A workload that ends at once throws `StartFailed` with the last lines of its log.
   */
  start(site: SiteSpec, workload: WorkloadSpec, mutation: Mutation, context: CallContext): Promise<WorkloadObservation>;

  /**
   * From the moment of return, nothing of the group with an epoch lower than the mutation's gets a write acknowledged at the
   * site. The fence survives restarts of everything and is never lowered by a later call with a lower epoch.
   */
  fence(site: SiteSpec, mutation: Mutation, context: CallContext): Promise<FenceState>;

  /** Lets the epoch of the mutation (and higher ones) write at the site. Lower epochs stay fenced out. */
  unfence(site: SiteSpec, mutation: Mutation, context: CallContext): Promise<FenceState>;

  /**
   * Makes room at the site for the copy of a drill: removes what an earlier one left, and lets the run of the mutation, and no
   * other, start workloads of the copy and copy volumes for it; those of every other run are refused with `StaleAttempt`.
   * Refuses a group that is no copy (core/model/drill.ts) with `InvalidInput`.
   */
  prepareCopy(site: SiteSpec, mutation: Mutation, context: CallContext): Promise<RemovedCopy>;

  /**
   * Ends every process of the copy and removes all that is kept of it; returns when nothing is left, not even a trace of the
   * driver's own. From then on the run cannot start or copy anything of it. The copy of another run is left alone.
   */
  removeCopy(site: SiteSpec, mutation: Mutation, context: CallContext): Promise<RemovedCopy>;

  /** Reads the fence of the group at the site; `unconfirmed` when the site does not answer. Changes nothing. */
  fencing(site: SiteSpec, group: string, context: CallContext): Promise<FenceState>;
}

/** What there was of a copy: workloads and volumes, by name. */
export interface RemovedCopy {
  readonly removed: readonly string[];
}

export interface SyncRequest extends Mutation {
  readonly volume: VolumeSpec;
  readonly source: SiteSpec;
  readonly target: SiteSpec;
  /** True: the source is stopped; the pass ends with content hashes of both sides, returned as `proof`. */
  readonly final: boolean;
}

export interface CaptureRequest extends Mutation {
  readonly volume: VolumeSpec;
  readonly site: SiteSpec;
  readonly consistency: RecoveryPoint['consistency'];
  /** Present: kept until removed by name. Absent: thinned by the retention policy. */
  readonly reason?: string;
  /**
   * The point belongs to this set of points, and must hold the pass of replication that ended with `asOf`.
   * A volume that is no replica, or holds another pass by now, is refused with `StaleAttempt`.
   */
  readonly ofPass?: { readonly set: PointSet; readonly asOf: string };
}

export interface RestoreRequest extends Mutation {
  readonly volume: VolumeSpec;
  readonly site: SiteSpec;
  /** Id of a recovery point at that site, or "latest": the replica as it is. */
  readonly point: string;
}

export interface CopyRequest extends Mutation {
  readonly volume: VolumeSpec;
  readonly site: SiteSpec;
  /** The group whose volume is copied; `group` is the one that gets it. */
  readonly from: string;
  /** Id of a recovery point at that site, or "latest": the replica as it is. */
  readonly point: string;
}

export interface ReplicationDriver {
  /** Looks at each volume and its recovery points, in the order given, newest point first. Changes nothing. */
  observe(
    site: SiteSpec,
    group: string,
    volumes: readonly VolumeSpec[],
    context: CallContext,
  ): Promise<readonly VolumeObservation[]>;

  /**
   * Makes the target a replica of the source. Transfers only what changed (of large files the changed blocks), keeps modes,
   * times and symbolic links, removes what the source no longer has.
   * The replica is at every moment the one of a complete pass: an interrupted pass leaves the earlier one current.
   * Refuses with `DataNewer`, changing nothing, when the target's epoch is higher than the source's, or when the target is
   * active at the same epoch.
   * Of two passes onto one target at a time, at most one takes effect; the other ends with `StaleAttempt`.
   * With `final`, the digests of both sides are computed from content after the copy; when they differ it throws `SyncMismatch`.
   */
  sync(request: SyncRequest, context: CallContext): Promise<SyncResult>;

  /**
   * Keeps an image of the volume under a new id; the same operation key gives the same point. Shares unchanged data.
   * Says in `newBytes` how many of its bytes the point before did not have.
   */
  capture(request: CaptureRequest, context: CallContext): Promise<RecoveryPoint>;

  /**
   * Makes the volume what it was when the point was taken: content, role, epoch and asOf; the point stays.
   * Unknown or damaged: `RecoveryPointMissing`.
   */
  restore(request: RestoreRequest, context: CallContext): Promise<VolumeObservation>;

  /**
   * Makes of the recovery point a volume of the copy, active with the epoch of the mutation. Shares nothing that a workload could
   * write with the volume or its points, and changes neither: replication goes on meanwhile, and the copy is that of one pass.
   * Unknown or damaged: `RecoveryPointMissing`. A copy that is not prepared for the run: `StaleAttempt`.
   */
  copy(request: CopyRequest, context: CallContext): Promise<VolumeObservation>;

  /** Marks the volume active with the epoch of the mutation, so that no sync of that or a lower epoch may overwrite it. */
  claim(site: SiteSpec, volume: VolumeSpec, mutation: Mutation, context: CallContext): Promise<VolumeObservation>;

  /**
   * Removes the points that the rules no longer keep, never one with a reason, never the newest. Returns the ids removed.
   * Application-consistent points are kept by the rules as if there were no others, and the newest of them always.
   * `now` is an ISO instant.
   */
  thin(
    site: SiteSpec,
    volume: VolumeSpec,
    policy: { readonly group: string; readonly rules: readonly RetentionRule[]; readonly now: string },
    context: CallContext,
  ): Promise<readonly string[]>;
}

export interface SwitchRequest extends Mutation {
  readonly record: TrafficSpec;
  /** Values that must be there now; anything else is `RecordChanged` and nothing is changed. */
  readonly expected: readonly string[];
  readonly next: readonly string[];
  readonly ttlSeconds: number;
}

export interface TrafficDriver {
  /** Reads the record at the provider. Changes nothing. */
  current(record: TrafficSpec, context: CallContext): Promise<RecordState>;

  /**
   * Replaces values, TTL and owner epoch in one atomic change that holds only if all of them are still as read.
   * Already as asked with the same epoch: done. A record of a higher epoch: `StaleEpoch`.
   */
  switch(request: SwitchRequest, context: CallContext): Promise<RecordState>;

  /** Changes the TTL alone, the same way. Values other than `expected`: `RecordChanged`. */
  setTtl(request: Omit<SwitchRequest, 'next'>, context: CallContext): Promise<RecordState>;

  /** Asks the name servers, as a client would; never the provider's API. Changes nothing. */
  resolve(record: TrafficSpec, context: CallContext): Promise<Resolution>;
}

/** What a check may know of what it checks. */
export interface CheckTarget {
  readonly group: string;
  readonly site: SiteSpec;
  readonly epoch: number;
}

export interface CheckDriver {
  /**
   * One try, never longer than the timeout of the check. A wrong, late or missing answer is `ok: false` with what was seen;
   * only a check that can never be right (address or command not allowed, unknown volume) throws. Changes nothing.
   */
  probe(check: CheckSpec, target: CheckTarget, context: CallContext): Promise<CheckObservation>;
}
