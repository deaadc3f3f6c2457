import type { PlanStep, RecoveryPlan } from '../model/plan';
import { operationTraits } from '../model/operation';
import { milestones } from '../model/service-milestones';
import { traitsOf, type StepKind } from '../model/step-kinds';

/** What one step is expected to take in seconds; people's waits count as nothing. */
export function estimateOf(step: PlanStep): number {
  if (step.kind === 'wait-ttl') return step.input.seconds ?? 0;
  return traitsOf(step.kind).estimateSeconds;
}

interface Span {
  readonly begin: number;
  readonly end: number;
}

/** Length of the longest chain through the graph, in seconds. The steps must be acyclic. */
export const criticalPathSeconds = (steps: readonly PlanStep[], secondsOf: (step: PlanStep) => number): number =>
  greatest(ends([...spansOf(steps, secondsOf).values()]));

/**
 * Seconds from the first workload stopped to verified traffic (to health or start, where there is no traffic), when each step
 * begins as early as it can. Of an unplanned failover the service is gone from the start. Undefined when it is not moved.
 */
export function interruptionSeconds(
  { operation, mode, steps }: Pick<RecoveryPlan, 'operation' | 'mode' | 'steps'>,
  secondsOf: (step: PlanStep) => number,
): number | undefined {
  if (!operationTraits[operation].movesActiveSite) return undefined;
  const spans = spansOf(steps, secondsOf);
  const spansOfKind = (kind: StepKind): Span[] =>
    steps.flatMap((step) => (step.kind === kind ? (spans.get(step.id) ?? []) : []));
  const stops = spansOfKind(milestones.stopped).map(({ begin }) => begin);
  const begin = mode === 'unplanned' || stops.length === 0 ? 0 : Math.min(...stops);
  const recovered = milestones.recovered.map(spansOfKind).find(({ length }) => length > 0) ?? [];
  // A warm move verifies traffic before it stops anything.
  return Math.max(0, greatest(ends(recovered)) - begin);
}

/** When each step begins and ends, in seconds from the start, if nothing but its dependencies holds it up. */
function spansOf(steps: readonly PlanStep[], secondsOf: (step: PlanStep) => number): ReadonlyMap<string, Span> {
  const spans = new Map<string, Span>();
  for (const step of inTopologicalOrder(steps)) {
    const begin = greatest(step.dependsOn.map((id) => spans.get(id)?.end ?? 0));
    spans.set(step.id, { begin, end: begin + secondsOf(step) });
  }
  return spans;
}

const ends = (spans: readonly Span[]): number[] => spans.map(({ end }) => end);
const greatest = (numbers: readonly number[]): number => numbers.reduce((most, number) => Math.max(most, number), 0);

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
