import type { KubeObject, ObjectMeta } from '../../../../drivers/kubernetes/kube-object';

/** A pod as a node reads it. */
export interface NodePod extends KubeObject {
  readonly metadata: ObjectMeta & { readonly namespace: string; readonly deletionGracePeriodSeconds?: number };
  readonly spec: {
    readonly containers: readonly Container[];
    readonly initContainers?: readonly unknown[];
    readonly restartPolicy?: string;
    readonly activeDeadlineSeconds?: number;
    readonly volumes?: readonly PodVolume[];
  };
  readonly status: { readonly phase?: string };
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly EnvVariable[];
  readonly envFrom?: readonly unknown[];
  readonly volumeMounts?: readonly VolumeMount[];
  readonly readinessProbe?: {
    readonly tcpSocket?: { readonly port: number | string };
    readonly periodSeconds?: number;
  };
  readonly livenessProbe?: unknown;
  readonly startupProbe?: unknown;
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
  readonly securityContext?: SecurityContext;
  readonly terminationMessagePath?: string;
  readonly terminationMessagePolicy?: string;
}

interface SecurityContext {
  readonly runAsUser?: number;
  readonly allowPrivilegeEscalation?: boolean;
  readonly capabilities?: { readonly drop?: readonly string[]; readonly add?: readonly string[] };
}

export interface KeyRef {
  readonly name: string;
  readonly key: string;
  readonly optional?: boolean;
}

export interface EnvVariable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: {
    readonly configMapKeyRef?: KeyRef;
    readonly secretKeyRef?: KeyRef;
    readonly fieldRef?: { readonly fieldPath: string };
  };
}

interface VolumeMount {
  readonly name: string;
  readonly mountPath: string;
  readonly readOnly?: boolean;
  readonly subPath?: string;
}

export interface Projection {
  readonly defaultMode?: number;
  readonly optional?: boolean;
  readonly items?: readonly { readonly key: string; readonly path: string; readonly mode?: number }[];
}

export interface PodVolume {
  readonly name: string;
  readonly persistentVolumeClaim?: { readonly claimName: string; readonly readOnly?: boolean };
  readonly secret?: Projection & { readonly secretName: string };
  readonly configMap?: Projection & { readonly name: string };
  readonly emptyDir?: unknown;
}

/** What has to be there first is not: the pod waits for it, as the reason and message of its container say. */
export class NotThereYet extends Error {
  constructor(
    readonly reason: string,
    message: string,
  ) {
    super(message);
  }
}

const refusals: readonly (readonly [what: string, isIn: (pod: NodePod) => boolean])[] = [
  ['more than one container', ({ spec }) => spec.containers.length > 1 || (spec.initContainers ?? []).length > 0],
  // With Always, one that ends is Failed all the same, and its controller makes another.
  ['a restartPolicy of OnFailure', ({ spec }) => spec.restartPolicy === 'OnFailure'],
  ['activeDeadlineSeconds', ({ spec }) => spec.activeDeadlineSeconds !== undefined],
  ['no command', ({ spec }) => (spec.containers[0]?.command ?? []).length === 0],
  [
    'a user other than root',
    ({ spec }) => spec.containers.some(({ securityContext }) => (securityContext?.runAsUser ?? 0) > 0),
  ],
  ['envFrom', ({ spec }) => spec.containers.some(({ envFrom }) => envFrom !== undefined)],
  [
    'probes other than readiness by tcpSocket',
    ({ spec }) =>
      spec.containers.some(
        ({ livenessProbe, startupProbe, readinessProbe }) =>
          livenessProbe !== undefined ||
          startupProbe !== undefined ||
          (readinessProbe !== undefined && readinessProbe.tcpSocket === undefined),
      ),
  ],
  [
    'volumes other than claims, Secrets, ConfigMaps and emptyDir',
    ({ spec }) =>
      (spec.volumes ?? []).some(
        ({ persistentVolumeClaim, secret, configMap, emptyDir }) =>
          (persistentVolumeClaim ?? secret ?? configMap ?? emptyDir) === undefined,
      ),
  ],
];

/** What a kubelet would do for the pod and a process node does not; undefined: it does all that changes what is seen. */
export function refusalOf(pod: NodePod): string | undefined {
  const [found] = refusals.filter(([, isIn]) => isIn(pod));
  return found === undefined ? undefined : `process nodes of the lab run no pod with ${found[0]}; use real nodes`;
}
