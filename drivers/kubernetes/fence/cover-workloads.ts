import { isStatus } from '../client/kube-error';
import { againOnConflict, type SiteCluster } from '../cluster';
import type { Target } from '../workloads/target';
import { coverKey, coverValue, fenceObject, fencePath, type FenceRecord } from './fence-record';

interface Waiting {
  readonly group: string;
  readonly data: Record<string, string>;
  readonly done: Promise<void>;
}

const waiting = new WeakMap<SiteCluster, Map<string, Waiting>>();

/**
 * Makes the fence of the group cover objects that it does not cover yet: before Switchback first touches one. Callers at the
 * same time share one request, which adds keys and changes none.
 */
export async function coverWorkloads(
  cluster: SiteCluster,
  group: string,
  fence: FenceRecord,
  targets: readonly Target[],
): Promise<void> {
  const known = new Set(fence.workloads.map(({ apiVersion, kind, name }) => `${apiVersion} ${kind} ${name}`));
  const missing = targets.filter(({ kind, name }) => !known.has(`${kind.apiVersion} ${kind.kind} ${name}`));
  if (missing.length === 0) return;
  const groups = waiting.get(cluster) ?? new Map<string, Waiting>();
  waiting.set(cluster, groups);
  const batch = groups.get(group) ?? begin(cluster, groups, group);
  for (const target of missing) batch.data[coverKey(target)] = coverValue(target);
  await batch.done;
}

function begin(cluster: SiteCluster, groups: Map<string, Waiting>, group: string): Waiting {
  const data: Record<string, string> = {};
  // Whoever comes within this turn of the event loop is still in.
  const done = new Promise<void>((resolve) => setImmediate(resolve)).then(async () => {
    groups.delete(group);
    await write(cluster, group, data);
  });
  const batch = { group, data, done };
  groups.set(group, batch);
  return batch;
}

async function write(cluster: SiteCluster, group: string, data: Record<string, string>): Promise<void> {
  await againOnConflict(new AbortController().signal, async () => {
    try {
      await cluster.client.patch(fencePath(cluster, group), { data });
    } catch (error) {
      if (!isStatus(error, 404)) throw error;
      const empty = fenceObject(group, { epoch: 0, fencing: 'unfenced', workloads: [] }) as { data: object };
      const body = { ...empty, data: { ...empty.data, ...data } };
      // 409: somebody else has made it meanwhile, and it lacks these keys.
      await cluster.client.create(cluster.path('v1', 'configmaps'), body);
    }
  });
}
