import type { FoundWorkload, NamespaceInventory } from '../model/namespace-inventory';
import { isDnsName } from '../runbook/schema/addresses';
import { NAME_FORM } from '../runbook/schema/scalars';

export interface DraftVolume {
  readonly name: string;
  readonly kubernetes: { readonly claim: string };
}

/** The volumes of each workload: claims that are there, each given to the first that mounts it. */
export function volumesOf(inventory: NamespaceInventory): ReadonlyMap<FoundWorkload, readonly DraftVolume[]> {
  const taken = new Set<string>();
  const names = new Set(inventory.claims.map(({ name }) => name));
  const volumeOf = (claim: string): DraftVolume => {
    taken.add(claim);
    const name = NAME_FORM.test(claim) ? claim : unlike(names);
    names.add(name);
    return { name, kubernetes: { claim } };
  };
  return new Map(
    inventory.workloads.map((workload) => {
      const claims = inventory.claims.filter(
        ({ name }) => isDnsName(name) && !taken.has(name) && mounts(workload, name),
      );
      return [workload, claims.map(({ name }) => volumeOf(name))];
    }),
  );
}

/** For a claim whose name has dots or is too long: "volume-1", when nothing else is called so. */
function unlike(names: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) if (!names.has(`volume-${number}`)) return `volume-${number}`;
}

/** A StatefulSet has a claim of its own for each pod: "<template>-<set>-<ordinal>". */
const mounts = ({ kind, name, claims }: FoundWorkload, claim: string): boolean =>
  claims.includes(claim) ||
  (kind === 'StatefulSet' &&
    claims.some((template) => {
      const prefix = `${template}-${name}-`;
      return claim.startsWith(prefix) && /^\d+$/.test(claim.slice(prefix.length));
    }));
