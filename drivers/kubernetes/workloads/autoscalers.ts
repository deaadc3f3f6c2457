import { againOnConflict } from '../client/again-on-conflict';
import type { SiteCluster } from '../cluster';
import type { KubeObject } from '../kube-object';
import { annotation } from './annotations';
import type { Target } from './target';

export interface Autoscaler extends KubeObject {
  readonly spec: { readonly scaleTargetRef: { readonly kind: string; readonly name: string } };
}

const apiVersion = 'autoscaling/v2';
const plural = 'horizontalpodautoscalers';

/** An autoscaler that is set aside points at an object of this name, which nobody has. */
export const aside = (name: string): string => `${name}.switchback-stopped`;

export const listAutoscalers = async (cluster: SiteCluster): Promise<readonly Autoscaler[]> =>
  cluster.list<Autoscaler>(apiVersion, plural);

/** Points the autoscalers of an object elsewhere, so that none of them brings it up, and keeps the rest of them as it is. */
export async function setAutoscalersAside(
  cluster: SiteCluster,
  target: Target,
  signal: AbortSignal,
  known?: readonly Autoscaler[],
): Promise<void> {
  await eachAutoscaler(cluster, { signal, known }, ({ spec: { scaleTargetRef } }) => {
    if (scaleTargetRef.kind !== target.kind.kind || scaleTargetRef.name !== target.name) return undefined;
    return { setAside: target.name, name: aside(target.name) };
  });
}

export async function putAutoscalersBack(
  cluster: SiteCluster,
  target: Target,
  signal: AbortSignal,
  known?: readonly Autoscaler[],
): Promise<void> {
  await eachAutoscaler(cluster, { signal, known }, ({ metadata, spec: { scaleTargetRef } }) => {
    if (scaleTargetRef.kind !== target.kind.kind || metadata.annotations?.[annotation.setAside] !== target.name)
      return undefined;
    return { setAside: null, name: target.name };
  });
}

type Change = { readonly setAside: string | null; readonly name: string };

async function eachAutoscaler(
  cluster: SiteCluster,
  { signal, known }: { readonly signal: AbortSignal; readonly known: readonly Autoscaler[] | undefined },
  changeOf: (autoscaler: Autoscaler) => Change | undefined,
): Promise<void> {
  let first = known;
  // After a conflict all of them are looked at again: those that were changed are as they should be by then.
  await againOnConflict(signal, async () => {
    const all = first ?? (await listAutoscalers(cluster));
    first = undefined;
    await Promise.all(
      all.map(async (autoscaler) => {
        const change = changeOf(autoscaler);
        if (change === undefined) return;
        const { name, resourceVersion } = autoscaler.metadata;
        const annotations = { [annotation.setAside]: change.setAside };
        const patch = { metadata: { resourceVersion, annotations }, spec: { scaleTargetRef: { name: change.name } } };
        await cluster.client.patch(cluster.path(apiVersion, plural, name), patch, signal);
      }),
    );
  });
}
