import type { FoundService, FoundWorkload, NamespaceInventory } from '../model/namespace-inventory';

/** The workloads whose pods a Service leads to. A Service without a selector leads nowhere that is known. */
export function selectedBy(
  { selector }: FoundService,
  { workloads }: Pick<NamespaceInventory, 'workloads'>,
): readonly FoundWorkload[] {
  const wanted = Object.entries(selector);
  if (wanted.length === 0) return [];
  return workloads.filter(({ podLabels }) => wanted.every(([key, value]) => podLabels[key] === value));
}
