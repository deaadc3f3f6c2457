import type { FoundWorkload } from '../model/namespace-inventory';

const LONGEST = 63;

/** A name as the runbook language has it. */
function asName(text: string, otherwise: string): string {
  const letters = text.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return trimmed(letters.slice(0, LONGEST)) || otherwise;
}

/** Names for workloads: those of their objects, with the kind where two kinds have the same, and a number where that is not enough. */
export function workloadNames(workloads: readonly FoundWorkload[]): ReadonlyMap<FoundWorkload, string> {
  const taken = new Set<string>();
  return new Map(
    workloads.map((workload) => {
      const name = asName(workload.name, 'workload');
      const choices = [name, ended(name, workload.kind.toLowerCase())];
      let free = choices.find((choice) => !taken.has(choice));
      for (let number = 2; free === undefined; number += 1) {
        const choice = ended(name, String(number));
        if (!taken.has(choice)) free = choice;
      }
      taken.add(free);
      return [workload, free];
    }),
  );
}

/** Names of the two sites: of their contexts, and nothing that means the other role. */
export function siteNames(
  primary: { readonly context: string; readonly namespace: string },
  recovery: { readonly context: string; readonly namespace: string },
): { readonly primary: string; readonly recovery: string } {
  const [one, other] = [asName(primary.context, 'home'), asName(recovery.context, 'refuge')];
  const same = one === other;
  const first = avoiding('recovery', same ? ended(one, primary.namespace) : one);
  const second = avoiding('primary', same ? ended(other, recovery.namespace) : other);
  return { primary: first, recovery: second === first ? ended(second, '2') : second };
}

const avoiding = (role: string, name: string): string => (name === role ? `${name}-site` : name);

const ended = (name: string, end: string): string => `${trimmed(name.slice(0, LONGEST - end.length - 1))}-${end}`;

const trimmed = (name: string): string => name.replace(/^-+|-+$/g, '');
