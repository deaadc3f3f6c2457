import { SwitchbackFailure } from '../../../core/model/failure';
import type { KubernetesWorkload, WorkloadSpec } from '../../../core/model/workload';
import type { CallContext, Mutation } from '../../ports';
import { isStatus } from '../client/kube-error';
import type { SiteCluster } from '../cluster';
import { customKind } from '../kinds/custom-kind';
import { builtInKind } from '../kinds/kinds';
import { selects } from '../kinds/label-selector';
import type { WorkloadKind } from '../kinds/workload-kind';
import type { WorkloadObject } from '../kube-object';

/** One call of `start` or `stop`. */
export interface Attempt {
  readonly cluster: SiteCluster;
  readonly spec: WorkloadSpec;
  readonly mutation: Mutation;
  readonly context: CallContext;
}

/** One object of a workload. */
export interface Target {
  readonly kind: WorkloadKind;
  readonly name: string;
}

/** Path of the object of a target. */
export const pathOf = (cluster: SiteCluster, { kind, name }: Target): string =>
  cluster.path(kind.apiVersion, kind.plural, name);

/** "Deployment ledger" */
export const titleOf = ({ kind, name }: Target): string => `${kind.kind} ${name}`;

/** @throws SwitchbackFailure `InvalidRunbook` when the runbook does not say which objects it is. */
export function declared(spec: WorkloadSpec): KubernetesWorkload {
  if (spec.kubernetes !== undefined) return spec.kubernetes;
  const message = `workload "${spec.name}" names no object; give it \`kubernetes: { kind: Deployment, name: ... }\``;
  throw new SwitchbackFailure('InvalidRunbook', message, { workload: spec.name });
}

/** The kind as the runbook names it; what is not built in is looked up at the API server. Throws as `customKind`. */
export async function kindOf(
  cluster: SiteCluster,
  { kind, apiVersion }: Pick<KubernetesWorkload, 'kind' | 'apiVersion'>,
): Promise<WorkloadKind> {
  return builtInKind(kind, apiVersion) ?? customKind(cluster, { kind, apiVersion: apiVersion ?? 'apps/v1' });
}

/** The objects of a workload that are there, each read now; none: no object is as the runbook names it. */
export async function findTargets(
  cluster: SiteCluster,
  workload: KubernetesWorkload,
): Promise<readonly (Target & { readonly object: WorkloadObject })[]> {
  const kind = await kindOf(cluster, workload);
  if (workload.name !== undefined) {
    const target = { kind, name: workload.name };
    const object = await cluster.find<WorkloadObject>(kind.apiVersion, kind.plural, target.name);
    return object === undefined ? [] : [{ ...target, object }];
  }
  const all = await cluster.list<WorkloadObject>(kind.apiVersion, kind.plural);
  return all
    .filter(({ metadata }) => selects({ matchLabels: workload.selector ?? {} }, metadata.labels))
    .map((object) => ({ kind, name: object.metadata.name, object }));
}

/** The object as it is now; undefined when there is none. */
export async function readTarget(cluster: SiteCluster, target: Target): Promise<WorkloadObject | undefined> {
  return cluster.client.get<WorkloadObject>(pathOf(cluster, target)).catch((error: unknown) => {
    if (isStatus(error, 404)) return undefined;
    throw error;
  });
}

/** "Deployment ledger", "Deployments with app=shop" */
export function describeDeclared({ kind, name, selector = {} }: KubernetesWorkload): string {
  if (name !== undefined) return `${kind} ${name}`;
  return `${kind}s with ${Object.entries(selector)
    .map(([key, value]) => `${key}=${value}`)
    .join(',')}`;
}

/** workload "ledger" at site "paris" */
export const title = ({ spec, cluster }: Pick<Attempt, 'spec' | 'cluster'>): string =>
  `workload "${spec.name}" at site "${cluster.site.name}"`;
