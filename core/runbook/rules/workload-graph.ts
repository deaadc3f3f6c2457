import type { Part } from '../part';

/** A workload and the entries of its `dependsOn` that name a declared workload. */
export interface WorkloadNode {
  readonly name: string;
  readonly part: Part;
  readonly dependsOn: readonly { readonly name: string; readonly part: Part }[];
}

/** The declared workloads by name, in their order; of two with one name the first counts. */
export function workloadGraph(runbook: Part): ReadonlyMap<string, WorkloadNode> {
  const parts = new Map<string, Part>();
  for (const part of runbook.at('workloads').items) {
    const name = part.at('name').text;
    if (name !== undefined && !parts.has(name)) parts.set(name, part);
  }
  const nodes = [...parts].map(([name, part]): [string, WorkloadNode] => {
    const entries = part.at('dependsOn').items.map((entry) => ({ name: entry.text ?? '', part: entry }));
    return [name, { name, part, dependsOn: entries.filter((entry) => parts.has(entry.name)) }];
  });
  return new Map(nodes);
}
