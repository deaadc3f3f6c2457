/** Addresses of the Services of one cluster, all of them served by this machine. */
export interface ServiceNetwork {
  /** "198.19.3": the first half of its addresses is of cluster IPs, the second of load balancers. */
  readonly network: string;
  /** Where node ports answer. */
  readonly nodeAddress: string;
}

/** What the API server has to know of it. */
export const serviceRange = (network: string): string => `--service-cluster-ip-range=${network}.0/25`;

const firstBalancer = 128;
const lastBalancer = 254;

/** An address for one more load balancer; undefined: all are taken. */
export function freeBalancer(network: string, taken: ReadonlySet<string>): string | undefined {
  for (let last = firstBalancer; last <= lastBalancer; last += 1)
    if (!taken.has(`${network}.${last}`)) return `${network}.${last}`;
  return undefined;
}
