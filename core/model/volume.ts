/** A set of data that is replicated, captured and restored as a whole. */
export interface VolumeSpec {
  readonly name: string;
  /** A file of the volume, one record a line, append-only: its complete lines count the records. */
  readonly marker?: { readonly file: string };
  /** Of sites in Kubernetes clusters: where the data are, and how they are copied. */
  readonly kubernetes?: KubernetesVolume;
}

export interface KubernetesVolume {
  /** The PersistentVolumeClaim that holds it, by the name of the site. */
  readonly claims: Readonly<Record<string, string>>;
  /** Most that one pass sends, in KiB a second; absent: as fast as it goes. */
  readonly bandwidthKib?: number;
  /** Given to rsync besides its own: "--acls". */
  readonly rsyncFlags?: readonly string[];
  /** The longest that one pass may take. */
  readonly timeoutSeconds: number;
}

/** active: a workload of `epoch` owns and writes it. replica: only replication writes it. */
export type VolumeRole = 'active' | 'replica' | 'empty';

export interface VolumeObservation {
  readonly volume: string;
  readonly site: string;
  readonly role: VolumeRole;
  /** Epoch of the newest write it may contain. 0 for an empty volume. */
  readonly epoch: number;
  /** Of a replica, and of what was just copied from one: every write acknowledged at the source before this instant is in it. */
  readonly asOf?: string;
  /** Complete records in the marker file; absent when the volume declares no marker. */
  readonly records?: number;
  readonly bytes: number;
  readonly files: number;
  readonly points: readonly RecoveryPoint[];
}

/** A recovery point: a named, unchanging image of a volume. */
export interface RecoveryPoint {
  /** Unique within the volume and the site: "20261121T101500.123Z-7". */
  readonly id: string;
  readonly volume: string;
  readonly site: string;
  /** What the volume was when the point was taken: restoring makes it that again. */
  readonly role: 'active' | 'replica';
  readonly epoch: number;
  /** Every write acknowledged before this instant is in the point. */
  readonly asOf: string;
  readonly capturedAt: string;
  /** application: nothing was writing. crash: as after a power cut. */
  readonly consistency: 'application' | 'crash';
  /** Points of all volumes that were taken while the application was quiesced belong together. */
  readonly set?: PointSet;
  /** Why it is kept beyond the retention policy ("before failback shop-42"); absent: thinned by policy. */
  readonly reason?: string;
  readonly records?: number;
  readonly files: number;
  readonly bytes: number;
  /** Of `bytes`, those that the point before did not have and that it takes up itself; absent: not known. */
  readonly newBytes?: number;
}

/** Recovery points of one quiesce of the application, one of each volume. */
export interface PointSet {
  readonly id: string;
  /** ISO instant from which on the application kept still. */
  readonly quiescedAt: string;
}

/** What one pass of replication did. */
export interface SyncResult {
  readonly volume: string;
  readonly source: string;
  readonly target: string;
  readonly epoch: number;
  /** Every write acknowledged at the source before this instant is now at the target. */
  readonly asOf: string;
  readonly filesCompared: number;
  readonly bytesCompared: number;
  readonly filesChanged: number;
  readonly filesDeleted: number;
  /** Bytes of the changed files. */
  readonly bytesChanged: number;
  /** Bytes that had to be transferred: of a large file only its changed blocks. */
  readonly bytesSent: number;
  readonly durationMs: number;
  /** Sockets, pipes and devices of the source, which are never copied; absent: there are none. */
  readonly filesSkipped?: number;
  readonly records?: number;
  /** Only of a final sync. */
  readonly proof?: SyncProof;
}

/** Proof that both sides hold the same data: content hashes over every file of each side, read after the copy. */
export interface SyncProof {
  readonly method: 'sha256-tree';
  readonly files: number;
  readonly bytes: number;
  readonly sourceDigest: string;
  readonly targetDigest: string;
  readonly comparedAt: string;
}

/** Keep one point every `everySeconds` for points younger than `forSeconds`. */
export interface RetentionRule {
  readonly everySeconds: number;
  readonly forSeconds: number;
}

export interface ReplicationPolicy {
  /** Seconds between two passes. */
  readonly everySeconds: number;
  /** Seconds between two recovery points. */
  readonly pointEverySeconds: number;
  readonly retention: readonly RetentionRule[];
}

/** How the application is made to keep still for recovery points that are consistent for it. */
export interface ApplicationPointsPolicy {
  /** Seconds between two sets of points; of the reverse direction `FailbackPolicy.applicationPointEverySeconds`. */
  readonly everySeconds: number;
  /** Programs with their arguments, run at the active site without a shell. `resume` must do no harm when nothing is quiesced. */
  readonly quiesce: readonly string[];
  readonly resume: readonly string[];
  /** The longest that the application is kept still, in seconds from the beginning of `quiesce`. */
  readonly timeoutSeconds: number;
}

/** Policy of the reverse direction. Derived unless given: RPO 15 minutes, points kept 24 hours, application-consistent hourly. */
export interface FailbackPolicy extends ReplicationPolicy {
  readonly rpoSeconds: number;
  readonly applicationPointEverySeconds: number;
}
