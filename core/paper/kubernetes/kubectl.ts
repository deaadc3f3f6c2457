import { isCopy, productionOf } from '../../model/drill';
import type { KubernetesSite } from '../../model/site';
import type { KubernetesWorkload, WorkloadSpec } from '../../model/workload';
import { quoted } from '../shell';
import type { Place } from '../site-paper';

/** The namespace of a group, or that of its copy: drivers/kubernetes/copies/copy-name.ts. */
export function namespaceOf({ site, group, context }: Place<KubernetesSite>): string {
  const { namespace } = site.kubernetes;
  if (!isCopy(group)) return namespace;
  const name = `${namespace}-${productionOf(group)}`;
  if (`${name}-drill`.length <= LONGEST_NAME) return `${name}-drill`;
  const end = `-${context.sha256(name).slice(0, 8)}-drill`;
  return `${name.slice(0, LONGEST_NAME - end.length)}${end}`;
}

const LONGEST_NAME = 63;

/** `kubectl` at the cluster of a site, in no namespace. */
export function clusterCommand({ kubernetes: { context, kubeconfig } }: KubernetesSite): string {
  const file = kubeconfig === undefined ? '' : ` --kubeconfig "$KUBECONFIGS/${kubeconfig}"`;
  return `kubectl${file}${context === undefined ? '' : ` --context ${quoted(context)}`}`;
}

export const kubectl = (place: Place<KubernetesSite>): string =>
  `${clusterCommand(place.site)} --namespace ${quoted(namespaceOf(place))}`;

/** What people have to know of a kind to stop and start objects of it: drivers/kubernetes/kinds. */
export interface PaperKind {
  /** As kubectl takes it: "deployment.apps". */
  readonly resource: string;
  /** Resource and API group, as a fence covers objects: "deployments.apps". The shell fills in what only the cluster knows. */
  readonly covered: string;
  readonly apiVersion: string;
  readonly scales: 'replicas' | 'nodes' | 'suspend';
}

const apps = (kind: string, scales: PaperKind['scales'] = 'replicas'): PaperKind => ({
  resource: `${kind.toLowerCase()}.apps`,
  covered: `${kind.toLowerCase()}s.apps`,
  apiVersion: 'apps/v1',
  scales,
});

const builtIn: Readonly<Record<string, PaperKind>> = {
  Deployment: apps('Deployment'),
  StatefulSet: apps('StatefulSet'),
  ReplicaSet: apps('ReplicaSet'),
  DaemonSet: apps('DaemonSet', 'nodes'),
  CronJob: { resource: 'cronjob.batch', covered: 'cronjobs.batch', apiVersion: 'batch/v1', scales: 'suspend' },
};

/** Not of a CustomResourceDefinition. */
export const isBuiltIn = ({ kind, apiVersion }: KubernetesWorkload): boolean =>
  builtIn[kind] !== undefined && (apiVersion === undefined || apiVersion === builtIn[kind].apiVersion);

export function kindOf(of: KubernetesWorkload, kubectlHere: string): PaperKind {
  const { kind, apiVersion } = of;
  const known = builtIn[kind];
  if (known !== undefined && isBuiltIn(of)) return known;
  const [group = '', version = ''] = (apiVersion ?? 'apps/v1').split('/');
  const plural = `$(${kubectlHere} api-resources --api-group=${group} --no-headers | awk '$NF == "${kind}" {print $1}')`;
  return {
    resource: `${kind}.${version}.${group}`,
    covered: `${plural}.${group}`,
    apiVersion: apiVersion ?? 'apps/v1',
    scales: 'replicas',
  };
}

export function objectsOf({ name, kubernetes }: WorkloadSpec): KubernetesWorkload {
  if (kubernetes === undefined) throw new Error(`workload "${name}" names no object`);
  return kubernetes;
}

/**
 * Lines that are done for each object of a workload, with its short name in `$NAME` where there may be several. They fail when there
 * is none, or the cluster does not tell which.
 */
export function eachObject(
  here: string,
  workload: WorkloadSpec,
  lines: (object: { readonly path: string; readonly name: string }) => readonly string[],
): readonly string[] {
  const of = objectsOf(workload);
  const { resource } = kindOf(of, here);
  if (of.name !== undefined) return lines({ path: `${resource}/${of.name}`, name: of.name });
  const labels = Object.entries(of.selector ?? {}).map(([key, value]) => `${key}=${value}`);
  return [
    `NAMES=$(${here} get ${resource} --selector ${quoted(labels.join(','))} -o jsonpath='{.items[*].metadata.name}')`,
    `for NAME in \${NAMES:?none is there, or the cluster does not answer}; do`,
    ...lines({ path: `${resource}/$NAME`, name: '$NAME' }),
    'done',
  ];
}

/** A path of jsonpath to an annotation. */
export const annotationAt = (name: string): string =>
  `'{.metadata.annotations.${name.replaceAll('.', String.raw`\.`)}}'`;
