import type { FoundService, NamespaceInventory } from '../model/namespace-inventory';

/** The Services of a namespace by name, for looking up host names. */
export interface ServiceDirectory {
  readonly namespace: string;
  readonly byName: ReadonlyMap<string, FoundService>;
}

export const serviceDirectory = ({ namespace, services }: NamespaceInventory): ServiceDirectory => ({
  namespace,
  byName: new Map(services.map((service) => [service.name, service])),
});

const HOST = /(?<![A-Za-z0-9_.-])[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?![A-Za-z0-9_-])/g;
const OF_SERVICE_LINK = /(?<![A-Za-z0-9_])([A-Z0-9_]+)_SERVICE_HOST(?![A-Za-z0-9_])/g;

const SETTING =
  '(?:host|hostname|addr|address|server|endpoint|url|uri|upstream|service|svc|broker|backend|proxy|target|peer)(?:e?s)?';
/** What stands before a host name says that it is one: a scheme, a user, the name of a setting, or an option. */
const BEFORE: readonly RegExp[] = [
  /:\/\/(?:[^\s/"']*[@,])?$/,
  /@$/,
  new RegExp(`${SETTING}["']?[ \\t]*[:=][ \\t]*["'[]*(?:[^\\s"']*,[ \\t]*["']?)?$`, 'i'),
  new RegExp(`--[a-z0-9-]*${SETTING}[ \\t]+["']?$`, 'i'),
  /(?:^|\s)-h[ \t=]+$/,
];
const PORT_AFTER = /^(?::|[ \t]+)(\d{1,5})(?![\d.A-Za-z_-])/;
/** Longer than the name of any setting with its quotation marks; what is further away says nothing. */
const looksBack = 80;

/**
 * Names of the Services that a text leads to. A word that happens to be the name of a Service is none of them: it must stand in a
 * URL, with a port of the Service, with the namespace, or be the value of a setting for hosts ("DB_HOST=db", "--db-host db").
 */
export function servicesNamedIn(text: string, directory: ServiceDirectory): readonly string[] {
  const found = new Set<string>();
  for (const match of text.matchAll(HOST)) {
    const host = resolve(match[0], directory);
    if (host === undefined || found.has(host.service.name)) continue;
    const after = text.slice(match.index + match[0].length, match.index + match[0].length + 8);
    const before = text.slice(Math.max(0, match.index - looksBack), match.index);
    if (host.qualified || hasPort(host.service, after) || BEFORE.some((form) => form.test(before)))
      found.add(host.service.name);
  }
  for (const [, name = ''] of text.matchAll(OF_SERVICE_LINK)) {
    const service = name.toLowerCase().replaceAll('_', '-');
    if (directory.byName.has(service)) found.add(service);
  }
  return [...found];
}

interface Host {
  readonly service: FoundService;
  /** It says its namespace, or a pod of the Service: it cannot be just a word. */
  readonly qualified: boolean;
}

/** "db", "db.shop", "db.shop.svc.cluster.local", "db-0.db", ...; undefined: it leads to no Service of the namespace. */
function resolve(host: string, { namespace, byName }: ServiceDirectory): Host | undefined {
  const labels = host.split('.');
  const [first = '', second = ''] = labels;
  const isHere = (rest: readonly string[]): boolean =>
    rest.length === 0 || (rest[0] === namespace && (rest.length === 1 || rest[1] === 'svc'));
  const service = byName.get(first);
  if (service !== undefined && isHere(labels.slice(1))) return { service, qualified: labels.length > 1 };
  const ofPod = /-\d+$/.test(first) ? byName.get(second) : undefined;
  return ofPod !== undefined && isHere(labels.slice(2)) ? { service: ofPod, qualified: true } : undefined;
}

function hasPort({ headless, ports }: FoundService, after: string): boolean {
  const port = PORT_AFTER.exec(after)?.[1];
  return port !== undefined && (headless || ports.some((one) => one.port === Number(port)));
}
