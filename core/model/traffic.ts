import type { SiteRole } from './site';

/** A DNS record that leads customers to the active site. */
export interface TrafficSpec {
  /** Fully qualified, lower case, no trailing dot. */
  readonly name: string;
  readonly type: 'A' | 'AAAA' | 'CNAME';
  readonly ttlSeconds: number;
  /** TTL while traffic is being moved. */
  readonly moveTtlSeconds: number;
  readonly values: Readonly<Record<SiteRole, readonly string[]>>;
  readonly provider: TrafficProvider;
}

export type TrafficProvider =
  | {
      readonly driver: 'local';
      /** Authoritative server on loopback, "127.0.0.1:5353". */
      readonly server: string;
      /** Base address of its change API, "http://127.0.0.1:5380". */
      readonly api: string;
    }
  | { readonly driver: 'memory' };

/** What the record set is now at the provider. */
export interface RecordState {
  readonly name: string;
  readonly type: TrafficSpec['type'];
  readonly values: readonly string[];
  readonly ttlSeconds: number;
  /** Epoch in the ownership record (TXT `_switchback.<name>`): who moved it last. 0: never moved. */
  readonly epoch: number;
}

/** What a client sees. */
export interface Resolution {
  readonly name: string;
  readonly values: readonly string[];
  readonly ttlSeconds: number;
  /** Who was asked: "127.0.0.1:5353 (authoritative)". */
  readonly server: string;
  readonly observedAt: string;
}
