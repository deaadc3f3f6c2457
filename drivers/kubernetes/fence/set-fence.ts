import { setTimeout as pause } from 'node:timers/promises';
import { SwitchbackFailure } from '../../../core/model/failure';
import type { FenceState } from '../../../core/model/workload';
import type { CallContext, Mutation } from '../../ports';
import { againOnConflict } from '../client/again-on-conflict';
import { isStatus, KubeError } from '../client/kube-error';
import { policyMark, type SiteCluster } from '../cluster';
import { builtInKind } from '../kinds/kinds';
import { annotation } from '../workloads/annotations';
import { kindOf, pathOf, readTarget } from '../workloads/target';
import { assertEpochAllowed, fenceObject, fencePath, readFence, type FenceRecord } from './fence-record';

/** API servers see a change within milliseconds; one that does not within this time has no fence policy. */
const seenWithinMs = 5_000;

/** Writes the fence as a compare-and-swap on what was read, and returns it when the API server acts by it. */
export async function writeFence(
  cluster: SiteCluster,
  fencing: FenceRecord['fencing'],
  mutation: Mutation,
  { signal }: CallContext,
): Promise<FenceRecord> {
  const { group, epoch, operationKey } = mutation;
  const fence = await againOnConflict(signal, async () => {
    const before = await readFence(cluster, group);
    assertEpochAllowed(cluster, before, mutation);
    if (before.epoch === epoch && before.fencing === fencing) return before;
    const next = { ...before, epoch, fencing, setBy: operationKey, at: new Date().toISOString() };
    const object = fenceObject(group, next);
    if (before.resourceVersion === undefined)
      await cluster.client.create(cluster.path('v1', 'configmaps'), object, signal);
    else await cluster.client.patch(fencePath(cluster, group), object, signal);
    return next;
  });
  const asked = [fencePath(cluster, group), ...(await customObjects(cluster, fence))];
  await Promise.all(asked.map(async (path) => awaitPolicy(cluster, path, fence, signal)));
  return fence;
}

export function describeFence({ site }: SiteCluster, record: FenceRecord): FenceState {
  const { epoch, fencing, setBy, at } = record;
  const saw =
    setBy === undefined ? 'no fence was ever set' : `epoch ${epoch} and higher may write, set by ${setBy} at ${at}`;
  return { site: site.name, fencing, epoch, saw };
}

/** Paths of covered objects, one of each custom kind: these have a policy of their own. */
async function customObjects(cluster: SiteCluster, { workloads }: FenceRecord): Promise<readonly string[]> {
  const custom = workloads.filter(({ apiVersion, kind }) => builtInKind(kind, apiVersion) === undefined);
  const found = await Promise.all(
    custom.map(async (one) => {
      const target = { kind: await kindOf(cluster, one), name: one.name };
      return (await readTarget(cluster, target)) === undefined
        ? []
        : [[target.kind.plural, pathOf(cluster, target)] as const];
    }),
  );
  return [...new Map(found.flat()).values()];
}

/**
 * A policy reads fences from a cache of the API server. A dry run of a change, of the fence or of what it covers, that it refuses
 * only when it knows this very fence asks whether the cache is that far.
 */
async function awaitPolicy(cluster: SiteCluster, path: string, fence: FenceRecord, signal: AbortSignal): Promise<void> {
  const value = `${fence.epoch}/${fence.fencing}`;
  const since = performance.now();
  while (performance.now() - since < seenWithinMs) {
    const probe = { metadata: { annotations: { [annotation.probe]: value } } };
    const refused = await cluster.client.patch(path, probe, signal, { dryRun: 'All' }).then(
      () => false,
      (error: unknown) => {
        if (error instanceof KubeError && error.message.includes(policyMark)) return true;
        // Nothing of this name can be brought up by a change.
        if (isStatus(error, 404)) return true;
        throw error;
      },
    );
    if (refused) return;
    await pause(15, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
  const message = `site "${cluster.site.name}" does not act by the fence: its fence policy is missing; let an administrator run \`kubectl apply -f deploy/kubernetes/fence-policy.yaml\``;
  throw new SwitchbackFailure('FenceUnconfirmed', message, { site: cluster.site.name });
}
