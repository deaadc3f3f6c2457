import type { StagedKindName } from '../../../core/model/stage';
import { builtInStaged } from '../stage/staged-kinds';

/** What the worker of a site does there, as its Role must allow it; deploy/kubernetes/worker-role.yaml says the same. */
export interface Permission {
  readonly group: string;
  readonly resource: string;
  /** Of the one object that is needed, where a Role names it. */
  readonly name?: string;
  readonly verbs: readonly string[];
}

const watched = ['get', 'list', 'watch'];

/** What a drill needs of the site besides; deploy/kubernetes/drill-role.yaml says the same. */
export const neededForDrills: readonly Permission[] = [
  { group: '', resource: 'configmaps', verbs: ['list'] },
  { group: '', resource: 'secrets', verbs: ['list'] },
  { group: '', resource: 'serviceaccounts', verbs: ['list'] },
  { group: '', resource: 'services', verbs: ['list'] },
  { group: 'rbac.authorization.k8s.io', resource: 'roles', verbs: ['list'] },
  { group: 'rbac.authorization.k8s.io', resource: 'rolebindings', verbs: ['list', 'create'] },
  { group: '', resource: 'namespaces', verbs: ['create'] },
];

/** What moving volumes needs of the site besides; deploy/kubernetes/mover-role.yaml says the same. */
export const neededForVolumes: readonly Permission[] = [
  { group: 'batch', resource: 'jobs', verbs: ['get', 'create', 'patch'] },
  { group: '', resource: 'secrets', verbs: ['create', 'delete'] },
  { group: '', resource: 'services', verbs: ['get', 'create', 'delete'] },
  { group: '', resource: 'persistentvolumeclaims', verbs: ['get', 'create'] },
];

/** What recovery points that are snapshots need of the site besides; deploy/kubernetes/snapshot-role.yaml says the same. */
export const neededForSnapshots: readonly Permission[] = [
  {
    group: 'snapshot.storage.k8s.io',
    resource: 'volumesnapshots',
    verbs: [...watched, 'create', 'patch', 'delete'],
  },
];

/** What keeping a site current needs there while it is the standby; deploy/kubernetes/stage-role.yaml says the same. */
export const neededForStaging = (kinds: readonly StagedKindName[]): readonly Permission[] =>
  kinds.map(builtInStaged).map(({ apiVersion, plural, neverDeleted }) => ({
    group: apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '',
    resource: plural,
    verbs: ['list', 'create', 'patch', ...(neverDeleted === undefined ? ['delete'] : [])],
  }));

/** What a kind that is not of Kubernetes itself needs besides; deploy/kubernetes/custom-role.yaml says the same. */
export const neededForCustom = (group: string, plural: string): readonly Permission[] => [
  { group, resource: plural, verbs: [...watched, 'patch'] },
  {
    group: 'apiextensions.k8s.io',
    resource: 'customresourcedefinitions',
    name: `${plural}.${group}`,
    verbs: ['get'],
  },
];

export const neededPermissions: readonly Permission[] = [
  { group: 'apps', resource: 'deployments', verbs: [...watched, 'patch'] },
  { group: 'apps', resource: 'statefulsets', verbs: [...watched, 'patch'] },
  { group: 'apps', resource: 'replicasets', verbs: [...watched, 'patch'] },
  { group: 'apps', resource: 'daemonsets', verbs: [...watched, 'patch'] },
  { group: 'batch', resource: 'cronjobs', verbs: [...watched, 'patch'] },
  { group: 'batch', resource: 'jobs', verbs: ['list', 'delete'] },
  { group: '', resource: 'pods', verbs: ['list', 'watch', 'delete'] },
  { group: '', resource: 'pods/log', verbs: ['get'] },
  { group: '', resource: 'events', verbs: ['list'] },
  { group: '', resource: 'configmaps', verbs: ['get', 'create', 'patch'] },
  { group: '', resource: 'resourcequotas', verbs: ['list'] },
  { group: '', resource: 'persistentvolumeclaims', verbs: ['list'] },
  { group: 'autoscaling', resource: 'horizontalpodautoscalers', verbs: ['list', 'patch'] },
];
