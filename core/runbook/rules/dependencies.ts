import type { Problem } from '../diagnostic';
import type { Part } from '../part';
import { quote } from '../quote';
import { type WorkloadNode, workloadGraph } from './workload-graph';

/** A workload on the way from where the search began, and which of its entries come next. */
interface Visit {
  readonly node: WorkloadNode;
  readonly entries: Iterator<WorkloadNode['dependsOn'][number], undefined>;
}

const visit = (node: WorkloadNode): Visit => ({ node, entries: node.dependsOn[Symbol.iterator]() });

/** One problem for each entry that closes a circle, with the circle in full: "a -> b -> a". Depth first, without recursion. */
export function* dependencyCycles(runbook: Part): Iterable<Problem> {
  const graph = workloadGraph(runbook);
  const seen = new Set<string>();
  for (const start of graph.values()) {
    const way: Visit[] = [];
    if (!seen.has(start.name)) way.push(visit(start));
    while (way.length > 0) {
      const { node, entries } = way.at(-1) as Visit;
      seen.add(node.name);
      const step = entries.next();
      if (step.done === true) {
        way.pop();
        continue;
      }
      const entry = step.value;
      const begin = way.findIndex((one) => one.node.name === entry.name);
      if (begin !== -1)
        yield entry.part.problem('DependencyCycle', circle(way.slice(begin).map((one) => one.node.name)));
      const next = graph.get(entry.name);
      if (next !== undefined && !seen.has(next.name)) way.push(visit(next));
    }
  }
}

const MOST_NAMED = 50;

function circle(names: readonly string[]): string {
  const shown = names.length > MOST_NAMED ? [...names.slice(0, MOST_NAMED), '...'] : names;
  return `workloads depend on each other in a circle: ${[...shown, names[0]].join(' -> ')}`;
}

/** What is depended on must not belong to a later priority group: its group would have to start first and last. */
export function* priorityContradictions(runbook: Part): Iterable<Problem> {
  const graph = workloadGraph(runbook);
  const priorityOf = ({ part }: WorkloadNode): number => part.at('priority').number ?? 1;
  for (const node of graph.values()) {
    for (const entry of node.dependsOn) {
      const other = graph.get(entry.name);
      if (other === undefined || priorityOf(other) <= priorityOf(node)) continue;
      const message = `${quote(node.name)} (priority ${priorityOf(node)}) depends on ${quote(other.name)} of the later priority ${priorityOf(other)}`;
      yield entry.part.problem('PriorityContradiction', message);
    }
  }
}
