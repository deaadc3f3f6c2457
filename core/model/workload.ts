import type { CheckSpec } from './check';

/** One service of the protection group, started and stopped as a whole. */
export interface WorkloadSpec {
  readonly name: string;
  /** Priority group: 1 starts first and stops last. */
  readonly priority: number;
  /** Names of workloads that must be healthy before this one starts, and stopped after it. */
  readonly dependsOn: readonly string[];
  /** Names of the volumes it writes. Empty: the workload is stateless. */
  readonly volumes: readonly string[];
  readonly stopGraceSeconds: number;
  readonly checks: readonly CheckSpec[];
  readonly local?: LocalProcess;
  readonly kubernetes?: KubernetesWorkload;
}

/** Which objects of a namespace are the workload: one by its name, or all of a kind that carry labels. */
export interface KubernetesWorkload {
  /** "Deployment", "StatefulSet", ...: any kind with a scale subresource, CronJob and DaemonSet. */
  readonly kind: string;
  /** "argoproj.io/v1alpha1"; absent for kinds of Kubernetes itself. */
  readonly apiVersion?: string;
  readonly name?: string;
  /** Labels that all must be there. Exactly one of `name` and `selector` is given. */
  readonly selector?: Readonly<Record<string, string>>;
  /** How many instances to start where no number was recorded or seen; 0: it is switched off. Absent: 1. */
  readonly replicas?: number;
  /** What was seen of the objects at the active site, now or by the group; never of a runbook. Absent: nothing for certain. */
  readonly active?: ActiveInstances;
}

export interface ActiveInstances {
  /** How many instances the one object wanted; absent where several objects are the workload. */
  readonly replicas?: number;
  /** How many instances each of several objects wanted, by name. */
  readonly wanted?: Readonly<Record<string, number>>;
  /** Names of objects that somebody has switched off: they are to be off after the move as well. Absent: none. */
  readonly switchedOff?: readonly string[];
}

/** As it was seen at the active site at that ISO instant. */
export interface SeenInstances extends ActiveInstances {
  readonly seenAt: string;
}

/** By name of the workload. */
export type InstancesByWorkload = Readonly<Record<string, ActiveInstances>>;
export type SeenInstancesByWorkload = Readonly<Record<string, SeenInstances>>;

/** How the local driver runs a workload: one process, no shell. */
export interface LocalProcess {
  /** Program and arguments. A relative program or script is looked up in the runbook's folder. */
  readonly command: readonly string[];
  /** TCP port on the site's address. Stopped means: process gone and this port closed. */
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
}

/** The kinds of Kubernetes itself that can be stopped and started; any other needs its apiVersion. */
export const builtInScalableKinds: readonly string[] = [
  'Deployment',
  'StatefulSet',
  'ReplicaSet',
  'DaemonSet',
  'CronJob',
];

export type WorkloadStatus = 'running' | 'stopped' | 'unknown';

export interface WorkloadObservation {
  readonly workload: string;
  readonly site: string;
  readonly status: WorkloadStatus;
  /** Epoch it was started with; of what a start has left switched off, too. Absent when stopped otherwise, or unknown. */
  readonly epoch?: number;
  /** How many instances run (local: 0 or 1). */
  readonly replicas: number;
  /** How many instances each object of a cluster that runs wants, by name. */
  readonly wanted?: Readonly<Record<string, number>>;
  /** Names of objects without instances that no run has stopped: a person wants them off. Absent: none. */
  readonly switchedOff?: readonly string[];
  /** What was looked at, in words: "pid 4711 (started 12:00:03) answers on 127.0.1.1:7001". */
  readonly saw: string;
}

/**
 * unfenced: may write. fenced: writes below `epoch` are refused at the site itself.
 * declared-lost: a named person said the site is gone. unconfirmed: nobody knows.
 */
export type Fencing = 'unfenced' | 'fenced' | 'declared-lost' | 'unconfirmed';

export interface FenceState {
  readonly site: string;
  readonly fencing: Fencing;
  /** Lowest epoch that may write at the site. Absent when unconfirmed. */
  readonly epoch?: number;
  readonly saw: string;
}
