import { operationNames } from '../../model/operation';
import type { Problem } from '../diagnostic';
import type { Part } from '../part';
import { quote } from '../quote';
import { workloadGraph } from './workload-graph';

type Graph = ReturnType<typeof workloadGraph>;

/** An order override names every workload, and keeps to `dependsOn`. Priorities it may override: that is what it is for. */
export function* orders(runbook: Part): Iterable<Problem> {
  const graph = workloadGraph(runbook);
  for (const operation of operationNames) {
    const policy = runbook.at('operations').at(operation);
    for (const key of ['startOrder', 'stopOrder'] as const) {
      const order = policy.at(key);
      if (!Array.isArray(order.value)) continue;
      yield* incomplete(order, graph);
      yield* contradictions(order, graph, key === 'startOrder');
    }
  }
}

const MOST_NAMED = 8;

function* incomplete(order: Part, graph: Graph): Iterable<Problem> {
  const listed = new Set(order.items.map((item) => item.text));
  const missing = [...graph.keys()].filter((name) => !listed.has(name));
  if (missing.length === 0) return;
  const shown = missing.slice(0, MOST_NAMED).map(quote).join(', ');
  yield order.problem('OrderIncomplete', `the order leaves out ${shown}${missing.length > MOST_NAMED ? ', ...' : ''}`);
}

function* contradictions(order: Part, graph: Graph, starting: boolean): Iterable<Problem> {
  const places = new Map(order.items.map((item, index) => [item.text ?? '', { item, index }]));
  for (const [name, { item, index }] of places) {
    for (const entry of graph.get(name)?.dependsOn ?? []) {
      const other = places.get(entry.name);
      if (other === undefined || other.index === index || starting === other.index < index) continue;
      const [verb, when] = starting ? ['started', 'before'] : ['stopped', 'after'];
      yield item.problem(
        'OrderContradiction',
        `${quote(name)} is ${verb} ${when} ${quote(entry.name)}, which it depends on`,
      );
    }
  }
}
