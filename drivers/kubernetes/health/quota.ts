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

interface Needed {
  readonly amounts: Amounts;
  /** Names of what is off and was never stopped by anybody who writes a number down. */
  readonly uncounted: readonly string[];
}

/** Whether what is stopped now, with the replicas recorded of it, fits into what the quotas of the namespace leave. */
export async function quotaHeadroom(cluster: SiteCluster): Promise<HealthFinding> {
  const [quotas, needed] = await Promise.all([cluster.list<Quota>('v1', 'resourcequotas'), neededByStopped(cluster)]);
  if (quotas.length === 0) return { name: 'quota', ok: true, saw: 'the namespace has no quota' };
  const { amounts, uncounted } = needed;
  const short = quotas.flatMap((quota) => shortages(quota, amounts));
  const without = uncounted.length === 0 ? '' : ` without ${uncounted.join(', ')}, of which no number is recorded`;
  const stopped = `what is stopped needs ${amounts['pods'] ?? 0} pods${without}`;
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

async function neededByStopped(cluster: SiteCluster): Promise<Needed> {
  const needed: Record<string, number> = {};
  const uncounted: string[] = [];
  for (const name of ['Deployment', 'StatefulSet']) {
    const kind = builtInKind(name);
    if (kind === undefined) continue;
    for (const object of await cluster.list<WorkloadObject>(kind.apiVersion, kind.plural)) {
      if (kind.wanted(object) > 0) continue;
      const recorded = recordedReplicas(object);
      if (recorded === undefined) uncounted.push(object.metadata.name);
      const count = Number(recorded ?? 0);
      add(needed, 'pods', count);
      for (const { resources: { limits = {}, requests = {} } = {} } of object.spec.template?.spec?.containers ?? []) {
        // A limit is the request as well, where none is given.
        for (const [resource, amount] of Object.entries({ ...limits, ...requests }))
          add(needed, resource, count * quantity(amount));
        for (const [resource, amount] of Object.entries(limits))
          add(needed, `limits.${resource}`, count * quantity(amount));
      }
    }
  }
  return { amounts: needed, uncounted };
}

function add(amounts: Record<string, number>, resource: string, amount: number): void {
  amounts[resource] = (amounts[resource] ?? 0) + amount;
}
