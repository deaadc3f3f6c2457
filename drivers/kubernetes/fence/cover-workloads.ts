import { setTimeout as pause } from 'node:timers/promises';
import { isCopy } from '../../../core/model/drill';
import { againOnConflict } from '../client/again-on-conflict';
import { isStatus } from '../client/kube-error';
import type { SiteCluster } from '../cluster';
import type { Target } from '../workloads/target';
import { coverKey, coverValue, fenceObject, fencePath, kindKeys, type FenceRecord } from './fence-record';

interface Waiting {
  readonly data: Record<string, string>;
  readonly done: Promise<void>;
}

interface Writes {
  /** Takes further keys until it is written. */
  next?: Waiting;
  last: Promise<void>;
}

/** Workloads that are started together come within this time. */
const togetherMs = 10;

const writes = new WeakMap<SiteCluster, Map<string, Writes>>();
const covers = new WeakMap<FenceRecord, ReadonlySet<string>>();

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
  const covered = coveredBy(fence);
  const missing = targets.filter(({ kind, name }) => !covered.has(`${kind.apiVersion} ${kind.kind} ${name}`));
  if (missing.length === 0) return;
  const groups = writes.get(cluster) ?? new Map<string, Writes>();
  writes.set(cluster, groups);
  const ofGroup: Writes = groups.get(group) ?? { last: Promise.resolve() };
  groups.set(group, ofGroup);
  const batch = ofGroup.next ?? begin(cluster, ofGroup, group);
  for (const target of missing) Object.assign(batch.data, kindKeys(target), { [coverKey(target)]: coverValue(target) });
  await batch.done;
}

/** Of a record that many callers have read together: made once. */
function coveredBy(fence: FenceRecord): ReadonlySet<string> {
  const known =
    covers.get(fence) ?? new Set(fence.workloads.map(({ apiVersion, kind, name }) => `${apiVersion} ${kind} ${name}`));
  covers.set(fence, known);
  return known;
}

function begin(cluster: SiteCluster, ofGroup: Writes, group: string): Waiting {
  const data: Record<string, string> = {};
  const afterLast = ofGroup.last.catch(() => undefined);
  const done = afterLast
    .then(async () => pause(togetherMs))
    .then(async () => {
      delete ofGroup.next;
      await write(cluster, group, data);
    });
  const batch = { data, done };
  ofGroup.next = batch;
  ofGroup.last = done;
  return batch;
}

async function write(cluster: SiteCluster, group: string, data: Record<string, string>): Promise<void> {
  await againOnConflict(new AbortController().signal, async () => {
    try {
      await cluster.client.patch(fencePath(cluster, group), { data });
    } catch (error) {
      // That of a copy is made when it is prepared, and by nobody else.
      if (!isStatus(error, 404) || isCopy(group)) throw error;
      const empty = fenceObject(group, { epoch: 0, fencing: 'unfenced', workloads: [] }) as { data: object };
      const body = { ...empty, data: { ...empty.data, ...data } };
      // 409: somebody else has made it meanwhile, and it lacks these keys.
      await cluster.client.create(cluster.path('v1', 'configmaps'), body);
    }
  });
}
