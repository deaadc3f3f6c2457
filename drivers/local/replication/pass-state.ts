import type { RecordCounter } from './count-records';
import type { Pacer } from './pacer';
import type { Evidence } from './tree/evidence';
import type { RawPath } from './tree/raw-path';
import type { Tree, TreeEntry } from './tree/scan-tree';
import type { Attempt, StagedFile } from './volume/attempt';

/** One attempt to make the content of a volume that of a source. */
export interface Pass {
  readonly source: Side;
  readonly target: Side;
  readonly attempt: Attempt;
  readonly pacer: Pacer;
  readonly durable: boolean;
  /** What earlier passes found to be the same on both sides; consulted in this order. */
  readonly known: readonly ReadonlyMap<RawPath, Evidence>[];
  /** What this pass found besides the `proof` of the source's entries. */
  readonly learned: Map<RawPath, Evidence>;
  readonly earlier: ReadonlyMap<RawPath, StagedFile>;
  /** Open staged files whose content is not known to be on disk yet. */
  readonly unsynced: number[];
  readonly counter: RecordCounter;
  readonly isMarker: (path: RawPath) => boolean;
  /** Lines of the marker file of the target before the pass. */
  readonly knownLines: number | undefined;
  /** True: modes and times come from the source's listing and not from its files. */
  readonly metadataFromEntry: boolean;
  /** Throws when the source's file is not what it should be. */
  readonly verifySource: ((entry: TreeEntry) => Promise<void>) | undefined;
  readonly counts: PassCounts;
  readonly nextSlot: () => string;
}

export interface Side {
  readonly data: RawPath;
  /** Of the target without the files that are known to be right. */
  readonly tree: Tree;
}

export interface PassCounts {
  filesChanged: number;
  filesDeleted: number;
  bytesChanged: number;
  bytesSent: number;
  /** Sockets, pipes and devices of the source. */
  skipped: number;
  /** Complete lines of the marker file in the target after the pass. */
  lines: number | undefined;
}
