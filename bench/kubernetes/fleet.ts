import type { KubeClient } from '../../drivers/kubernetes/client/kube-client';
import type { KubeList, Pod, WorkloadObject } from '../../drivers/kubernetes/kube-object';
import { isReady } from '../../drivers/kubernetes/kinds/pods-of';
import { clusterNames, grantWorker, type BenchClusters, type ClusterName } from './bench-clusters';

/** Deployments of a namespace that both clusters have; they run at one of the two. */
export interface Fleet {
  readonly namespace: string;
  readonly names: readonly string[];
}

export const replicas = 2;

export const deploymentsOf = ({ namespace }: Fleet): string => `/apis/apps/v1/namespaces/${namespace}/deployments`;
export const podsOf = ({ namespace }: Fleet): string => `/api/v1/namespaces/${namespace}/pods`;

/** Deployments made at a time: the API server has other things to do as well. */
const together = 50;

/** Makes the Deployments at both clusters; they run at the primary, and are Ready when this resolves. */
export async function makeFleet({ clusters }: BenchClusters, namespace: string, count: number): Promise<Fleet> {
  const names = Array.from({ length: count }, (_, index) => `w${index}`);
  const fleet = { namespace, names };
  const make = async (cluster: ClusterName): Promise<void> => {
    const { client } = clusters[cluster];
    await client.create('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    await grantWorker(client, namespace);
    const wanted = cluster === clusterNames.primary ? replicas : 0;
    for (let from = 0; from < count; from += together) {
      const some = names.slice(from, from + together);
      await Promise.all(some.map(async (name) => client.create(deploymentsOf(fleet), deployment(name, wanted))));
    }
  };
  await Promise.all([make('alpha'), make('beta')]);
  await untilPods(clusters[clusterNames.primary].client, fleet, (pods) => readyOf(pods) === count * replicas);
  await untilSettled(clusters[clusterNames.primary].client, fleet);
  return fleet;
}

function deployment(name: string, wanted: number): object {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'example.invalid/app:1' }] } };
  const spec = { replicas: wanted, selector: { matchLabels: labels }, template };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec };
}

export const readyOf = (pods: ReadonlyMap<string, Pod>): number => [...pods.values()].filter(isReady).length;

/** Reads the pods, then watches them, until they are as wanted: one request each, unless the API server ends the watch. */
export async function untilPods(
  client: KubeClient,
  fleet: Fleet,
  holds: (pods: ReadonlyMap<string, Pod>) => boolean,
): Promise<void> {
  const path = podsOf(fleet);
  const end = new AbortController();
  try {
    for (;;) {
      const { metadata, items } = await client.get<KubeList<Pod>>(path);
      const pods = new Map(items.map((pod) => [pod.metadata.name, pod]));
      if (holds(pods)) return;
      const query = { resourceVersion: metadata.resourceVersion };
      for await (const { type, object } of client.watch<Pod>(path, query, end.signal)) {
        if (type === 'DELETED') pods.delete(object.metadata.name);
        else pods.set(object.metadata.name, object);
        if (holds(pods)) return;
      }
    }
  } finally {
    end.abort();
  }
}

/** The controllers have written down what there is: nothing of an earlier move is left for them to do in the next one. */
export async function untilSettled(client: KubeClient, fleet: Fleet): Promise<void> {
  for (;;) {
    const { items } = await client.get<KubeList<WorkloadObject>>(deploymentsOf(fleet));
    const settled = items.every(
      ({ metadata, spec, status }) =>
        status?.observedGeneration === metadata.generation && (status?.readyReplicas ?? 0) === spec.replicas,
    );
    if (settled) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
