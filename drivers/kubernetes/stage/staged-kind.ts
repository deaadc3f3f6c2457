import type { StageMaps } from '../../../core/model/stage';
import type { KubeObject } from '../kube-object';
import type { Draft } from './draft';

/** What an object is made for: which site it goes to. */
export interface Adapting {
  readonly maps: StageMaps;
  readonly namespaces: { readonly source: string; readonly target: string };
  /** As it is at the standby; absent: it is not there. */
  readonly live?: KubeObject;
  /** As it is at the active site. */
  readonly source: KubeObject;
}

/** How a kind is brought to another cluster: each says it, shared code asks. */
export interface StagedKind {
  readonly apiVersion: string;
  readonly kind: string;
  /** Name of the collection in paths: "configmaps". */
  readonly plural: string;
  /** Made by each cluster for itself: neither copied nor missed. */
  readonly isOfCluster?: (object: KubeObject) => boolean;
  /** Takes out what belongs to the first cluster, and maps what is another at the second. */
  readonly adapt?: (draft: Draft, adapting: Adapting) => void;
  /** Makes it one that starts nothing; of one that is there already, leaves what says whether it runs as it is there. */
  readonly atRest?: (draft: Draft, adapting: Adapting) => void;
  /** Whether an object runs or may run: it is never deleted then. */
  readonly runs?: (object: KubeObject) => boolean;
  /** Why objects of the kind are never deleted. */
  readonly neverDeleted?: string;
  /** Neither errors of the API server nor anything else about it may be repeated: they could hold values. */
  readonly secret?: true;
}
