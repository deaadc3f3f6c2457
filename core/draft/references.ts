import type { FoundContainer, FoundWorkload, NamespaceInventory } from '../model/namespace-inventory';
import { selectedBy } from './selected-by';
import { serviceDirectory, servicesNamedIn } from './named-services';

/** Somewhere in a workload, a Service is named that leads to another workload. */
export interface Reference {
  readonly from: FoundWorkload;
  readonly to: FoundWorkload;
  readonly service: string;
  /** Where it was found, without what is written there: "the variable DB_HOST". */
  readonly where: string;
}

interface Text {
  readonly where: string;
  readonly text: string;
}

/** Every reference between workloads, the first place of each that was found: variables, then arguments, then files. */
export function referencesIn(inventory: NamespaceInventory): readonly Reference[] {
  const directory = serviceDirectory(inventory);
  const targets = new Map(inventory.services.map((service) => [service.name, selectedBy(service, inventory)]));
  return inventory.workloads.flatMap((from) => {
    const found = new Map<FoundWorkload, Reference>();
    for (const { where, text } of textsOf(from, inventory)) {
      for (const service of servicesNamedIn(text, directory)) {
        const workloads = targets.get(service) ?? [];
        // One of several behind the same Service: it names its own.
        if (workloads.includes(from)) continue;
        for (const to of workloads) if (!found.has(to)) found.set(to, { from, to, service, where });
      }
    }
    return [...found.values()];
  });
}

function textsOf(workload: FoundWorkload, { configMaps }: NamespaceInventory): readonly Text[] {
  const { containers, mounts } = workload;
  const files = mounts.flatMap(({ configMap, keys }) =>
    Object.entries(configMaps[configMap] ?? {})
      .filter(([key]) => keys?.includes(key) ?? true)
      .map(([key, text]) => ({ where: `${key} of the mounted ConfigMap ${configMap}`, text })),
  );
  return [
    ...containers.flatMap((container) => variablesOf(container, configMaps)),
    ...containers.flatMap(({ name, words }) => argumentsOf(name, words)),
    ...files,
  ];
}

function variablesOf({ env, envFrom }: FoundContainer, configMaps: NamespaceInventory['configMaps']): readonly Text[] {
  // The name stands before the value, so that "DB_HOST" says of "db" that it is a host.
  const own = env.flatMap(({ name, value, from }): readonly Text[] => {
    if (value !== undefined) return [{ where: `the variable ${name}`, text: `${name}=${value}` }];
    const text = from?.kind === 'ConfigMap' ? configMaps[from.name]?.[from.key] : undefined;
    if (from === undefined || text === undefined) return [];
    return [{ where: `the variable ${name}, from the ConfigMap ${from.name}`, text: `${name}=${text}` }];
  });
  const all = envFrom.flatMap(({ kind, name }) =>
    kind === 'Secret'
      ? []
      : Object.entries(configMaps[name] ?? {}).map(([key, text]) => ({
          where: `the variable ${key}, from the ConfigMap ${name}`,
          text: `${key}=${text}`,
        })),
  );
  return [...own, ...all];
}

/** An option that has its value in the next word stands before it, so that "--db-host" says of "db" that it is a host. */
const argumentsOf = (container: string, words: readonly string[]): readonly Text[] =>
  words.map((word, index) => {
    const before = words[index - 1] ?? '';
    const text = before.startsWith('-') ? `${before}=${word}` : word;
    return { where: `an argument of the container ${container}`, text };
  });
