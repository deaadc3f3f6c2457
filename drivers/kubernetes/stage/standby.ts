import { SwitchbackFailure } from '../../../core/model/failure';
import type { KubeObject } from '../kube-object';
import { isStatus } from '../client/kube-error';
import { atSite, type SiteCluster } from '../cluster';
import { assertEpochAllowed, readFence } from '../fence/fence-record';
import type { Staging } from './staging';

/** @throws SwitchbackFailure `Fenced`, `WrongState`: the fences say that the target is not the standby, or not any more. */
export async function assertStandby({ source, target, request }: Staging): Promise<void> {
  const { group } = request;
  const [there, here] = await Promise.all([
    atSite(source, async () => readFence(source, group)),
    atSite(target, async () => readFence(target, group)),
  ]);
  assertEpochAllowed(target, here, request);
  // A fence of epoch 0 was never set: it only names workloads.
  if (here.epoch > 0 && here.fencing === 'unfenced')
    throw wrong(target, 'is the active one: its workloads may run there');
  assertEpochAllowed(source, there, request);
  if (there.fencing === 'fenced') throw wrong(source, 'is fenced, and not the active one');
}

function wrong({ site }: SiteCluster, is: string): SwitchbackFailure {
  return new SwitchbackFailure('WrongState', `nothing is staged: site "${site.name}" ${is}`, { site: site.name });
}

/** A namespace that is gone has no objects, and would look as if all of them had been deleted. */
export async function assertNamespaces({ source, target }: Staging): Promise<void> {
  await Promise.all([source, target].map(assertNamespace));
}

async function assertNamespace(cluster: SiteCluster): Promise<void> {
  const path = `/api/v1/namespaces/${encodeURIComponent(cluster.namespace)}`;
  const phase = await atSite(cluster, async () => {
    try {
      const { status } = await cluster.client.get<KubeObject & { status?: { phase?: string } }>(path);
      return status?.phase ?? 'Active';
    } catch (error) {
      if (isStatus(error, 404)) return 'not there';
      throw error;
    }
  });
  if (phase === 'Active') return;
  const { name } = cluster.site;
  const message = `nothing is staged: namespace ${cluster.namespace} of site "${name}" is ${phase}`;
  throw new SwitchbackFailure('RequestRefused', message, { site: name });
}
