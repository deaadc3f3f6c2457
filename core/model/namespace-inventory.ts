/** What runs in a namespace of a Kubernetes cluster, and what it names: enough to draft a runbook. No value of a Secret is in it. */
export interface NamespaceInventory {
  readonly context: string;
  readonly namespace: string;
  readonly workloads: readonly FoundWorkload[];
  readonly services: readonly FoundService[];
  readonly ingresses: readonly FoundIngress[];
  readonly autoscalers: readonly FoundAutoscaler[];
  readonly claims: readonly FoundClaim[];
  /** By name, then by key. */
  readonly configMaps: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export const foundKinds = ['Deployment', 'StatefulSet', 'DaemonSet', 'CronJob'] as const;

export type FoundKind = (typeof foundKinds)[number];

export interface FoundWorkload {
  readonly kind: FoundKind;
  readonly name: string;
  /** How many there are meant to be, or were before they were stopped; absent: the kind has no such number. */
  readonly replicas?: number;
  /** It is meant not to run, and nothing tells that it ever did. */
  readonly stopped?: true;
  readonly podLabels: Readonly<Record<string, string>>;
  readonly graceSeconds?: number;
  /** "Kafka/orders": the object of another kind that made it, and sees to it that it stays as it is. */
  readonly madeBy?: string;
  readonly containers: readonly FoundContainer[];
  /** ConfigMaps that its pods have as files; without `keys` all of theirs. */
  readonly mounts: readonly { readonly configMap: string; readonly keys?: readonly string[] }[];
  /** Names of claims, and of claim templates, whose volumes its pods have. */
  readonly claims: readonly string[];
}

export interface FoundContainer {
  readonly name: string;
  readonly env: readonly FoundVariable[];
  /** Everything of a ConfigMap or a Secret as variables. */
  readonly envFrom: readonly { readonly kind: ValueSource; readonly name: string }[];
  /** Command and arguments. */
  readonly words: readonly string[];
  readonly ports: readonly { readonly name?: string; readonly port: number }[];
  readonly readiness?: FoundProbe;
}

export type ValueSource = 'ConfigMap' | 'Secret';

export interface FoundVariable {
  readonly name: string;
  readonly value?: string;
  readonly from?: { readonly kind: ValueSource; readonly name: string; readonly key: string };
}

export interface FoundProbe {
  readonly port: number | string;
  /** Absent: a connection is enough. */
  readonly path?: string;
  readonly https?: true;
}

export interface FoundService {
  readonly name: string;
  readonly type: string;
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly FoundPort[];
  /** It has no address of its own: its name leads to the pods, at any of their ports. */
  readonly headless: boolean;
  /** IP addresses and host names that the cluster has given its load balancer. */
  readonly addresses: readonly string[];
}

export interface FoundPort {
  readonly name?: string;
  readonly protocol: string;
  readonly port: number;
  readonly targetPort: number | string;
  readonly nodePort?: number;
}

export interface FoundIngress {
  readonly name: string;
  readonly rules: readonly FoundRule[];
  /** Hosts that are served with TLS. */
  readonly tlsHosts: readonly string[];
  readonly addresses: readonly string[];
}

export interface FoundRule {
  /** Absent: any host. */
  readonly host?: string;
  readonly path: string;
  readonly service: string;
  readonly port?: number | string;
}

export interface FoundAutoscaler {
  readonly name: string;
  readonly kind: string;
  readonly target: string;
  readonly least: number;
  readonly most: number;
}

export interface FoundClaim {
  readonly name: string;
  readonly size: string;
  readonly storageClass: string;
}

/** What the program that reads namespaces is asked. */
export interface InventoryRequest {
  /** A path; absent: as kubectl would find it. */
  readonly kubeconfig?: string;
  /** Absent: the current context. */
  readonly context?: string;
  readonly namespace: string;
  /** The standby, when its context is known already. */
  readonly to?: { readonly context: string; readonly namespace: string };
}

/** What it answers. The standby need not be there yet: why it could not be read is worth a remark. */
export type InventoryAnswer =
  | { readonly kind: 'found'; readonly primary: NamespaceInventory; readonly recovery?: StandbyInventory }
  | { readonly kind: 'failed'; readonly code: 'InvalidInput' | 'NamespaceUnreadable'; readonly message: string };

export type StandbyInventory =
  | { readonly kind: 'read'; readonly inventory: NamespaceInventory }
  | { readonly kind: 'unread'; readonly because: string };
