/** The kinds of a namespace that can be kept current at the standby, in the order in which they are made there. */
export const stagedKinds = [
  'ServiceAccount',
  'Role',
  'RoleBinding',
  'ConfigMap',
  'Secret',
  'PersistentVolumeClaim',
  'Service',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'CronJob',
  'HorizontalPodAutoscaler',
  'Ingress',
] as const;

export type StagedKindName = (typeof stagedKinds)[number];

/** One object of a namespace, by kind and name. */
export interface ObjectName {
  readonly kind: string;
  readonly name: string;
}

/** What of the active site is kept current at the standby, and what is another there. */
export interface StagePolicy {
  readonly everySeconds: number;
  readonly kinds: readonly StagedKindName[];
  readonly customResources: readonly { readonly apiVersion: string; readonly kind: string }[];
  /** Never looked at: each site has its own. */
  readonly except: readonly ObjectName[];
  /** What is called so at the primary site → what it is called at the recovery site. */
  readonly maps: StageMaps;
}

export interface StageMaps {
  readonly storageClasses: Readonly<Record<string, string>>;
  /** Beginnings of the names of images. */
  readonly images: Readonly<Record<string, string>>;
  readonly ingressHosts: Readonly<Record<string, string>>;
}

export interface StageChange {
  /** "ConfigMap settings" */
  readonly object: string;
  readonly did: 'created' | 'changed' | 'deleted';
  /** Names of the fields that differed; never a value, which might be secret. */
  readonly fields: readonly string[];
}

export interface StageFinding {
  /** An object, or a kind of which nothing could be done. */
  readonly object: string;
  readonly because: string;
}

/** What a pass of staging did, or with `dryRun` would do. */
export interface StageDiff {
  /** Names of the sites. */
  readonly from: string;
  readonly to: string;
  readonly dryRun: boolean;
  readonly finishedAt: string;
  readonly created: number;
  readonly changed: number;
  readonly deleted: number;
  readonly unchanged: number;
  /** At most `mostListed` of each list; the counts are of all. */
  readonly changes: readonly StageChange[];
  /** What is at the standby under the same name and is not Switchback's, or is kept for another reason. */
  readonly kept: readonly StageFinding[];
  readonly troubles: readonly StageFinding[];
  readonly keptCount: number;
  readonly troubleCount: number;
}

/** A diff in short. */
export type StageSummary = Omit<StageDiff, 'changes' | 'dryRun'>;
