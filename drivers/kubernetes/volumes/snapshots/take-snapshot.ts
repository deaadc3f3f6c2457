import type { SwitchbackFailure } from '../../../../core/model/failure';
import type { CallContext } from '../../../ports';
import { withinTime } from '../../../within-time';
import { isStatus } from '../../client/kube-error';
import { beating } from '../beating';
import { unlessThere } from '../claim-like';
import { labelsOf, volumeLabel, type VolumePlace } from '../volume-place';
import {
  snapshotFailed,
  snapshotPath,
  snapshotPlural,
  snapshotVersion,
  storageWithinMs,
  type VolumeSnapshot,
} from './volume-snapshot';

/** Controllers of snapshots tell errors that are over with their next try, such as a conflict of two writers. */
const errorStandsMs = 10_000;

interface Wanted {
  readonly name: string;
  readonly pass: string;
  /** Of the snapshot class. */
  readonly className: string;
}

/**
 * Has the storage take a snapshot of the claim, and returns when it can be used, as a watch says. The name is of the caller's
 * choice and new.
 *
 * @throws SwitchbackFailure `SnapshotFailed` with the error that the snapshot tells
 */
export async function takeSnapshot(place: VolumePlace, wanted: Wanted, context: CallContext): Promise<void> {
  const { cluster, claim } = place;
  const { name, pass, className } = wanted;
  const snapshot = {
    apiVersion: snapshotVersion,
    kind: 'VolumeSnapshot',
    metadata: { name, labels: { ...labelsOf(place), [volumeLabel.pass]: pass } },
    spec: { volumeSnapshotClassName: className, source: { persistentVolumeClaimName: claim } },
  };
  const creation = cluster.client.create(snapshotPath(place), snapshot, context.signal).catch((error: unknown) => {
    if (isStatus(error, 404)) throw failed(place, name, 'the cluster has no VolumeSnapshots');
    throw error;
  });
  await unlessThere(creation);
  await beating(context, `waiting until snapshot ${name} can be used`, async () =>
    withinTime({ ms: storageWithinMs, signal: context.signal }, async (signal, late) =>
      awaitReady(place, name, { signal, late, context }),
    ),
  );
}

interface Waiting {
  readonly signal: AbortSignal;
  readonly late: () => boolean;
  readonly context: CallContext;
}

async function awaitReady(place: VolumePlace, name: string, { signal, late, context }: Waiting): Promise<void> {
  const snapshots = place.cluster.watch<VolumeSnapshot>(snapshotVersion, snapshotPlural);
  const error = (): string | undefined => snapshots.get(name)?.status?.error?.message;
  const ready = (): true | undefined => snapshots.get(name)?.status?.readyToUse === true || undefined;
  const settled = (): 'ready' | 'error' | undefined =>
    (ready() && 'ready') ?? (error() === undefined ? undefined : 'error');
  try {
    while ((await snapshots.until([{ name }], settled, signal)) === 'error') {
      context.progress({ doing: `waiting whether snapshot ${name} gets over: ${error() ?? ''}` });
      const over = await withinTime({ ms: errorStandsMs, signal }, async (inTime, stands) =>
        snapshots
          .until([{ name }], () => ready() ?? (error() === undefined || undefined), inTime)
          .catch((reason: unknown) => {
            if (!stands() || signal.aborted) throw reason;
            return false;
          }),
      );
      if (!over) throw failed(place, name, error() ?? 'it tells no error any more');
    }
  } catch (reason) {
    if (!late() || context.signal.aborted) throw reason;
    throw failed(place, name, error() ?? `it is not ready after ${storageWithinMs / 1000} s`);
  }
}

const failed = (place: VolumePlace, name: string, saw: string): SwitchbackFailure =>
  snapshotFailed(place, name, `did not become ready: ${saw}`);
