import type { PlanStep } from '../model/plan';
import { inTopologicalOrder } from './critical-path';

/** Of the members, those that come after no other member, however indirectly. */
export function firstOf<Step extends PlanStep>(steps: readonly Step[], members: ReadonlySet<string>): readonly Step[] {
  const after = downstream(steps, members);
  return steps.filter(({ id }) => members.has(id) && !after.has(id));
}

/** Of the members, those that no other member comes after, however indirectly. */
export function lastOf<Step extends PlanStep>(steps: readonly Step[], members: ReadonlySet<string>): readonly Step[] {
  const before = upstream(steps, members);
  return steps.filter(({ id }) => members.has(id) && !before.has(id));
}

/** All that comes after one of these, however indirectly. */
export function downstream(steps: readonly PlanStep[], of: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { id, dependsOn } of inTopologicalOrder(steps)) {
    if (dependsOn.some((other) => of.has(other) || found.has(other))) found.add(id);
  }
  return found;
}

/** All that one of these comes after, however indirectly. */
export function upstream(steps: readonly PlanStep[], of: ReadonlySet<string>): ReadonlySet<string> {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const found = new Set<string>();
  const queue = [...of].flatMap((id) => byId.get(id)?.dependsOn ?? []);
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    queue.push(...(byId.get(next)?.dependsOn ?? []));
  }
  return found;
}
