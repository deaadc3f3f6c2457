import type { PlanStep } from '../model/plan';

/** Steps that run together as one child workflow. */
export interface Batch<Step extends PlanStep> {
  readonly id: string;
  readonly title: string;
  readonly steps: readonly Step[];
  /** Ids outside the batch that its members wait for. */
  readonly dependsOn: readonly string[];
}

export interface Partition<Step extends PlanStep> {
  readonly batches: readonly Batch<Step>[];
  /** Steps that stay with the parent. */
  readonly single: readonly Step[];
}

/** Fewer steps than this make no batch: a child workflow costs more than it saves. */
const SMALLEST_BATCH = 20;

/**
 * Splits a large plan so that no workflow's history grows past 10,000 events: within each segment, what hangs together by
 * dependencies stays together, and such components are packed into batches of at most about `most` steps. Barriers stay with the
 * parent; as they join everything in their segment, they would hang all of it together.
 *
 * An activity costs 3 history events of its own and at most 3 of a workflow task (temporal-notes: 3,236 events for 1,000
 * activities at a concurrency of 200).
 */
export function partition<Step extends PlanStep>(steps: readonly Step[], most: number): Partition<Step> {
  const single: Step[] = [];
  const batches: Batch<Step>[] = [];
  for (const [segment, members] of bySegment(steps)) {
    const workers = members.filter((step) => step.kind !== 'barrier');
    if (workers.length < SMALLEST_BATCH) {
      single.push(...members);
      continue;
    }
    single.push(...members.filter((step) => step.kind === 'barrier'));
    pack(components(workers), most).forEach((packed, index) => {
      batches.push(asBatch(packed, `${segment}/${index + 1}`));
    });
  }
  return { batches, single };
}

function asBatch<Step extends PlanStep>(steps: readonly Step[], id: string): Batch<Step> {
  const inside = new Set(steps.map((step) => step.id));
  const outside = steps.flatMap((step) => step.dependsOn.filter((dependency) => !inside.has(dependency)));
  return { id, title: `${id}: ${steps.length} steps`, steps, dependsOn: [...new Set(outside)] };
}

function bySegment<Step extends PlanStep>(steps: readonly Step[]): ReadonlyMap<string, readonly Step[]> {
  const segments = new Map<string, Step[]>();
  for (const step of steps) {
    const list = segments.get(step.segment);
    if (list) list.push(step);
    else segments.set(step.segment, [step]);
  }
  return segments;
}

/** Steps connected by dependencies, in the order of the plan. */
function components<Step extends PlanStep>(steps: readonly Step[]): readonly Step[][] {
  const leader = new Map<string, string>(steps.map((step) => [step.id, step.id]));
  const find = (id: string): string => {
    let root = id;
    while (leader.get(root) !== root) root = leader.get(root) ?? root;
    leader.set(id, root);
    return root;
  };
  for (const step of steps) {
    for (const dependency of step.dependsOn) {
      if (leader.has(dependency)) leader.set(find(dependency), find(step.id));
    }
  }
  const found = new Map<string, Step[]>();
  for (const step of steps) {
    const root = find(step.id);
    const list = found.get(root);
    if (list) list.push(step);
    else found.set(root, [step]);
  }
  return [...found.values()];
}

function pack<Step>(parts: readonly Step[][], most: number): readonly Step[][] {
  const packed: Step[][] = [];
  for (const part of parts) {
    const last = packed.at(-1);
    if (last && last.length + part.length <= most) last.push(...part);
    else packed.push([...part]);
  }
  return packed;
}
