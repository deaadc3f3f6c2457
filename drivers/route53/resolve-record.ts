import { SwitchbackFailure } from '../../core/model/failure';
import { sameValues, type Resolution } from '../../core/model/traffic';
import type { Answers } from '../ask-cname';
import type { CallContext } from '../ports';
import { askServer, type Server } from './ask-server';
import type { NameServers } from './name-servers';
import type { Route53Record } from './route53-record';

interface Asked {
  readonly server: string;
  readonly answers: Answers;
}

/**
 * Asks every name server of the zone, and a resolver. The values are those that all give; some name servers may be silent, but
 * not all, and not the resolver. Of an alias, the values are the names of its target, recognised by their addresses.
 */
export async function resolveRecord(
  nameServers: NameServers,
  record: Route53Record,
  context: CallContext,
): Promise<Resolution> {
  const { name } = record;
  const asked = await askAll(nameServers, record, context.signal);
  const observedAt = new Date().toISOString();
  const ttlSeconds = Math.max(...asked.map(({ answers }) => answers.ttlSeconds));
  const [first] = asked;
  const server = asked.map((one) => one.server).join(', ');
  const agreed = asked.every(({ answers }) => sameValues(answers.values, first?.answers.values ?? []));
  if (agreed) return { name, values: first?.answers.values ?? [], ttlSeconds, server, observedAt };
  const disagreement = asked.map((one) => ({ server: one.server, values: one.answers.values }));
  return { name, values: [], ttlSeconds, server, observedAt, disagreement };
}

async function askAll(nameServers: NameServers, record: Route53Record, signal: AbortSignal): Promise<readonly Asked[]> {
  try {
    const [servers, resolver] = await Promise.all([nameServers.ofZone(record, signal), nameServers.resolver(record)]);
    const target = await targetsOf(record, resolver, signal);
    const ask = async (server: Server, role: string): Promise<Asked> => {
      const answers = await askServer(record, server, signal);
      return { server: `${server.label} (${role})`, answers: { ...answers, values: target(answers.values) } };
    };
    const asked = Promise.allSettled(servers.map((server) => ask(server, 'authoritative')));
    const [outcomes, seen] = await Promise.all([asked, ask(resolver, 'resolver')]);
    const speaking = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    const silent = outcomes.find((outcome) => outcome.status === 'rejected');
    if (speaking.length === 0) throw silent?.reason ?? new Error('the zone has no name servers');
    return [...speaking, seen];
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof SwitchbackFailure) throw error;
    const message = `the name servers of "${record.name}", or the resolver, gave no answer: ${String(error)}`;
    throw new SwitchbackFailure('SiteUnreachable', message, { record: record.name }, { cause: error });
  }
}

/**
 * Gives the values that addresses stand for. Of an alias these are the names of the target that has all of them; addresses that
 * neither or both of the targets have stay what they are, which is no target.
 */
async function targetsOf(
  record: Route53Record,
  resolver: Server,
  signal: AbortSignal,
): Promise<(values: readonly string[]) => readonly string[]> {
  if (record.provider.alias === undefined) return (values) => values;
  const { type } = record;
  const targets = await Promise.all(
    [record.values.primary, record.values.recovery].map(async (names) => {
      const answers = await Promise.all(names.map((name) => askServer({ name, type }, resolver, signal)));
      return { names, addresses: new Set(answers.flatMap(({ values }) => values)) };
    }),
  );
  return (values) => {
    const fitting = targets.filter(
      ({ addresses }) => values.length > 0 && values.every((value) => addresses.has(value)),
    );
    const [only, second] = fitting;
    return only !== undefined && second === undefined ? only.names : values;
  };
}
