/** What the worker of a site does there, as its Role must allow it; deploy/kubernetes/worker-role.yaml says the same. */
export interface Permission {
  readonly group: string;
  readonly resource: string;
  readonly verbs: readonly string[];
}

const watched = ['get', 'list', 'watch'];

export const neededPermissions: readonly Permission[] = [
  { group: 'apps', resource: 'deployments', verbs: [...watched, 'patch'] },
  { group: 'apps', resource: 'statefulsets', verbs: [...watched, 'patch'] },
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
