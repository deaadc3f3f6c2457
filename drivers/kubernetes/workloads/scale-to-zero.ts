import { againOnConflict } from '../client/again-on-conflict';
import type { SiteCluster } from '../cluster';
import type { WorkloadObject } from '../kube-object';
import { annotation } from './annotations';
import { setAutoscalersAside, type Autoscaler } from './autoscalers';
import { pathOf, readTarget, type Target } from './target';

export interface Stopping {
  /** Refuses, by throwing, what may not be stopped; looked at again when the object has changed meanwhile. */
  readonly assertMayStop: (object: WorkloadObject) => void;
  /** Whether an object without instances was switched off by somebody, which is then written down. */
  readonly wasOff?: (object: WorkloadObject) => boolean;
  /** What is written down on the object, in the same change. */
  readonly annotations: (object: WorkloadObject) => Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** As read a moment ago; absent: they are read. */
  readonly autoscalers?: readonly Autoscaler[];
}

/**
 * Takes the object's instances away, and keeps their number on it; one change that holds only while the object is as it was
 * read. What is stopped already is left as it is.
 */
export async function scaleToZero(
  cluster: SiteCluster,
  target: Target & { readonly object: WorkloadObject },
  { assertMayStop, wasOff, annotations, signal, autoscalers }: Stopping,
): Promise<void> {
  let known: WorkloadObject | undefined = target.object;
  await againOnConflict(signal, async () => {
    const object = known ?? (await readTarget(cluster, target));
    known = undefined;
    if (object === undefined) return;
    assertMayStop(object);
    const isOff = target.kind.wanted(object) === 0;
    if (isOff && wasOff?.(object) !== true) return;
    const { resourceVersion } = object.metadata;
    const written = { ...annotations(object), [annotation.replicas]: target.kind.original(object) };
    const spec = isOff ? {} : target.kind.stopped();
    await change(cluster, target, { resourceVersion, annotations: written }, spec);
  });
  await setAutoscalersAside(cluster, target, signal, autoscalers);
}

/**
 * Metadata and spec in one change, of custom kinds too: through `/scale` it would be two, and a late attempt that has passed the
 * first could do the second.
 */
export const change = async (
  cluster: SiteCluster,
  target: Target,
  metadata: object,
  spec: object,
): Promise<WorkloadObject> => cluster.client.patch<WorkloadObject>(pathOf(cluster, target), { metadata, spec });
