import type { HealthFinding } from '../../../core/model/site';
import type { SiteCluster } from '../cluster';
import { builtInKind } from '../kinds/kinds';
import type { KubeObject, WorkloadObject } from '../kube-object';
import { recordedReplicas } from '../workloads/annotations';
import { quantity } from './quantity';

interface Quota extends KubeObject {
  readonly status?: {
    readonly hard?: Readonly<Record<string, string>>;
    readonly used?: Readonly<Record<string, string>>;
  };
}

type Amounts = Readonly<Record<string, number>>;

/** Whether what is stopped now, with the replicas recorded of it, fits into what the quotas of the namespace leave. */
export async function quotaHeadroom(cluster: SiteCluster): Promise<HealthFinding> {
  const [quotas, needed] = await Promise.all([cluster.list<Quota>('v1', 'resourcequotas'), neededByStopped(cluster)]);
  if (quotas.length === 0) return { name: 'quota', ok: true, saw: 'the namespace has no quota' };
  const short = quotas.flatMap((quota) => shortages(quota, needed));
  const stopped = `what is stopped needs ${needed['pods'] ?? 0} pods`;
  if (short.length === 0) return { name: 'quota', ok: true, saw: `${stopped}, which the quotas leave room for` };
  const fix = 'raise the quota, or take from the namespace what does not belong to the application';
  return { name: 'quota', ok: false, saw: `${stopped}: ${short.join('; ')}`, fix };
}

function shortages({ metadata, status }: Quota, needed: Amounts): readonly string[] {
  return Object.entries(status?.hard ?? {}).flatMap(([resource, hard]) => {
    // "cpu" and "requests.cpu" are the same.
    const need = needed[resource.replace(/^requests\./, '')] ?? 0;
    const used = status?.used?.[resource] ?? '0';
    if (quantity(used) + need <= quantity(hard)) return [];
    return [`quota ${metadata.name} allows ${resource} ${hard}, of which ${used} is used`];
  });
}

async function neededByStopped(cluster: SiteCluster): Promise<Amounts> {
  const needed: Record<string, number> = {};
  for (const name of ['Deployment', 'StatefulSet']) {
    const kind = builtInKind(name);
    if (kind === undefined) continue;
    for (const object of await cluster.list<WorkloadObject>(kind.apiVersion, kind.plural)) {
      if (kind.wanted(object) > 0) continue;
      const count = Number(recordedReplicas(object) ?? 0);
      add(needed, 'pods', count);
      for (const { resources } of object.spec.template?.spec?.containers ?? []) {
        for (const [resource, amount] of Object.entries(resources?.requests ?? {})) {
          add(needed, resource, count * quantity(amount));
        }
      }
    }
  }
  return needed;
}

function add(amounts: Record<string, number>, resource: string, amount: number): void {
  amounts[resource] = (amounts[resource] ?? 0) + amount;
}
