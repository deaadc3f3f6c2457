import { Resolver } from 'node:dns/promises';
import type { DnsProbe } from '../../core/model/check';
import { isLoopback, notAllowed } from './allowed-address';
import type { Answer, ProbeRequest } from './probe-request';

/** Codes of answers that say there is nothing of that name and type. */
const nothingThere: ReadonlySet<string | undefined> = new Set(['ENOTFOUND', 'ENODATA']);

/** Asks one name server once, or the resolver of the machine, and compares the values as a set. */
export async function probeDns(request: ProbeRequest<DnsProbe>): Promise<Answer> {
  const { check, probe, address, signal, timeoutMs } = request;
  const resolver = new Resolver({ timeout: timeoutMs, tries: 1 });
  if (probe.server !== undefined) {
    // The server of a local site is on this machine: a runbook must not make the worker send names into the network.
    const host = probe.server.replace(/:\d+$/, '');
    if (!isLoopback(host) && host !== address)
      throw notAllowed(check, `name server "${probe.server}" is not on loopback`);
    resolver.setServers([probe.server]);
  }
  const cancel = (): void => resolver.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const found = (await resolve(resolver, probe)).map(normal).sort();
    const expected = probe.expect.map(normal).sort();
    const ok = found.length === expected.length && found.every((value, index) => value === expected[index]);
    const saw = `${probe.name} ${probe.type} is ${list(found)}${ok ? '' : `, not ${list(expected)}`}`;
    return { ok, saw };
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

async function resolve(resolver: Resolver, { name, type }: DnsProbe): Promise<readonly string[]> {
  const ask: Readonly<Record<DnsProbe['type'], () => Promise<readonly string[]>>> = {
    A: async () => resolver.resolve4(name),
    AAAA: async () => resolver.resolve6(name),
    CNAME: async () => resolver.resolveCname(name),
    // A text longer than 255 bytes comes in pieces.
    TXT: async () => (await resolver.resolveTxt(name)).map((pieces) => pieces.join('')),
  };
  return ask[type]().catch((error: NodeJS.ErrnoException) => {
    if (nothingThere.has(error.code)) return [];
    throw error;
  });
}

/** Names are compared without case and final dot. */
const normal = (value: string): string => value.toLowerCase().replace(/\.$/, '');

const list = (values: readonly string[]): string => (values.length === 0 ? 'nothing' : values.join(', '));
