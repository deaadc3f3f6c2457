import type { KubeObject, WorkloadObject } from '../kube-object';
import { isOfSwitchback } from '../stage/ownership';
import { annotation } from '../workloads/annotations';
import { copiedService, type ServiceSpec } from './copied-service';
import { copiedWorkload } from './copied-workload';

/** Where a copy comes from and where it will be. */
export interface CopyPlace {
  readonly from: string;
  readonly to: string;
  /** Address at which copies answer. */
  readonly address: string;
}

/** What the copy of an object has besides its name and labels; undefined: it is not copied. */
type Made = { readonly annotations?: Readonly<Record<string, string>>; readonly [part: string]: unknown } | undefined;

/** A kind of object that workloads need. Rows of one round do not need each other; later rounds need earlier ones. */
export interface CopiedKind {
  readonly apiVersion: string;
  readonly plural: string;
  readonly made: (object: never, place: CopyPlace) => Made;
}

interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

const rbac = 'rbac.authorization.k8s.io/v1';

/** Secrets that the cluster or Helm make, and that mean nothing in another namespace. */
const foreignSecrets = ['kubernetes.io/service-account-token', 'bootstrap.kubernetes.io/token', 'helm.sh/release.v1'];

const pick = (object: object, ...parts: readonly string[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(object).filter(([part]) => parts.includes(part)));

const workloads = (kind: string, plural: string, apiVersion = 'apps/v1'): CopiedKind => ({
  apiVersion,
  plural,
  made: (object: WorkloadObject) => copiedWorkload(kind, object),
});

export const copiedKinds: readonly (readonly CopiedKind[])[] = [
  [
    {
      apiVersion: 'v1',
      plural: 'configmaps',
      made: (object: KubeObject) => {
        const ofCluster = object.metadata.name === 'kube-root-ca.crt';
        return isOfSwitchback(object) || ofCluster ? undefined : pick(object, 'data', 'binaryData', 'immutable');
      },
    },
    {
      apiVersion: 'v1',
      plural: 'secrets',
      made: (object: KubeObject & { readonly type?: string }) =>
        isOfSwitchback(object) || foreignSecrets.includes(object.type ?? '')
          ? undefined
          : pick(object, 'type', 'data', 'immutable'),
    },
    {
      apiVersion: 'v1',
      plural: 'serviceaccounts',
      made: (object: KubeObject) => pick(object, 'imagePullSecrets', 'automountServiceAccountToken'),
    },
    { apiVersion: rbac, plural: 'roles', made: (object: KubeObject) => pick(object, 'rules') },
    {
      apiVersion: 'v1',
      plural: 'services',
      made: (object: KubeObject & { readonly spec: ServiceSpec }, { address }) =>
        isOfSwitchback(object) ? undefined : { spec: copiedService(object.spec, address) },
    },
  ],
  [
    {
      apiVersion: rbac,
      plural: 'rolebindings',
      made: (object: KubeObject & { readonly subjects?: readonly Subject[] }, place) => {
        const subjects = (object.subjects ?? []).flatMap((subject) => inCopy(subject, place));
        return subjects.length === 0 ? undefined : { ...pick(object, 'roleRef'), subjects };
      },
    },
    workloads('Deployment', 'deployments'),
    workloads('StatefulSet', 'statefulsets'),
    workloads('DaemonSet', 'daemonsets'),
    workloads('CronJob', 'cronjobs', 'batch/v1'),
    {
      apiVersion: 'autoscaling/v2',
      plural: 'horizontalpodautoscalers',
      made: (object: KubeObject) => {
        const setAside = object.metadata.annotations?.[annotation.setAside];
        return {
          ...pick(object, 'spec'),
          annotations: setAside === undefined ? {} : { [annotation.setAside]: setAside },
        };
      },
    },
  ],
];

/** Accounts of production become those of the copy; those of other namespaces have no business there. */
function inCopy(subject: Subject, { from, to }: CopyPlace): readonly Subject[] {
  if (subject.kind !== 'ServiceAccount') return [subject];
  return subject.namespace === from ? [{ ...subject, namespace: to }] : [];
}
