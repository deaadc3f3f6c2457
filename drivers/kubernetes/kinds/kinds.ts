import type { WorkloadObject } from '../kube-object';
import type { Readiness, WorkloadKind } from './workload-kind';

/** A node selector that no node satisfies: a DaemonSet with it has no pods. */
export const stoppedNodeLabel = 'switchback.dev/stopped';

const replicasOf = ({ spec }: WorkloadObject): number => spec.replicas ?? 1;

const byReplicas = {
  wanted: replicasOf,
  original: (object: WorkloadObject) => String(replicasOf(object)),
  stopped: () => ({ replicas: 0 }),
  started: (original: string) => ({ replicas: countOf(original) }),
};

const deployment: WorkloadKind = {
  ...byReplicas,
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  plural: 'deployments',
  templateLabel: 'pod-template-hash',
  readiness: (object) => {
    const { conditions = [], updatedReplicas = 0, readyReplicas = 0, replicas = 0 } = object.status ?? {};
    const wanted = replicasOf(object);
    if (isBehind(object)) return notYet(readyReplicas, wanted);
    const progressing = conditions.find(({ type }) => type === 'Progressing');
    if (progressing?.reason === 'ProgressDeadlineExceeded') {
      return { kind: 'failed', saw: progressing.message ?? 'it exceeded its progress deadline' };
    }
    const done = readyReplicas >= wanted && updatedReplicas >= wanted && replicas === updatedReplicas;
    return done ? ready(readyReplicas, wanted) : notYet(readyReplicas, wanted);
  },
};

const statefulSet: WorkloadKind = {
  ...byReplicas,
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  plural: 'statefulsets',
  templateLabel: 'controller-revision-hash',
  readiness: (object) => {
    const readyReplicas = object.status?.readyReplicas ?? 0;
    const wanted = replicasOf(object);
    return !isBehind(object) && readyReplicas >= wanted ? ready(readyReplicas, wanted) : notYet(readyReplicas, wanted);
  },
};

const { templateLabel: _ofSets, ...bySets } = statefulSet;
export const replicaSet: WorkloadKind = { ...bySets, kind: 'ReplicaSet', plural: 'replicasets' };

const daemonSet: WorkloadKind = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  plural: 'daemonsets',
  wanted: ({ spec, status }) => {
    if (spec.template?.spec?.nodeSelector?.[stoppedNodeLabel] !== undefined) return 0;
    return Math.max(1, status?.desiredNumberScheduled ?? 1);
  },
  original: (object) => String(Math.min(1, daemonSet.wanted(object))),
  stopped: () => nodeSelector('true'),
  started: (original) => nodeSelector(countOf(original) === 0 ? 'true' : null),
  readiness: (object) => {
    const { desiredNumberScheduled, numberReady = 0 } = object.status ?? {};
    if (isBehind(object) || desiredNumberScheduled === undefined) return notYet(numberReady, 1);
    const done = numberReady >= desiredNumberScheduled;
    return done ? ready(numberReady, desiredNumberScheduled) : notYet(numberReady, desiredNumberScheduled);
  },
};

const cronJob: WorkloadKind = {
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  plural: 'cronjobs',
  throughJobs: true,
  wanted: ({ spec }) => (spec.suspend === true ? 0 : 1),
  original: (object) => String(cronJob.wanted(object)),
  stopped: () => ({ suspend: true }),
  started: (original) => ({ suspend: countOf(original) === 0 }),
  readiness: () => ({ kind: 'ready', saw: 'it is not suspended' }),
};

const kinds: readonly WorkloadKind[] = [deployment, statefulSet, replicaSet, daemonSet, cronJob];

/** The kind, of a built-in group when `apiVersion` is absent; undefined: a custom one, of which only the scale is known. */
export function builtInKind(kind: string, apiVersion?: string): WorkloadKind | undefined {
  return kinds.find((one) => one.kind === kind && (apiVersion === undefined || one.apiVersion === apiVersion));
}

/** The status tells of an earlier spec: the controller has not looked at the last change yet. */
export function isBehind({ metadata, status }: WorkloadObject): boolean {
  return (status?.observedGeneration ?? 0) < (metadata.generation ?? 0);
}

const ready = (count: number, wanted: number): Readiness => ({
  kind: 'ready',
  saw: `${count} of ${wanted} pods Ready`,
});
const notYet = (count: number, wanted: number): Readiness => ({
  kind: 'not-yet',
  saw: `${count} of ${wanted} pods Ready`,
});

const nodeSelector = (value: string | null): object => ({
  template: { spec: { nodeSelector: { [stoppedNodeLabel]: value } } },
});

/** An annotation may have been written by hand or by another program. */
export function countOf(original: string): number {
  const count = Number(original);
  return Number.isInteger(count) && count >= 0 ? count : 1;
}
