import type { StagedKindName } from './stage';

/** The two places a protection group lives. Fixed in the runbook: home, and the refuge. */
export type SiteRole = 'primary' | 'recovery';

/** The other site of the pair. */
export const peerRole = (role: SiteRole): SiteRole => (role === 'primary' ? 'recovery' : 'primary');

/** Which driver serves a site, and where that site is. Closed: a new driver adds its variant here. */
export type SiteSpec = LocalSite | MemorySite | KubernetesSite;

/** Where the copies of drills live. */
export interface DrillPlace {
  /** An IPv4 address that nothing else of either site uses. */
  readonly address: string;
}

/** Services of a copy that answer outside of the cluster in production answer at its address. */
export interface KubernetesDrillPlace extends DrillPlace {
  /** Networks in CIDR form that the checks of the copy come from: the network policy of a copy lets nothing else in. */
  readonly checksFrom?: readonly string[];
}

/** A loopback address and a folder (relative to the worker's lab folder): two real sites on one machine. */
export interface LocalSite {
  readonly driver: 'local';
  readonly name: string;
  /** Loopback IPv4 address the site's workloads listen on. */
  readonly address: string;
  /** Folder of the site, relative to the lab folder of the worker. */
  readonly folder: string;
  /** Absent: no drill is held at the site. */
  readonly drill?: DrillPlace;
}

/** An in-memory site, for simulations and workflow tests (drivers/memory/BEHAVIOUR.md). */
export interface MemorySite {
  readonly driver: 'memory';
  readonly name: string;
  readonly address: string;
  readonly drill?: DrillPlace;
}

/** A namespace of a Kubernetes cluster. */
export interface KubernetesSite {
  readonly driver: 'kubernetes';
  readonly name: string;
  /** Where the site's services answer from outside: checks aim at it, and records of type A lead to it. */
  readonly address: string;
  readonly kubernetes: {
    readonly namespace: string;
    /** Context of the kubeconfig; absent: the current one, or the cluster that the worker runs in. */
    readonly context?: string;
    /** File below the worker's folder of kubeconfigs; absent: KUBECONFIG, the home folder, or the worker's service account. */
    readonly kubeconfig?: string;
    /** Absent: no volumes are moved. */
    readonly mover?: KubernetesMover;
    /** Kinds that are kept current here while the site is the standby; absent: nothing is. */
    readonly staged?: readonly StagedKindName[];
    /** Kinds of its workloads that the runbook names with an apiVersion, each once; absent: none. */
    readonly customKinds?: readonly CustomKind[];
  };
  readonly drill?: KubernetesDrillPlace;
}

/** A kind of objects that is not one of Kubernetes itself: "argoproj.io/v1alpha1", "Rollout". */
export interface CustomKind {
  readonly apiVersion: string;
  readonly kind: string;
}

/** How a site gives the volumes of its namespace away. `Pod`: by the address of the pod, where pods of both clusters reach each other. */
export type MoverService = 'NodePort' | 'LoadBalancer' | 'ClusterIP' | 'Pod';

/** The pods that copy volumes at a site of a Kubernetes cluster. */
export interface KubernetesMover {
  /** Image with rsync, OpenSSH and a shell: deploy/kubernetes/mover/Dockerfile. */
  readonly image: string;
  readonly pullPolicy?: 'Always' | 'IfNotPresent' | 'Never';
  readonly service: MoverService;
  /** Where NodePorts of the site are reached from the other one; absent: at the node that the pod runs on. */
  readonly host?: string;
  /** How long a Service of type LoadBalancer may take to get its address; absent: three minutes. */
  readonly addressWithinSeconds?: number;
  /** Keep the Jobs of a pass that has failed, without their keys, until the next one. */
  readonly keepOnFailure?: boolean;
  /** Recovery points are VolumeSnapshots; absent: folders of a claim beside the volume. */
  readonly snapshots?: KubernetesSnapshots;
}

export interface KubernetesSnapshots {
  /** Name of the VolumeSnapshotClass. */
  readonly class: string;
  /** The claims of the runbook at the site, of which snapshots are taken. */
  readonly claims: readonly string[];
}

export interface SiteHealth {
  readonly site: string;
  /** False when the site does not answer at all. Everything else is then unknown. */
  readonly reachable: boolean;
  readonly findings: readonly HealthFinding[];
  readonly observedAt: string;
}

/** One thing looked at. `ok: false` says in `fix` what a person should do. */
export interface HealthFinding {
  readonly name: string;
  readonly ok: boolean;
  readonly saw: string;
  readonly fix?: string;
}

export interface Connectivity {
  readonly from: string;
  readonly to: string;
  readonly ok: boolean;
  readonly saw: string;
  /** Round trip in milliseconds; absent when not connected. */
  readonly latencyMs?: number;
}
