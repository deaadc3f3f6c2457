import { setTimeout as pause } from 'node:timers/promises';
import type { SwitchbackFailure } from '../../../../core/model/failure';
import type { CallContext } from '../../../ports';
import type { KubeList, KubeObject } from '../../kube-object';
import { quantity } from '../../health/quantity';
import { claimLike, sizeOf } from '../claim-like';
import { readSnapshot, snapshotFailed, storageWithinMs } from '../snapshots/volume-snapshot';
import { type Claim, readClaim, type VolumePlace } from '../volume-place';

/** A snapshot that a claim is made of, for one pod. */
export interface MadeOf {
  /** Name of the VolumeSnapshot. */
  readonly snapshot: string;
  /** The claim that it was taken of. */
  readonly like: Claim;
  /** Size of the smallest claim that takes it. */
  readonly restoreSize?: string;
}

interface StorageClass extends KubeObject {
  readonly volumeBindingMode?: string;
}

interface Event extends KubeObject {
  readonly type?: string;
  readonly message?: string;
}

const betweenLooksMs = 500;

/**
 * Makes a claim of a snapshot and returns when it has its volume, so that no pod is told that no node takes it meanwhile. A class
 * that waits for the pod is not waited for.
 *
 * @throws SwitchbackFailure `SnapshotFailed` with the last warning about the claim
 */
export async function makeClaimOf(
  { snapshot, like, restoreSize = '0' }: MadeOf,
  { place, metadata }: { readonly place: VolumePlace; readonly metadata: { readonly name: string } },
  context: Pick<CallContext, 'signal' | 'progress'>,
): Promise<void> {
  const { cluster } = place;
  const body = claimLike(like, metadata, Math.max(sizeOf(like), quantity(restoreSize)), {
    apiGroup: 'snapshot.storage.k8s.io',
    kind: 'VolumeSnapshot',
    name: snapshot,
  });
  await cluster.client.create(cluster.path('v1', 'persistentvolumeclaims'), body, context.signal);
  if (await waitsForPod(place, like)) return;
  for (const since = performance.now(); ; await pause(betweenLooksMs, undefined, { signal: context.signal })) {
    const claim = await readClaim({ ...place, claim: metadata.name });
    if (claim?.status?.phase === 'Bound') return;
    context.progress({ doing: `waiting until claim ${metadata.name} is made of snapshot ${snapshot}` });
    const isGone = claim === undefined || (await readSnapshot(place, snapshot)) === undefined;
    if (isGone || performance.now() - since > storageWithinMs) throw await notMade(place, metadata.name, snapshot);
  }
}

async function waitsForPod({ cluster }: VolumePlace, { spec }: Claim): Promise<boolean> {
  const path = '/apis/storage.k8s.io/v1/storageclasses';
  const { items } = await cluster.client.get<KubeList<StorageClass>>(path);
  const own = items.find(({ metadata }) => metadata.name === spec.storageClassName);
  return own?.volumeBindingMode === 'WaitForFirstConsumer';
}

async function notMade(place: VolumePlace, claim: string, snapshot: string): Promise<SwitchbackFailure> {
  const { cluster } = place;
  const query = { fieldSelector: `involvedObject.name=${claim}` };
  const { items } = await cluster.client.get<KubeList<Event>>(cluster.path('v1', 'events'), { query });
  const saw = items.filter(({ type }) => type === 'Warning').at(-1)?.message ?? 'nobody says why';
  return snapshotFailed(place, snapshot, `could not be made a claim: ${saw}`);
}
