import type { WorstLag } from '../../model/protection';
import type { RecoveryPoint, SyncProof, SyncResult, VolumeObservation } from '../../model/volume';
import type { FenceState } from '../../model/workload';

/**
 * What activities put into `StepResult.facts`, looked at with suspicion: a report of an older or stranger worker must still
 * be written, so that whatever does not have the expected form counts as not said.
 */
export const syncFact = (facts: unknown): SyncResult | undefined =>
  read<SyncResult>(facts, 'sync', { texts: ['volume', 'source', 'target'], numbers: ['bytesSent'] });

/** Only of a final sync. */
export const proofOf = (sync: SyncResult): SyncProof | undefined =>
  read<SyncProof>(sync, 'proof', {
    texts: ['sourceDigest', 'targetDigest', 'comparedAt'],
    numbers: ['files', 'bytes'],
  });

export const pointFact = (facts: unknown): RecoveryPoint | undefined =>
  read<RecoveryPoint>(facts, 'point', {
    texts: ['id', 'volume', 'site', 'asOf', 'capturedAt', 'consistency'],
    numbers: ['epoch', 'files', 'bytes'],
  });

export const volumeFact = (facts: unknown): VolumeObservation | undefined =>
  read<VolumeObservation>(facts, 'volume', { texts: ['volume', 'site', 'role'], numbers: ['epoch'] });

export const fenceFact = (facts: unknown): FenceState | undefined =>
  read<FenceState>(facts, 'fence', { texts: ['site', 'fencing', 'saw'], numbers: [] });

export const worstLagFact = (facts: unknown): WorstLag | undefined =>
  read<WorstLag>(facts, 'worstLag', { texts: ['at'], numbers: ['seconds'] });

interface Fields {
  readonly texts: readonly string[];
  readonly numbers: readonly string[];
}

function read<Fact>(facts: unknown, name: string, fields: Fields): Fact | undefined {
  const value = isObject(facts) ? facts[name] : undefined;
  return hasFields(value, fields) ? (value as Fact) : undefined;
}

const hasFields = (value: unknown, { texts, numbers }: Fields): boolean =>
  isObject(value) &&
  texts.every((field) => typeof value[field] === 'string') &&
  numbers.every((field) => Number.isFinite(value[field]));

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
