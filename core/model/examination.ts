/**
 * What a site has of what plans expect there, beyond what an operation looks at before it begins: found out for readiness alone.
 * What could not be found out is named in `unknown`, and is nowhere else.
 */
export interface SiteExamination {
  readonly workloads: readonly WorkloadParts[];
  readonly volumes: readonly VolumePlaceSeen[];
  readonly credentials: readonly ExpiringCredential[];
  /** In words: "the claims of namespace shop: forbidden". */
  readonly unknown: readonly string[];
}

/** What instances of a workload are made of. */
export interface WorkloadParts {
  readonly workload: string;
  /** By "<object>/<container>": its image. */
  readonly images: Readonly<Record<string, string>>;
  /** What it needs to start and is not there: "ConfigMap settings", "program ledger.cjs". */
  readonly missing: readonly string[];
  /** An autoscaler says how many instances it has. */
  readonly autoscaled?: true;
  /** Of a workload that runs: what is not up yet, in the words of its kind. Absent: everything is up, or nothing is wanted. */
  readonly notUp?: string;
}

/** Where a volume is kept. */
export interface VolumePlaceSeen {
  readonly volume: string;
  /** "claim orders" */
  readonly place: string;
  /** Absent: it is not there. */
  readonly there?: {
    /** Room for data; absent: not limited, or not known. */
    readonly bytes?: number;
    /** Storage class; absent: none. */
    readonly storageClass?: string;
  };
}

export interface ExpiringCredential {
  /** "client certificate of the kubeconfig site.yaml"; never anything of the credential itself. */
  readonly credential: string;
  /** ISO instants. */
  readonly expiresAt: string;
  readonly issuedAt?: string;
  /** Something gives a new one before it expires, as a kubelet does with tokens. Without `issuedAt` it counts once it has expired. */
  readonly renewed?: true;
}
