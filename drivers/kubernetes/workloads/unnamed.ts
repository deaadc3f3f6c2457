import type { UnnamedWorkloads } from '../../../core/model/observation';
import type { WorkloadSpec } from '../../../core/model/workload';
import type { SiteCluster } from '../cluster';
import { builtInKind } from '../kinds/kinds';
import { selects } from '../kinds/label-selector';
import type { WorkloadKind } from '../kinds/workload-kind';
import type { WorkloadObject } from '../kube-object';

/** Those that the Role of the worker lists. */
const looked = ['Deployment', 'StatefulSet', 'DaemonSet', 'CronJob'].flatMap((name) => builtInKind(name) ?? []);

/** Contract: drivers/unnamed-port.ts. */
export async function unnamedWorkloads(
  cluster: SiteCluster,
  workloads: readonly WorkloadSpec[],
): Promise<UnnamedWorkloads> {
  try {
    const found = await Promise.all(looked.map(async (kind) => running(cluster, kind, workloads)));
    return { kind: 'seen', objects: found.flat() };
  } catch (error) {
    return { kind: 'unknown', saw: error instanceof Error ? error.message : String(error) };
  }
}

async function running(cluster: SiteCluster, kind: WorkloadKind, workloads: readonly WorkloadSpec[]) {
  const objects = await cluster.list<WorkloadObject>(kind.apiVersion, kind.plural);
  return objects
    .filter((object) => kind.wanted(object) > 0 && !workloads.some((workload) => isPartOf(workload, kind, object)))
    .map(({ metadata }) => ({ kind: kind.kind, name: metadata.name }));
}

/** What a named object has made, as an operator does, comes and goes with that. */
function isPartOf({ kubernetes }: WorkloadSpec, { kind }: WorkloadKind, { metadata }: WorkloadObject): boolean {
  if (kubernetes === undefined) return false;
  const { name, selector = {} } = kubernetes;
  const named = kubernetes.kind === kind && (name ?? metadata.name) === metadata.name;
  if (named && (name !== undefined || selects({ matchLabels: selector }, metadata.labels))) return true;
  const owners = metadata.ownerReferences ?? [];
  return owners.some((owner) => owner.kind === kubernetes.kind && (name ?? owner.name) === owner.name);
}
