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

/** Who serves a record. Closed: a new driver adds its variant here. */
export type TrafficProvider =
  | {
      readonly driver: 'local';
      /** Authoritative server on loopback, "127.0.0.1:5353". */
      readonly server: string;
      /** Base address of its change API, "http://127.0.0.1:5380". */
      readonly api: string;
    }
  | Route53Provider
  | { readonly driver: 'memory' };

/** Amazon Route 53. Endpoint, region and role are settings of the worker. */
export interface Route53Provider {
  readonly driver: 'route53';
  readonly hostedZoneId: string;
  /** Absent: simple routing, one record set whose values are replaced. */
  readonly routing?: Route53Routing;
  /** By site, what its values are names of: the targets of an alias. Absent: the values are those of the record itself. */
  readonly alias?: Readonly<Record<SiteRole, AliasTarget>>;
  /** Name servers to ask, "127.0.0.1:5353" or "ns-1.awsdns-00.com:53". Absent: those that the zone is delegated to. */
  readonly nameServers?: readonly string[];
  /** Resolver to ask, "10.0.0.2:53". Absent: that of the worker's machine. */
  readonly resolver?: string;
}

/** Each site has a record set of its own, with its values; traffic is moved by what the sets say of themselves. */
export interface Route53Routing {
  /** weighted: the active site has the weight, the other one 0. failover: the active site's set is PRIMARY. */
  readonly policy: 'weighted' | 'failover';
  readonly setIdentifiers: Readonly<Record<SiteRole, string>>;
}

export interface AliasTarget {
  /** Hosted zone of the target: of the load balancer, or of the record. */
  readonly hostedZoneId: string;
  readonly evaluateTargetHealth: boolean;
}

/** The TTL of an alias is that of its target: nobody can lower it at the record. */
export const hasFixedTtl = ({ provider }: TrafficSpec): boolean =>
  provider.driver === 'route53' && provider.alias !== undefined;

/** Records of one zone are moved together, in one atomic change. Undefined: the record is moved by itself. */
export const zoneOf = ({ provider }: TrafficSpec): string | undefined =>
  provider.driver === 'route53' ? provider.hostedZoneId : undefined;

/** What the record set is now at the provider. */
export interface RecordState {
  readonly name: string;
  readonly type: TrafficSpec['type'];
  readonly values: readonly string[];
  readonly ttlSeconds: number;
  /** Epoch in the ownership record (TXT `_switchback.<name>`): who moved it last. 0: never moved. */
  readonly epoch: number;
  /** What a move would be refused for, though the values are those of a site. */
  readonly inTheWay?: string;
}

/** What a client sees. */
export interface Resolution {
  readonly name: string;
  readonly values: readonly string[];
  readonly ttlSeconds: number;
  /** Who was asked: "127.0.0.1:5353 (authoritative)". */
  readonly server: string;
  readonly observedAt: string;
  /** Of several that were asked and do not agree, what each answers; `values` is then empty. */
  readonly disagreement?: readonly { readonly server: string; readonly values: readonly string[] }[];
}

/** The order of the values of a record means nothing. */
export const sameValues = (one: readonly string[], other: readonly string[]): boolean =>
  JSON.stringify([...one].sort()) === JSON.stringify([...other].sort());
