import type {
  FoundPort,
  FoundProbe,
  FoundService,
  FoundWorkload,
  NamespaceInventory,
} from '../model/namespace-inventory';
import { isIpv4 } from '../runbook/schema/addresses';
import { selectedBy } from './selected-by';

/** A way in from outside the cluster: a port of a load balancer, of the nodes, or of an ingress controller. */
export interface Entrance {
  readonly through: string;
  readonly workload: FoundWorkload;
  readonly service: FoundService;
  readonly port: FoundPort;
  /** Where it is reached: an address, or in words what has no address that is known. */
  readonly place: string;
  readonly outsidePort: number;
  readonly rule?: { readonly host?: string; readonly path: string; readonly tls: boolean };
}

/** Every entrance to a workload of the namespace, in the order of its Services and Ingresses. */
export function entrancesOf(inventory: NamespaceInventory): readonly Entrance[] {
  return [...inventory.services.flatMap((service) => throughService(service, inventory)), ...throughIngress(inventory)];
}

function throughService(service: FoundService, inventory: NamespaceInventory): readonly Entrance[] {
  const { name, type, addresses } = service;
  if (type !== 'LoadBalancer' && type !== 'NodePort') return [];
  return service.ports.flatMap((port) => {
    const outside = type === 'LoadBalancer' ? port.port : port.nodePort;
    if (port.protocol !== 'TCP' || outside === undefined) return [];
    const place = type === 'LoadBalancer' ? placeOf(addresses) : THE_NODES;
    return selectedBy(service, inventory).map((workload) => ({
      through: `the Service ${name} (${type})`,
      workload,
      service,
      port,
      place,
      outsidePort: outside,
    }));
  });
}

function throughIngress(inventory: NamespaceInventory): readonly Entrance[] {
  return inventory.ingresses.flatMap(({ name, rules, tlsHosts, addresses }) =>
    rules.flatMap((rule) => {
      const service = inventory.services.find((one) => one.name === rule.service);
      const port = service?.ports.find((one) => [one.port, one.name, undefined].includes(rule.port));
      if (service === undefined || port === undefined) return [];
      const tls = rule.host !== undefined && tlsHosts.includes(rule.host);
      const { host, path } = rule;
      return selectedBy(service, inventory).map((workload) => ({
        through: `the Ingress ${name}`,
        workload,
        service,
        port,
        place: placeOf(addresses),
        outsidePort: tls ? 443 : 80,
        rule: { ...(host !== undefined && { host }), path, tls },
      }));
    }),
  );
}

/** Ports of the nodes are open at every node, whichever that is. */
export const THE_NODES = 'the nodes';
const NOT_GIVEN = 'a load balancer without an address yet';

const placeOf = (addresses: readonly string[]): string => addresses.find(isIpv4) ?? addresses[0] ?? NOT_GIVEN;

/**
 * Where the site is: the place that most entrances have, an address rather than something else. One site has one address, and its
 * checks aim there: what is reached elsewhere is not checked from outside.
 */
export function siteOf(entrances: readonly Entrance[]): string | undefined {
  const uses = new Map<string, number>();
  for (const { place } of entrances) uses.set(place, (uses.get(place) ?? 0) + 1);
  const byUse = [...uses.keys()].sort((one, other) => (uses.get(other) ?? 0) - (uses.get(one) ?? 0));
  return byUse.find(isIpv4) ?? byUse[0];
}

/** The readiness probe behind a port of a Service, when that port leads to it. */
export function probeBehind({ workload, port }: Pick<Entrance, 'workload' | 'port'>): FoundProbe | undefined {
  for (const { ports, readiness } of workload.containers) {
    if (readiness === undefined) continue;
    const numberOf = (given: number | string): number | string =>
      typeof given === 'number' ? given : (ports.find(({ name }) => name === given)?.port ?? given);
    if (numberOf(port.targetPort) === numberOf(readiness.port)) return readiness;
  }
  return undefined;
}
