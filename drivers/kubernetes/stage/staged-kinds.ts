import type { StagedKindName, StageMaps } from '../../../core/model/stage';
import { quantity } from '../health/quantity';
import { restOf } from './at-rest';
import { type Draft, listWithin, within } from './draft';
import { mapHosts, mapImages, mapStorageClass } from './maps';
import type { Adapting, StagedKind } from './staged-kind';

/** Trust that each cluster puts into each namespace. */
const ownTrust: readonly string[] = ['kube-root-ca.crt', 'openshift-service-ca.crt', 'istio-ca-root-cert'];

/** Given out by the first cluster, or leading into its network. */
const ownAddresses: readonly string[] = [
  'clusterIPs',
  'ipFamilies',
  'externalIPs',
  'loadBalancerIP',
  'healthCheckNodePort',
];

const images =
  (...way: readonly string[]) =>
  (draft: Draft, { maps }: Adapting): void =>
    mapImages(within(draft, 'spec', ...way, 'template'), maps);

const rbac = 'rbac.authorization.k8s.io/v1';
const table: Readonly<Record<StagedKindName, Omit<StagedKind, 'kind'>>> = {
  ServiceAccount: {
    apiVersion: 'v1',
    plural: 'serviceaccounts',
    isOfCluster: ({ metadata }) => metadata.name === 'default',
    // Names of token secrets that the first cluster has made.
    adapt: (draft) => void delete draft['secrets'],
  },
  Role: { apiVersion: rbac, plural: 'roles' },
  RoleBinding: { apiVersion: rbac, plural: 'rolebindings', adapt: moveSubjects },
  ConfigMap: {
    apiVersion: 'v1',
    plural: 'configmaps',
    isOfCluster: ({ metadata }) => ownTrust.includes(metadata.name),
  },
  Secret: {
    apiVersion: 'v1',
    plural: 'secrets',
    isOfCluster: (object) => (object as { type?: string }).type === 'kubernetes.io/service-account-token',
    secret: true,
  },
  PersistentVolumeClaim: {
    apiVersion: 'v1',
    plural: 'persistentvolumeclaims',
    adapt: adaptClaim,
    neverDeleted: 'it holds data; delete it by hand when that is no longer wanted',
  },
  Service: { apiVersion: 'v1', plural: 'services', adapt: adaptService },
  Deployment: { apiVersion: 'apps/v1', plural: 'deployments', adapt: images(), ...restOf.byReplicas },
  StatefulSet: {
    apiVersion: 'apps/v1',
    plural: 'statefulsets',
    adapt: (draft, adapting) => {
      images()(draft, adapting);
      for (const claim of listWithin(draft, 'spec', 'volumeClaimTemplates')) adaptTemplate(claim, adapting.maps);
    },
    ...restOf.byReplicas,
  },
  DaemonSet: { apiVersion: 'apps/v1', plural: 'daemonsets', adapt: images(), ...restOf.byNodeSelector },
  CronJob: {
    apiVersion: 'batch/v1',
    plural: 'cronjobs',
    adapt: images('jobTemplate', 'spec'),
    ...restOf.bySuspension,
  },
  HorizontalPodAutoscaler: {
    apiVersion: 'autoscaling/v2',
    plural: 'horizontalpodautoscalers',
    ...restOf.byAutoscaling,
  },
  Ingress: {
    apiVersion: 'networking.k8s.io/v1',
    plural: 'ingresses',
    adapt: (draft, { maps }) => mapHosts(draft, maps),
  },
};

export const builtInStaged = (kind: StagedKindName): StagedKind => ({ kind, ...table[kind] });

/** A custom resource is copied as it is: what its operator at the standby makes of it is the affair of whoever names it. */
export const customStaged = (apiVersion: string, kind: string, plural: string): StagedKind => ({
  apiVersion,
  kind,
  plural,
  ...restOf.byReplicasIfAny,
});

function moveSubjects(draft: Draft, { namespaces: { source, target } }: Adapting): void {
  for (const subject of listWithin(draft, 'subjects')) {
    if (subject['namespace'] === source) subject['namespace'] = target;
  }
}

function adaptService(draft: Draft): void {
  const spec = within(draft, 'spec') ?? {};
  for (const key of ownAddresses) delete spec[key];
  // "None" is no address but what makes it headless.
  if (spec['clusterIP'] !== 'None') delete spec['clusterIP'];
  for (const port of listWithin(draft, 'spec', 'ports')) delete port['nodePort'];
}

/** Of a claim that is there only the size may change, and only grow. */
function adaptClaim(draft: Draft, { maps, live }: Adapting): void {
  const spec = within(draft, 'spec') ?? {};
  for (const key of ['volumeName', 'dataSource', 'dataSourceRef']) delete spec[key];
  mapStorageClass(draft, maps);
  const there = within(live, 'spec');
  if (there === undefined) return;
  const asked = within(spec, 'resources', 'requests');
  const has = within(there, 'resources', 'requests')?.['storage'];
  if (asked && quantity(String(has)) > quantity(String(asked['storage']))) asked['storage'] = has;
  for (const key of Object.keys(spec)) {
    if (key !== 'resources') spec[key] = there[key];
  }
}

function adaptTemplate(claim: Draft, maps: StageMaps): void {
  delete claim['status'];
  mapStorageClass(claim, maps);
}
