import { Resolver } from 'node:dns/promises';
import { SwitchbackFailure } from '../../../core/model/failure';
import type { Resolution } from '../../../core/model/traffic';
import type { CallContext } from '../../ports';
import type { LocalTrafficSpec } from './provider-client';
import { askCname, type Answers } from '../../ask-cname';

const timeoutMs = 1_000;

/** Asks the record's name server itself, by DNS, as a client without a cache would. A name that is not there has no values. */
export async function resolveRecord(record: LocalTrafficSpec, { signal }: CallContext): Promise<Resolution> {
  signal.throwIfAborted();
  const { server } = record.provider;
  const resolver = new Resolver({ timeout: timeoutMs, tries: 2 });
  resolver.setServers([server]);
  const cancel = (): void => resolver.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const { values, ttlSeconds } = await ask(resolver, record, signal);
    const observedAt = new Date().toISOString();
    return { name: record.name, values, ttlSeconds, server: `${server} (authoritative)`, observedAt };
  } catch (error) {
    signal.throwIfAborted();
    const message = `the name server ${server} gave no answer for "${record.name}": ${String(error)}`;
    throw new SwitchbackFailure('SiteUnreachable', message, { server }, { cause: error });
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

async function ask(resolver: Resolver, record: LocalTrafficSpec, signal: AbortSignal): Promise<Answers> {
  const { name, type } = record;
  try {
    if (type === 'CNAME') return await askCname(name, record.provider.server, signal);
    const found = await (type === 'A'
      ? resolver.resolve4(name, { ttl: true })
      : resolver.resolve6(name, { ttl: true }));
    const ttlSeconds = Math.min(...found.map((answer) => answer.ttl));
    return { values: found.map((answer) => answer.address), ttlSeconds };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTFOUND' || code === 'ENODATA') return { values: [], ttlSeconds: 0 };
    throw error;
  }
}
