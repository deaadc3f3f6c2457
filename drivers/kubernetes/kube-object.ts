/** What every object of the API has. */
export interface KubeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMeta;
}

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly deletionTimestamp?: string;
  readonly ownerReferences?: readonly { readonly kind: string; readonly name: string; readonly uid: string }[];
}

export interface KubeList<Item> {
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly Item[];
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

export interface ContainerStatus {
  readonly name: string;
  /** Of an init container: it has ended well. */
  readonly ready?: boolean;
  readonly restartCount: number;
  readonly state?: {
    readonly waiting?: { readonly reason?: string; readonly message?: string };
    readonly running?: object;
    readonly terminated?: { readonly exitCode: number; readonly reason?: string; readonly message?: string };
  };
  readonly lastState?: { readonly terminated?: { readonly exitCode: number; readonly message?: string } };
}

export interface Pod extends KubeObject {
  readonly spec: {
    readonly containers: readonly {
      readonly name: string;
      readonly volumeMounts?: readonly { readonly name: string }[];
      readonly volumeDevices?: readonly { readonly name: string }[];
    }[];
    readonly volumes?: readonly (PodVolume & { readonly name: string })[];
    readonly nodeName?: string;
  };
  readonly status: {
    readonly phase?: string;
    /** Why it was ended by the cluster: "Evicted: The node was low on resource". */
    readonly reason?: string;
    readonly message?: string;
    readonly podIP?: string;
    readonly hostIP?: string;
    readonly conditions?: readonly Condition[];
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
  };
}

export interface PodVolume {
  readonly persistentVolumeClaim?: { readonly claimName: string };
}

export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

interface PodTemplate {
  readonly spec?: {
    readonly hostNetwork?: boolean;
    readonly nodeSelector?: Readonly<Record<string, string>>;
    readonly volumes?: readonly PodVolume[];
    readonly containers?: readonly {
      readonly resources?: {
        readonly requests?: Readonly<Record<string, string>>;
        readonly limits?: Readonly<Record<string, string>>;
      };
    }[];
  };
}

/** The parts of all kinds of workloads that are looked at; each kind has some of them. */
export interface WorkloadObject extends KubeObject {
  readonly spec: {
    readonly replicas?: number;
    readonly suspend?: boolean;
    readonly progressDeadlineSeconds?: number;
    readonly selector?: LabelSelector;
    readonly template?: PodTemplate;
    /** Of a CronJob. */
    readonly jobTemplate?: { readonly spec?: { readonly template?: PodTemplate } };
    readonly volumeClaimTemplates?: readonly KubeObject[];
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly readyReplicas?: number;
    readonly updatedReplicas?: number;
    readonly desiredNumberScheduled?: number;
    readonly numberReady?: number;
    readonly conditions?: readonly Condition[];
  };
}
