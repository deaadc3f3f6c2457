import type { BenchClusters, ClusterName } from './bench-clusters';
import { deploymentsOf, readyOf, replicas, untilPods, type Fleet } from './fleet';

export interface FloorMove {
  readonly seconds: number;
  /** Of these, until nothing was left at the old cluster. */
  readonly stopSeconds: number;
}

/**
 * The move without any orchestration, in seconds: every Deployment stopped by a patch of its replicas, all at once; one watch until
 * the pods are gone; every Deployment started at the other cluster, all at once; one watch until all pods are Ready. It neither
 * looks before it acts, nor fences, nor records, nor survives anything.
 */
export async function moveByFloor(
  { asWorker }: BenchClusters,
  fleet: Fleet,
  { from, to }: { readonly from: ClusterName; readonly to: ClusterName },
): Promise<FloorMove> {
  const scale = async (cluster: ClusterName, wanted: number): Promise<void> => {
    const patch = { spec: { replicas: wanted } };
    await Promise.all(
      fleet.names.map(async (name) => asWorker[cluster].patch(`${deploymentsOf(fleet)}/${name}`, patch)),
    );
  };
  const began = performance.now();
  await scale(from, 0);
  await untilPods(asWorker[from], fleet, (pods) => pods.size === 0);
  const stopped = performance.now();
  await scale(to, replicas);
  await untilPods(asWorker[to], fleet, (pods) => readyOf(pods) === fleet.names.length * replicas);
  const ended = performance.now();
  return { seconds: (ended - began) / 1000, stopSeconds: (stopped - began) / 1000 };
}
