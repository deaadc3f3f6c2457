import { isReady } from '../../drivers/kubernetes/kinds/pods-of';
import type { KubeList, Pod } from '../../drivers/kubernetes/kube-object';
import type { KubeClient } from '../../drivers/kubernetes/client/kube-client';
import { podsOf, replicas, type Fleet } from './fleet';

/** Sees when workloads become Ready, by a watch of its own, and asks nobody but the API server. */
export interface ReadyObserver {
  /** Instant (ms since 1970) of the event with which the last pod of each Deployment became Ready, by its name. */
  readonly readyAt: ReadonlyMap<string, number>;
  stop(): Promise<void>;
}

/** Nothing of the fleet runs at this cluster yet. The condition's own time has a resolution of one second: events are timed. */
export async function observeReady(client: KubeClient, fleet: Fleet): Promise<ReadyObserver> {
  const readyAt = new Map<string, number>();
  const ready = new Map<string, Set<string>>();
  const { metadata } = await client.get<KubeList<Pod>>(podsOf(fleet));
  const end = new AbortController();
  const watching = (async () => {
    for await (const { type, object } of client.watch<Pod>(
      podsOf(fleet),
      { resourceVersion: metadata.resourceVersion },
      end.signal,
    )) {
      if (type === 'DELETED' || !isReady(object)) continue;
      const app = object.metadata.labels?.['app'] ?? '';
      const pods = ready.get(app) ?? new Set<string>();
      ready.set(app, pods.add(object.metadata.name));
      if (pods.size === replicas && !readyAt.has(app)) readyAt.set(app, Date.now());
    }
  })().catch((error: unknown) => {
    if (!end.signal.aborted) throw error;
  });
  return {
    readyAt,
    stop: async () => {
      end.abort();
      await watching;
    },
  };
}

/** The value below which the given share of them lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
