import type { FoundWorkload, NamespaceInventory } from '../model/namespace-inventory';
import type { Entrance } from './outside';
import { review } from './remarks';

/** What else is in the namespace, and what it means for Switchback: paragraphs for the end of the runbook. */
export function listing(
  inventory: NamespaceInventory,
  elsewhere: readonly Entrance[],
  nameless: readonly FoundWorkload[],
): readonly string[] {
  const sections = [
    leftOut(nameless),
    volumes(inventory),
    services(inventory, elsewhere),
    autoscalers(inventory),
    hosts(inventory),
  ];
  return sections.filter((section) => section.length > 0).flatMap((section) => ['', ...section]);
}

function leftOut(nameless: readonly FoundWorkload[]): readonly string[] {
  if (nameless.length === 0) return [];
  const meaning = 'Left out, since a part of their name is longer than 63 letters, which no runbook can say:';
  return [review(meaning), ...nameless.map(({ kind, name }) => `- ${kind} ${name}`)];
}

function volumes({ claims }: NamespaceInventory): readonly string[] {
  if (claims.length === 0) return [];
  const each = claims.map(({ name, size, storageClass }) => `- ${name}: ${size}, storage class ${storageClass}`);
  const meaning = 'Volume claims that no workload mounts. They are not moved.';
  return [review(meaning), ...each];
}

function services({ services: all }: NamespaceInventory, elsewhere: readonly Entrance[]): readonly string[] {
  if (all.length === 0) return [];
  const each = all.map(({ name, type, ports, headless }) => {
    const numbers = ports.map(({ port, nodePort }) =>
      nodePort === undefined ? `${port}` : `${port} (node port ${nodePort})`,
    );
    return `- ${name}: ${headless ? 'headless' : type}${numbers.length === 0 ? '' : `, port ${numbers.join(', ')}`}`;
  });
  const others = [...new Set(elsewhere.map(({ through, place }) => `${through} (${place})`))];
  const unchecked =
    others.length === 0
      ? []
      : [review(`Not checked, since they are not reached at the address of the site: ${others.join('; ')}`)];
  const meaning =
    'Services. Switchback leaves them alone: they have to be at both sites, and lead to whatever runs there.';
  return [meaning, ...each, ...unchecked];
}

function autoscalers({ autoscalers: all }: NamespaceInventory): readonly string[] {
  if (all.length === 0) return [];
  const each = all.map(({ name, kind, target, least, most }) => `- ${name}: ${kind} ${target}, ${least} to ${most}`);
  return [
    'Autoscalers. Each is set aside while its workload is stopped, and put back when it has been started.',
    ...each,
  ];
}

function hosts({ ingresses }: NamespaceInventory): readonly string[] {
  const names = [...new Set(ingresses.flatMap(({ rules }) => rules.flatMap(({ host }) => host ?? [])))];
  if (names.length === 0) return [];
  const meaning =
    'Hosts of Ingresses. Customers reach the application by these names: add a record under `traffic` for each that a run ' +
    'is to move to the other site.';
  return [review(meaning), ...names.map((name) => `- ${name}`)];
}
