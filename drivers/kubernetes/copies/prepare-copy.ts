import { assertIsCopy, productionOf, runOf } from '../../../core/model/drill';
import type { CallContext, Mutation, RemovedCopy } from '../../ports';
import { isStatus } from '../client/kube-error';
import type { SiteCluster } from '../cluster';
import { fenceObject, readFence } from '../fence/fence-record';
import type { KubeObject } from '../kube-object';
import { copyLabel, foreignNamespace, namespacePath, readCopy } from './copy-namespace';
import { copyObjects } from './copy-objects';
import { isolation } from './isolation';
import { clearCopy, type Copy } from './remove-copy';
import { takeRights } from './worker-rights';

/** How strictly pods are kept from the machine they run on, in production and so in the copy. */
const podSecurity = 'pod-security.kubernetes.io/';

/** WorkloadDriver.prepareCopy */
export async function prepareCopy(place: Copy, mutation: Mutation, context: CallContext): Promise<RemovedCopy> {
  const { copy } = place;
  const { group, operationKey } = mutation;
  assertIsCopy(group);
  const run = runOf(operationKey);
  const found = await readCopy(copy, group);
  if (found !== undefined && found.run === undefined) throw foreignNamespace(copy);
  if (found?.run === run && !found.terminating && (await isPrepared(copy, mutation))) return { removed: [] };
  const removed = found === undefined ? [] : await clearCopy(place, { found, group, context });
  context.progress({ doing: `making namespace ${copy.namespace}` });
  await makeNamespace(place, mutation, context.signal);
  await takeRights(copy, context.signal);
  // Before anything that could run.
  const policies = copy.path('networking.k8s.io/v1', 'networkpolicies');
  await unlessThere(copy.client.create(policies, isolation(place.site.drill?.checksFrom ?? []), context.signal));
  const { address } = place.site;
  await copyObjects({ production: place.production, copy, run, address, context });
  const fence = fenceObject(group, { epoch: 0, fencing: 'unfenced', run, workloads: [] });
  await unlessThere(copy.client.create(copy.path('v1', 'configmaps'), fence, context.signal));
  return { removed };
}

/** What a worker that was killed has left half made may be in the midst of its removal, or lack anything. */
async function isPrepared(copy: SiteCluster, { group, operationKey }: Mutation): Promise<boolean> {
  const fence = await readFence(copy, group).catch((error: unknown) => {
    // Not even the worker's own rights were there yet.
    if (isStatus(error, 403)) return undefined;
    throw error;
  });
  return fence?.run === runOf(operationKey);
}

async function makeNamespace({ production, copy }: Copy, mutation: Mutation, signal: AbortSignal): Promise<void> {
  const { metadata } = await production.client.get<KubeObject>(namespacePath(production.namespace));
  const strict = Object.entries(metadata.labels ?? {}).filter(([key]) => key.startsWith(podSecurity));
  const labels = {
    ...Object.fromEntries(strict),
    'app.kubernetes.io/managed-by': 'switchback',
    [copyLabel.group]: productionOf(mutation.group),
    [copyLabel.of]: production.namespace,
    [copyLabel.run]: runOf(mutation.operationKey),
  };
  await copy.client.create('/api/v1/namespaces', { metadata: { name: copy.namespace, labels } }, signal);
}

async function unlessThere(creation: Promise<unknown>): Promise<void> {
  await creation.catch((error: unknown) => {
    if (!isStatus(error, 409)) throw error;
  });
}
