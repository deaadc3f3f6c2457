import type { KubeObject, LabelSelector } from '../kube-object';

/** The parts of objects that a runbook is drafted from, as the API has them. */
export interface PodTemplate {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: {
    readonly terminationGracePeriodSeconds?: number;
    readonly containers?: readonly Container[];
    readonly initContainers?: readonly Container[];
    readonly volumes?: readonly Volume[];
  };
}

export interface Container {
  readonly name: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly configMapKeyRef?: KeyRef; readonly secretKeyRef?: KeyRef };
  }[];
  readonly envFrom?: readonly { readonly configMapRef?: NameRef; readonly secretRef?: NameRef }[];
  readonly readinessProbe?: {
    readonly httpGet?: { readonly path?: string; readonly port: number | string; readonly scheme?: string };
    readonly tcpSocket?: { readonly port: number | string };
  };
}

interface NameRef {
  readonly name?: string;
}

interface KeyRef extends NameRef {
  readonly key: string;
}

interface ConfigMapVolume extends NameRef {
  readonly items?: readonly { readonly key: string }[];
}

export interface Volume {
  readonly configMap?: ConfigMapVolume;
  readonly projected?: { readonly sources?: readonly { readonly configMap?: ConfigMapVolume }[] };
  readonly persistentVolumeClaim?: { readonly claimName: string };
}

export interface Templated extends KubeObject {
  readonly spec: {
    readonly replicas?: number;
    readonly selector?: LabelSelector;
    readonly template?: PodTemplate;
    readonly jobTemplate?: { readonly spec?: { readonly template?: PodTemplate } };
    readonly volumeClaimTemplates?: readonly KubeObject[];
  };
}

export interface Service extends KubeObject {
  readonly spec: {
    readonly type?: string;
    readonly clusterIP?: string;
    readonly selector?: Readonly<Record<string, string>>;
    readonly ports?: readonly {
      readonly name?: string;
      readonly protocol?: string;
      readonly port: number;
      readonly targetPort?: number | string;
      readonly nodePort?: number;
    }[];
  };
  readonly status?: LoadBalanced;
}

export interface LoadBalanced {
  readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[] };
}

interface Backend {
  readonly service?: { readonly name: string; readonly port?: { readonly number?: number; readonly name?: string } };
}

export interface Ingress extends KubeObject {
  readonly spec: {
    readonly defaultBackend?: Backend;
    readonly tls?: readonly { readonly hosts?: readonly string[] }[];
    readonly rules?: readonly {
      readonly host?: string;
      readonly http?: { readonly paths?: readonly { readonly path?: string; readonly backend: Backend }[] };
    }[];
  };
  readonly status?: LoadBalanced;
}

export interface Autoscaler extends KubeObject {
  readonly spec: {
    readonly scaleTargetRef: { readonly kind: string; readonly name: string };
    readonly minReplicas?: number;
    readonly maxReplicas: number;
  };
}

export interface Claim extends KubeObject {
  readonly spec: {
    readonly storageClassName?: string;
    readonly resources?: { readonly requests?: { readonly storage?: string } };
  };
}

export interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}
