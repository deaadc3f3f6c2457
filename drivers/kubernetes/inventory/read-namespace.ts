import { SwitchbackFailure } from '../../../core/model/failure';
import type { FoundKind, NamespaceInventory } from '../../../core/model/namespace-inventory';
import { isStatus, KubeError, NoAnswer } from '../client/kube-error';
import type { SiteCluster } from '../cluster';
import type { KubeList, KubeObject } from '../kube-object';
import { foundIngress, foundService } from './found-network';
import type { Autoscaler, Claim, ConfigMap, Ingress, Service, Templated } from './found-objects';
import { foundWorkload } from './found-workload';

/** What is read, and nothing else: never a Secret. */
const collections = {
  deployments: 'apps/v1',
  statefulsets: 'apps/v1',
  daemonsets: 'apps/v1',
  cronjobs: 'batch/v1',
  services: 'v1',
  configmaps: 'v1',
  persistentvolumeclaims: 'v1',
  horizontalpodautoscalers: 'autoscaling/v2',
  ingresses: 'networking.k8s.io/v1',
} as const;

type Collection = keyof typeof collections;

const kindOf = {
  deployments: 'Deployment',
  statefulsets: 'StatefulSet',
  daemonsets: 'DaemonSet',
  cronjobs: 'CronJob',
} as const satisfies Partial<Record<Collection, FoundKind>>;

/** @throws SwitchbackFailure with what is in the way, and what to do about it */
export async function readNamespace(cluster: SiteCluster, context: string): Promise<NamespaceInventory> {
  const { namespace } = cluster;
  await mustBeThere(cluster, context);
  const names = Object.keys(collections) as Collection[];
  const answers = await Promise.all(names.map(async (name) => listed(cluster, name, context)));
  const refused = names.filter((_, index) => answers[index] === undefined);
  if (refused.length > 0) throw notPermitted(refused, namespace, context);
  const found = new Map(names.map((name, index) => [name, answers[index] ?? []]));
  const all = <Item>(name: Collection): readonly Item[] => (found.get(name) ?? []) as unknown as readonly Item[];
  const workloads = (Object.keys(kindOf) as (keyof typeof kindOf)[]).flatMap((name) =>
    all<Templated>(name).map((object) => ({ kind: kindOf[name], object })),
  );
  const uids = new Set(workloads.map(({ object }) => object.metadata.uid));
  return {
    context,
    namespace,
    // What one of them has made is stopped and started with it.
    workloads: workloads
      .filter(({ object }) => !(object.metadata.ownerReferences ?? []).some(({ uid }) => uids.has(uid)))
      .map(({ kind, object }) => foundWorkload(kind, object)),
    services: all<Service>('services').map(foundService),
    ingresses: all<Ingress>('ingresses').map(foundIngress),
    autoscalers: all<Autoscaler>('horizontalpodautoscalers').map(({ metadata, spec }) => ({
      name: metadata.name,
      kind: spec.scaleTargetRef.kind,
      target: spec.scaleTargetRef.name,
      least: spec.minReplicas ?? 1,
      most: spec.maxReplicas,
    })),
    claims: all<Claim>('persistentvolumeclaims').map(({ metadata, spec }) => ({
      name: metadata.name,
      size: spec.resources?.requests?.storage ?? 'of unknown size',
      storageClass: spec.storageClassName ?? 'none',
    })),
    configMaps: Object.fromEntries(
      all<ConfigMap>('configmaps').map(({ metadata, data = {} }) => [metadata.name, data]),
    ),
  };
}

/** Undefined: the user may not. */
async function listed(cluster: SiteCluster, name: Collection, context: string) {
  const path = cluster.path(collections[name], name);
  try {
    return (await cluster.client.get<KubeList<KubeObject>>(path)).items;
  } catch (error) {
    if (isStatus(error, 403)) return undefined;
    throw unreadable(error, context);
  }
}

/** A namespace that is not there has empty lists: only looking at itself tells. Who may not look sees from the lists. */
async function mustBeThere({ client, namespace }: SiteCluster, context: string): Promise<void> {
  try {
    await client.get(`/api/v1/namespaces/${encodeURIComponent(namespace)}`);
  } catch (error) {
    if (isStatus(error, 403)) return;
    if (!isStatus(error, 404)) throw unreadable(error, context);
    const message = `the cluster of the context "${context}" has no namespace "${namespace}"; see \`kubectl --context ${context} get namespaces\``;
    throw new SwitchbackFailure('InvalidInput', message);
  }
}

function notPermitted(refused: readonly Collection[], namespace: string, context: string): SwitchbackFailure {
  const message =
    `the user of the context "${context}" may not list ${refused.join(', ')} in the namespace "${namespace}". Let an administrator ` +
    `bind the ClusterRole "view" there, which shows no Secrets: kubectl create rolebinding switchback-init --clusterrole=view --user=<you> --namespace ${namespace}`;
  return new SwitchbackFailure('NamespaceUnreadable', message);
}

function unreadable(error: unknown, context: string): unknown {
  if (error instanceof SwitchbackFailure) {
    const why = typeof error.cause === 'string' ? error.cause : error.message;
    return new SwitchbackFailure(
      'NamespaceUnreadable',
      `the context "${context}" cannot be used: ${why}. Mend it in the kubeconfig, or log in again`,
    );
  }
  const cluster = `the cluster of the context "${context}"`;
  if (error instanceof NoAnswer) {
    const message = `${cluster} does not answer: ${error.message}. Check the network or VPN to it, and the server that the kubeconfig names`;
    return new SwitchbackFailure('NamespaceUnreadable', message);
  }
  if (!(error instanceof KubeError)) return error;
  const fix =
    error.status === 401
      ? 'Log in to it again: its credentials are not valid any more'
      : 'Try again, or ask who runs it';
  const message = `${cluster} answered ${error.status} ${error.reason}: ${error.message}. ${fix}`;
  return new SwitchbackFailure('NamespaceUnreadable', message);
}
