import type { FoundWorkload } from '../model/namespace-inventory';
import { httpHost, httpPath } from '../runbook/schema/http-text';
import { probeBehind, type Entrance } from './outside';

/** A check as a runbook has it, and why it is as it is. */
export interface DraftCheck {
  readonly check: CheckText;
  readonly because: string;
}

type CheckText =
  | {
      readonly name: string;
      readonly http: { readonly port: number; readonly path: string; readonly host?: string };
    }
  | { readonly name: string; readonly tcp: { readonly port: number } };

/** @param entrances those at the address of the site */
export function checksOf(workload: FoundWorkload, entrances: readonly Entrance[]): readonly DraftCheck[] {
  const byName = new Map<string, DraftCheck>();
  for (const entrance of entrances.filter((one) => one.workload === workload)) {
    const draft = checkOf(entrance);
    if (!byName.has(draft.check.name)) byName.set(draft.check.name, draft);
  }
  return [...byName.values()];
}

function checkOf(entrance: Entrance): DraftCheck {
  const { through, service, outsidePort: port, rule } = entrance;
  const probe = probeBehind(entrance);
  const named = (path: string): string => `${service.name} answers at port ${port}${path}`.slice(0, 100);
  // Each cluster chooses its own, unless the manifest names one.
  const leadsHere = `${through} leads here${service.type === 'NodePort' ? ', which needs the same node port at both sites' : ''}`;
  const connection = (because: string): DraftCheck => ({
    check: { name: named(''), tcp: { port } },
    because: `${leadsHere}; ${because}, so only a connection is tried`,
  });
  if (rule?.tls) return connection('it speaks TLS');
  if (probe?.path === undefined) return connection('no readiness probe tells a path');
  if (probe.https) return connection('its readiness probe speaks TLS');
  if (!httpPath().safeParse(probe.path).success) return connection('the path of its readiness probe is unusual');
  if (rule !== undefined && !leadsTo(rule.path, probe.path))
    return connection('the path of its readiness probe is not let in');
  const { host } = rule ?? {};
  if (host !== undefined && !httpHost().safeParse(host).success) return connection('its host is a pattern');
  const http = { port, path: probe.path, ...(host !== undefined && { host }) };
  return {
    check: { name: named(` ${host ?? ''}${probe.path}`), http },
    because: `${leadsHere}; the path is that of the readiness probe`,
  };
}

const leadsTo = (prefix: string, path: string): boolean => {
  const base = prefix.replace(/\/+$/, '');
  return path === base || path.startsWith(`${base}/`);
};
