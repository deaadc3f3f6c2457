import { SwitchbackFailure } from '../../../core/model/failure';
import type { CallContext } from '../../ports';
import { withinTime } from '../../within-time';
import type { SiteCluster } from '../cluster';
import { hasEnded } from '../kinds/pods-of';
import type { Pod } from '../kube-object';
import { named, volumeLabel, type Claim, type VolumePlace } from './volume-place';

/** Applications are given time to end before; what holds a claim longer than this does not let go of it. */
const freeWithinMs = 30_000;

const mounts = (claims: readonly string[], { spec }: Pod): boolean =>
  (spec.volumes ?? []).some(({ persistentVolumeClaim }) => claims.includes(persistentVolumeClaim?.claimName ?? ''));

/** A pod that copies volumes and writes none. */
export const onlyReads = ({ metadata: { labels = {} } }: Pod): boolean => labels[volumeLabel.writes] === 'false';

/** A pod that copies volumes; it is no application. */
const isMover = ({ metadata: { labels = {} } }: Pod): boolean => labels[volumeLabel.mover] !== undefined;

/**
 * Returns when no pod but those of the mover mounts the claim, as a read of the API server says.
 *
 * @throws SwitchbackFailure `VolumeInUse`, with the names of the pods
 */
export async function awaitUnmounted(place: VolumePlace, why: string, context: CallContext): Promise<void> {
  const { cluster, claim } = place;
  const uses = (pod: Pod): boolean => !hasEnded(pod) && !isMover(pod) && mounts([claim], pod);
  const users = async (): Promise<readonly Pod[]> => (await cluster.list<Pod>('v1', 'pods')).filter(uses);
  if ((await users()).length === 0) return;
  await withinTime({ ms: freeWithinMs, signal: context.signal }, async (signal, late) => {
    for (;;) {
      const gone = (): true | undefined => {
        const [user] = cluster.pods.of('all').filter(uses);
        if (user !== undefined) context.progress({ doing: `waiting until ${user.metadata.name} lets go of ${claim}` });
        return user === undefined ? true : undefined;
      };
      await cluster.pods.until(['all'], gone, signal).catch((error: unknown) => {
        if (!late() || context.signal.aborted) throw error;
      });
      const left = await users();
      if (left.length === 0) return;
      if (late()) throw inUse(place, why, left);
    }
  });
}

function inUse(place: VolumePlace, why: string, left: readonly Pod[]): SwitchbackFailure {
  const names = left.map(({ metadata }) => metadata.name).join(', ');
  const message = `${named(place)} is mounted by ${names}, which still holds the claim "${place.claim}" after ${freeWithinMs / 1000} s; ${why}`;
  return new SwitchbackFailure('VolumeInUse', message, {
    volume: place.volume.name,
    site: place.cluster.site.name,
    pods: names,
  });
}

/** The one node at which a pod can mount these claims, because a pod there does; undefined: any will do. */
export async function nodeOf(
  cluster: SiteCluster,
  claims: readonly (Claim | undefined)[],
): Promise<string | undefined> {
  const single = claims.flatMap((claim) =>
    claim === undefined || claim.spec.accessModes?.some((mode) => mode.endsWith('Many')) === true
      ? []
      : [claim.metadata.name],
  );
  if (single.length === 0) return undefined;
  const pods = await cluster.list<Pod>('v1', 'pods');
  return pods.find((pod) => !hasEnded(pod) && pod.spec.nodeName !== undefined && mounts(single, pod))?.spec.nodeName;
}

/** @throws SwitchbackFailure `VolumeInUse` when the claim lets only one pod in, and one is in */
export async function assertReadable(place: VolumePlace, claim: Claim): Promise<void> {
  if (claim.spec.accessModes?.includes('ReadWriteOncePod') !== true) return;
  const pods = await place.cluster.list<Pod>('v1', 'pods');
  const holder = pods.find((pod) => !hasEnded(pod) && mounts([place.claim], pod));
  if (holder === undefined) return;
  const message =
    `${named(place)} cannot be read while it is mounted by ${holder.metadata.name}: the claim "${place.claim}" is ` +
    'ReadWriteOncePod. Use ReadWriteOnce, or move it while the application is stopped';
  throw new SwitchbackFailure('VolumeInUse', message, { volume: place.volume.name, site: place.cluster.site.name });
}
