import type { LabelSelector, WorkloadObject } from '../kube-object';

/** Whether an object is up, as the object itself tells. */
export type Readiness =
  | { readonly kind: 'ready'; readonly saw: string }
  | { readonly kind: 'not-yet'; readonly saw: string }
  | { readonly kind: 'failed'; readonly saw: string };

/** The scale subresource of a kind, as its CustomResourceDefinition declares it. */
export interface DeclaredScale {
  /** Where an object keeps how many instances it is to have: "spec.replicas". */
  readonly replicasAt: string;
  /** Which pods are an object's own; undefined: it does not say so yet, and its pods are not known. */
  readonly selector: (object: WorkloadObject) => LabelSelector | undefined;
}

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
  /** Merge patch of `spec`. */
  readonly stopped: () => object;
  readonly started: (original: string) => object;
  /** Of a kind that is known by its scale alone: how its definition says what the scale is made of. */
  readonly scale?: DeclaredScale;
  /** Its pods belong to Jobs that belong to it, not to the object itself. */
  readonly throughJobs?: true;
  readonly readiness: (object: WorkloadObject) => Readiness;
  /**
   * Label by which its pods tell of which template they are. Of an object that had no pods and is brought up they say sooner than
   * the object that it is up: its controller writes its status down a moment later, and a busy one much later.
   */
  readonly templateLabel?: string;
}
