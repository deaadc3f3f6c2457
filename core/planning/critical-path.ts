import type { PlanStep } from '../model/plan';
import { traitsOf } from '../model/step-kinds';

/** What one step is expected to take in seconds; people's waits count as nothing. */
export function estimateOf(step: PlanStep): number {
  if (step.kind === 'wait-ttl') return step.input.seconds ?? 0;
  return traitsOf(step.kind).estimateSeconds;
}

/** Length of the longest chain through the graph, in seconds. The steps must be acyclic. */
export function criticalPathSeconds(steps: readonly PlanStep[], secondsOf: (step: PlanStep) => number): number {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const ends = new Map<string, number>();
  let longest = 0;
  for (const step of inTopologicalOrder(steps)) {
    const begin = Math.max(0, ...step.dependsOn.filter((id) => byId.has(id)).map((id) => ends.get(id) ?? 0));
    const end = begin + secondsOf(step);
    ends.set(step.id, end);
    longest = Math.max(longest, end);
  }
  return longest;
}

/** Steps such that each comes after all that it depends on. Throws on a cycle, naming a step in it. */
export function inTopologicalOrder<Step extends PlanStep>(steps: readonly Step[]): readonly Step[] {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const waiting = new Map(steps.map((step) => [step.id, step.dependsOn.filter((id) => byId.has(id)).length]));
  const dependents = new Map<string, Step[]>();
  for (const step of steps) {
    for (const id of step.dependsOn) dependents.set(id, [...(dependents.get(id) ?? []), step]);
  }
  const order = steps.filter((step) => waiting.get(step.id) === 0);
  for (let index = 0; index < order.length; index += 1) {
    for (const dependent of dependents.get(order[index]?.id ?? '') ?? []) {
      const left = (waiting.get(dependent.id) ?? 0) - 1;
      waiting.set(dependent.id, left);
      if (left === 0) order.push(dependent);
    }
  }
  if (order.length < steps.length) {
    const stuck = steps.find((step) => !order.includes(step));
    throw new Error(`the steps have a cycle through "${stuck?.id ?? ''}"`);
  }
  return order;
}
