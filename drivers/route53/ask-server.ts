import { Resolver } from 'node:dns/promises';
import type { TrafficSpec } from '../../core/model/traffic';
import { askCname, type Answers } from '../ask-cname';

/** Whom to ask, and how to call it: "127.0.0.1:5353", "ns-1.awsdns-00.com". */
export interface Server {
  readonly address: string;
  readonly label: string;
}

interface Question {
  readonly name: string;
  readonly type: TrafficSpec['type'];
}

const timeoutMs = 2_000;

/** Asks one server, by DNS. A name that is not there has no values; a server that does not answer is an error. */
export async function askServer({ name, type }: Question, server: Server, signal: AbortSignal): Promise<Answers> {
  if (type === 'CNAME') return askCname(name, server.address, signal);
  return withResolver(server.address, signal, async (resolver) => {
    const found = await (type === 'A'
      ? resolver.resolve4(name, { ttl: true })
      : resolver.resolve6(name, { ttl: true }));
    const ttlSeconds = Math.min(...found.map((answer) => answer.ttl));
    return { values: found.map((answer) => answer.address), ttlSeconds };
  }).catch((error: unknown) => {
    if (!saysNothingThere(error)) throw error;
    return { values: [], ttlSeconds: 0 };
  });
}

/** A resolver for one question: the next one must not be answered from what this one has learned. */
export async function withResolver<Answer>(
  address: string | undefined,
  signal: AbortSignal,
  ask: (resolver: Resolver) => Promise<Answer>,
): Promise<Answer> {
  signal.throwIfAborted();
  const resolver = new Resolver({ timeout: timeoutMs, tries: 2 });
  if (address !== undefined) resolver.setServers([address]);
  const cancel = (): void => resolver.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    return await ask(resolver);
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

export const saysNothingThere = (error: unknown): boolean =>
  ['ENOTFOUND', 'ENODATA'].includes((error as NodeJS.ErrnoException).code ?? '');
