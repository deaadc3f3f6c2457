import type { SiteSpec } from '../../core/model/site';
import type { RecoveryPoint, VolumeSpec } from '../../core/model/volume';
import type { CallContext, ReplicationDriver } from '../../drivers/ports';
import type { TwoSiteFixture } from './contract';

/** One entry of a volume: a file, or a symbolic link. */
export type TreeEntry =
  { readonly content: string; readonly mode: number; readonly modifiedMs: number } | { readonly link: string };

/** The content of a volume by path, folders left out. */
export type Tree = Readonly<Record<string, TreeEntry>>;

export interface FileToWrite {
  readonly path: string;
  readonly content: string;
  readonly mode?: number;
  /** Time of last modification; default: now. */
  readonly modifiedMs?: number;
}

/** Two sites with empty volumes, and the powers that the tests of the port need. */
export interface ReplicationFixture extends TwoSiteFixture {
  readonly driver: ReplicationDriver;
  /** Declares the marker file `orders.log`. */
  readonly volume: VolumeSpec;
  readonly another: VolumeSpec;
  /** Size from which a file counts as large, in bytes: its unchanged blocks are not sent. */
  readonly largeFileBytes: number;
  /** Writes below the driver, as a workload of the site would. */
  readonly write: (site: SiteSpec, volume: VolumeSpec, files: readonly FileToWrite[]) => Promise<void>;
  readonly link: (site: SiteSpec, volume: VolumeSpec, path: string, target: string) => Promise<void>;
  readonly remove: (site: SiteSpec, volume: VolumeSpec, path: string) => Promise<void>;
  readonly tree: (site: SiteSpec, volume: VolumeSpec) => Promise<Tree>;
  /** Makes room for the copy of a drill, as a step of that operation key. Gives what it removed. */
  readonly prepareCopy: (site: SiteSpec, operationKey: string) => Promise<readonly string[]>;
  /** Removes the copy of a drill, as a step of that operation key. */
  readonly removeCopy: (site: SiteSpec, operationKey: string) => Promise<void>;
  /** Writes to a volume of the copy, as a workload of the copy would. */
  readonly writeCopy: (site: SiteSpec, volume: VolumeSpec, files: readonly FileToWrite[]) => Promise<void>;
  readonly fence: (site: SiteSpec, epoch: number) => Promise<void>;
  /** A call during which something keeps writing at the source, so that a copy cannot be equal to it. */
  readonly disturbed: (source: SiteSpec, volume: VolumeSpec) => Promise<CallContext>;
  /** Spoils the kept image of a point, as a failing disk would. */
  readonly damage: (site: SiteSpec, point: RecoveryPoint) => Promise<void>;
  /** Bytes that the volume and all its points occupy at the site, shared data counted once. */
  readonly storedBytes: (site: SiteSpec, volume: VolumeSpec) => Promise<number>;
}
