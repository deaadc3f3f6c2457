import { getServers, lookup } from 'node:dns/promises';
import net from 'node:net';
import { SwitchbackFailure } from '../../core/model/failure';
import { saysNothingThere, withResolver, type Server } from './ask-server';
import type { Route53Record } from './route53-record';

/** A delegation changes rarely; the four servers of a zone are not looked up for each question. */
const rememberedMs = 60_000;

/** Who is to be asked about a record: all name servers of its zone, and a resolver as customers use one. */
export class NameServers {
  private readonly known = new Map<string, { readonly servers: readonly Server[]; readonly since: number }>();

  /** Those of the runbook, or those that the zone is delegated to. */
  async ofZone(record: Route53Record, signal: AbortSignal): Promise<readonly Server[]> {
    const given = record.provider.nameServers;
    if (given !== undefined) return Promise.all(given.map(addressed));
    const known = this.known.get(record.name);
    if (known !== undefined && performance.now() - known.since < rememberedMs) return known.servers;
    const servers = await delegatedTo(record, signal);
    this.known.set(record.name, { servers, since: performance.now() });
    return servers;
  }

  async resolver({ provider }: Route53Record): Promise<Server> {
    if (provider.resolver !== undefined) return addressed(provider.resolver);
    const [first] = getServers();
    if (first === undefined) throw new SwitchbackFailure('SiteUnreachable', 'this machine has no DNS resolver');
    return { address: first, label: first };
  }
}

/** "ns.example.com:53" as an address and port, which is what a resolver takes. */
async function addressed(label: string): Promise<Server> {
  const at = label.lastIndexOf(':');
  const host = label.slice(0, at);
  if (net.isIP(host) !== 0) return { address: label, label };
  const { address } = await lookup(host, { family: 4 });
  return { address: `${address}${label.slice(at)}`, label };
}

/** The closest name above the record, or itself, that has name servers. */
async function delegatedTo(record: Route53Record, signal: AbortSignal): Promise<readonly Server[]> {
  const labels = record.name.split('.');
  for (let start = 0; start < labels.length; start += 1) {
    const zone = labels.slice(start).join('.');
    const names = await withResolver(record.provider.resolver, signal, async (resolver) =>
      resolver.resolveNs(zone),
    ).catch((error: unknown) => {
      if (saysNothingThere(error)) return [];
      throw error;
    });
    if (names.length > 0) return Promise.all(names.map((name) => firstAddress(name, record, signal)));
  }
  const message = `no name servers are found for "${record.name}"; name them in the runbook (nameServers)`;
  throw new SwitchbackFailure('SiteUnreachable', message, { record: record.name });
}

async function firstAddress(name: string, record: Route53Record, signal: AbortSignal): Promise<Server> {
  const [address = ''] = await withResolver(record.provider.resolver, signal, async (resolver) =>
    resolver.resolve4(name),
  );
  return { address: `${address}:53`, label: name };
}
