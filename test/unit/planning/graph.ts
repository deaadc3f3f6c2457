import type { PlanStep, RecoveryPlan } from '../../../core/model/plan';
import type { StepKind } from '../../../core/model/step-kinds';

/** Questions about the order that a graph of steps enforces. */
export class Graph<Step extends PlanStep> {
  private readonly byId: ReadonlyMap<string, Step>;
  private readonly before = new Map<string, ReadonlySet<string>>();

  constructor(readonly steps: readonly Step[]) {
    this.byId = new Map(steps.map((step) => [step.id, step]));
  }

  /** Everything that must have ended before the step starts. */
  ancestors(id: string): ReadonlySet<string> {
    const known = this.before.get(id);
    if (known) return known;
    const found = new Set<string>();
    const queue = [...(this.byId.get(id)?.dependsOn ?? [])];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      if (found.has(next)) continue;
      found.add(next);
      queue.push(...(this.byId.get(next)?.dependsOn ?? []));
    }
    this.before.set(id, found);
    return found;
  }

  isBefore(first: Step, second: Step): boolean {
    return this.ancestors(second.id).has(first.id);
  }

  ofKind(...kinds: readonly StepKind[]): readonly Step[] {
    return this.steps.filter((step) => kinds.includes(step.kind));
  }
}

export const forward = (plan: RecoveryPlan): Graph<PlanStep> => new Graph(plan.steps);
