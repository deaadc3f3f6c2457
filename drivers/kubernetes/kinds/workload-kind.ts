import type { WorkloadObject } from '../kube-object';

/** Whether an object is up, as the object itself tells. */
export type Readiness =
  | { readonly kind: 'ready'; readonly saw: string }
  | { readonly kind: 'not-yet'; readonly saw: string }
  | { readonly kind: 'failed'; readonly saw: string };

/** How a kind of workload is stopped and started: each says it, shared code asks. */
export interface WorkloadKind {
  readonly apiVersion: string;
  readonly kind: string;
  /** Name of the collection in paths: "deployments". */
  readonly plural: string;
  /** How many instances it is meant to have; 0: it is stopped, or will be as soon as its pods are gone. */
  readonly wanted: (object: WorkloadObject) => number;
  /** What was before a stop, as the annotation `switchback.dev/original-replicas` keeps it. */
  readonly original: (object: WorkloadObject) => string;
  /** Merge patch of `spec`; `scale` instead of a patch: the replicas are set through the scale subresource. */
  readonly stopped: () => object;
  readonly started: (original: string) => object;
  /** The replicas are set through `/scale`, because where the object keeps them is its own affair. */
  readonly throughScale?: true;
  /** Its pods belong to Jobs that belong to it, not to the object itself. */
  readonly throughJobs?: true;
  readonly readiness: (object: WorkloadObject) => Readiness;
  /**
   * Label by which its pods tell of which template they are. Of an object that had no pods and is brought up they say sooner than
   * the object that it is up: its controller writes its status down a moment later, and a busy one much later.
   */
  readonly templateLabel?: string;
}
