import { setTimeout as pause } from 'node:timers/promises';
import { assertIsCopy, runOf } from '../../../core/model/drill';
import { SwitchbackFailure } from '../../../core/model/failure';
import type { KubernetesSite } from '../../../core/model/site';
import type { CallContext, Mutation, RemovedCopy } from '../../ports';
import { isStatus } from '../client/kube-error';
import type { SiteCluster } from '../cluster';
import { endBelow } from '../fence/end-lower-epochs';
import { fencePath, readFence, type FenceRecord } from '../fence/fence-record';
import { copyLabel, namespacePath, readCopy, type CopyNamespace } from './copy-namespace';

/** The copy of a drill: beside production, at the same cluster, in a namespace of its own. */
export interface Copy {
  /** With the address at which the copy answers. */
  readonly site: KubernetesSite;
  readonly production: SiteCluster;
  readonly copy: SiteCluster;
  readonly forcedWithinMs: number;
}

/** The cluster waits five seconds before it begins to empty a namespace. */
const goneWithinMs = 120_000;
const betweenLooksMs = 250;

/** WorkloadDriver.removeCopy */
export async function removeCopy(place: Copy, mutation: Mutation, context: CallContext): Promise<RemovedCopy> {
  const { group, operationKey } = mutation;
  assertIsCopy(group);
  const found = await readCopy(place.copy, group);
  if (found?.run !== runOf(operationKey)) return { removed: [] };
  return { removed: await clearCopy(place, { found, group, context }) };
}

interface Clearing {
  readonly found: CopyNamespace;
  readonly group: string;
  readonly context: CallContext;
}

/** The namespace goes last: what a killed worker leaves half removed is removed by the next attempt. */
export async function clearCopy({ copy, forcedWithinMs }: Copy, clearing: Clearing): Promise<readonly string[]> {
  const { found, group, context } = clearing;
  const fence = found.terminating ? undefined : await close(copy, group);
  if (fence !== undefined) {
    // A copy has nothing to write down before it ends.
    const every = { ...fence, epoch: Number.MAX_SAFE_INTEGER };
    const own = { group, operationKey: `${found.run ?? ''}/removed`, epoch: every.epoch };
    const leftover = await endBelow(copy, every, own, { context, forcedWithinMs });
    if (leftover !== undefined) throw notGone(copy, leftover);
  }
  await removeNamespace(copy, clearing);
  const workloads = (fence?.workloads ?? []).map(({ name }) => name);
  return [...workloads.sort(), `namespace ${copy.namespace}`];
}

/** From then on nothing of it is started. Undefined: it was never open, so that nothing of it runs. */
async function close(copy: SiteCluster, group: string): Promise<FenceRecord | undefined> {
  try {
    const fence = await readFence(copy, group);
    if (fence.resourceVersion === undefined) return undefined;
    await copy.client.patch(fencePath(copy, group), { metadata: { labels: { [copyLabel.run]: null } } });
    return fence;
  } catch (error) {
    // It was removed meanwhile, or is so new that the worker has no rights there yet.
    if (isStatus(error, 404) || isStatus(error, 403)) return undefined;
    throw error;
  }
}

async function removeNamespace(copy: SiteCluster, { found, group, context }: Clearing): Promise<void> {
  const { signal } = context;
  const path = namespacePath(copy.namespace);
  const body = { preconditions: { uid: found.uid } };
  await copy.client.request({ method: 'DELETE', path, body, signal }).catch((error: unknown) => {
    // 404: it is gone; 409: it is being removed, or another one has its name by now.
    if (!isStatus(error, 404) && !isStatus(error, 409)) throw error;
  });
  const since = performance.now();
  for (;;) {
    const left = await readCopy(copy, group);
    if (left?.uid !== found.uid) return;
    const doing = `waiting until namespace ${copy.namespace} is gone`;
    context.progress({ doing });
    if (performance.now() - since > goneWithinMs) throw notGone(copy, left.saw || doing);
    await pause(betweenLooksMs, undefined, { signal });
  }
}

function notGone({ site, namespace }: SiteCluster, saw: string): SwitchbackFailure {
  const message = `the copy in namespace "${namespace}" at site "${site.name}" could not be removed: ${saw}`;
  return new SwitchbackFailure('StopFailed', message, { site: site.name, namespace });
}
