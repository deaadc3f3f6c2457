import { SwitchbackFailure } from '../../../core/model/failure';
import type { SyncProof, SyncResult } from '../../../core/model/volume';
import type { SyncRequest } from '../../ports';
import type { RecordCounter } from './count-records';
import type { Pacer } from './pacer';
import type { VolumeFolder } from './volume/volume-record';
import { differences, digestTree, type TreeDigest } from './tree/tree-digest';

export interface SyncWork {
  readonly request: SyncRequest;
  readonly source: VolumeFolder;
  readonly target: VolumeFolder;
  readonly pacer: Pacer;
  readonly counter: RecordCounter;
}

/**
 * Reads both sides in full and compares. Differences that the times of the files hid are repaired once, by a pass that
 * compares content; what differs even then is being written: `SyncMismatch`.
 */
export async function proveEqual(
  work: SyncWork,
  result: SyncResult,
  repair: () => Promise<SyncResult>,
): Promise<SyncResult> {
  const started = performance.now();
  const first = await digestBoth(work);
  if (equal(first)) return proven(result, first, started);
  const repaired = await repair();
  const second = await digestBoth(work);
  if (equal(second)) return proven(added(result, repaired), second, started);
  throw mismatch(work, second);
}

interface BothSides {
  readonly source: TreeDigest;
  readonly target: TreeDigest;
}

/** At the same time: one side is read while the other is hashed. */
async function digestBoth({ source, target, pacer }: SyncWork): Promise<BothSides> {
  await pacer.breathe({ doing: 'proving' });
  const [first, second] = await Promise.all([digestTree(source.data, pacer), digestTree(target.data, pacer)]);
  return { source: first, target: second };
}

const equal = ({ source, target }: BothSides): boolean => source.digest === target.digest;

function proven(result: SyncResult, { source, target }: BothSides, started: number): SyncResult {
  const proof: SyncProof = {
    method: 'sha256-tree',
    files: target.files,
    bytes: target.bytes,
    sourceDigest: source.digest,
    targetDigest: target.digest,
    comparedAt: new Date().toISOString(),
  };
  return { ...result, durationMs: result.durationMs + Math.round(performance.now() - started), proof };
}

function added(first: SyncResult, second: SyncResult): SyncResult {
  return {
    ...second,
    filesChanged: first.filesChanged + second.filesChanged,
    filesDeleted: first.filesDeleted + second.filesDeleted,
    bytesChanged: first.bytesChanged + second.bytesChanged,
    bytesSent: first.bytesSent + second.bytesSent,
    durationMs: first.durationMs,
  };
}

function mismatch({ request }: SyncWork, { source, target }: BothSides): SwitchbackFailure {
  const paths = differences(source, target);
  const named = paths
    .slice(0, 3)
    .map((path) => `"${path}"`)
    .join(', ');
  const more = paths.length > 3 ? ` and ${paths.length - 3} more` : '';
  return new SwitchbackFailure(
    'SyncMismatch',
    `volume "${request.volume.name}": ${named}${more} differ between "${request.source.name}" and "${request.target.name}" ` +
      'after the final sync; something still writes',
    { sourceDigest: source.digest, targetDigest: target.digest, paths: paths.slice(0, 20) },
  );
}
