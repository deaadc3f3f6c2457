import type { FoundWorkload, NamespaceInventory } from '../model/namespace-inventory';
import { NAME_FORM } from '../runbook/schema/scalars';

export interface DraftVolume {
  readonly name: string;
  readonly kubernetes: { readonly claim: string };
}

/** The volumes of each workload: claims that are there, each given to the first that mounts it. */
export function volumesOf(inventory: NamespaceInventory): ReadonlyMap<FoundWorkload, readonly DraftVolume[]> {
  const taken = new Set<string>();
  const names = new Set<string>();
  const volumeOf = (claim: string): DraftVolume => {
    taken.add(claim);
    const plain = NAME_FORM.test(claim) ? claim : claim.replaceAll(/[^a-z0-9]+/g, '-').slice(0, 60);
    const name = names.has(plain) ? `${plain.slice(0, 59)}-${names.size}` : plain;
    names.add(name);
    return { name, kubernetes: { claim } };
  };
  return new Map(
    inventory.workloads.map((workload) => {
      const claims = inventory.claims.filter(({ name }) => !taken.has(name) && mounts(workload, name));
      return [workload, claims.map(({ name }) => volumeOf(name))];
    }),
  );
}

/** A StatefulSet has a claim of its own for each pod: "<template>-<set>-<ordinal>". */
const mounts = ({ kind, name, claims }: FoundWorkload, claim: string): boolean =>
  claims.includes(claim) ||
  (kind === 'StatefulSet' &&
    claims.some((template) => {
      const prefix = `${template}-${name}-`;
      return claim.startsWith(prefix) && /^\d+$/.test(claim.slice(prefix.length));
    }));
