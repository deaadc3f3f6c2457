import type { PlanStep } from '../model/plan';
import { traitsOf } from '../model/step-kinds';

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
 * parent; as they join everything in their segment, they would hang all of it together. So does whatever waits inside the
 * workflow: people send their messages to the run, and only the run can perform a gate.
 *
 * An activity costs 3 history events of its own and at most 3 of a workflow task (temporal-notes: 3,236 events for 1,000
 * activities at a concurrency of 200).
 */
export function partition<Step extends PlanStep>(steps: readonly Step[], most: number): Partition<Step> {
  const single: Step[] = [];
  const batches: Batch<Step>[] = [];
  for (const [segment, members] of bySegment(steps)) {
    const workers = members.filter((step) => !staysWithRun(step));
    if (workers.length < SMALLEST_BATCH) {
      single.push(...members);
      continue;
    }
    single.push(...members.filter(staysWithRun));
    const levels = byLevel(workers, gatesBefore(members));
    const packed = levels.flatMap((level) => pack(components(level), most));
    packed.forEach((together, index) => batches.push(asBatch(together, `${segment}/${index + 1}`)));
  }
  const knots = inCircles(single, batches);
  return {
    batches: batches.filter((batch) => !knots.has(batch)),
    single: [...single, ...[...knots].flatMap((batch) => batch.steps)],
  };
}

/**
 * Batches that would wait for themselves: something of another segment, such as the inverse of a hook in a rollback, comes after
 * one of their steps and before another one. A run would stand still for ever, so their steps stay with the parent. As
 * everything that lies only behind such a circle, or only before it, is taken away in turn, what is left are the circles and
 * the ways between them.
 */
function inCircles<Step extends PlanStep>(
  single: readonly Step[],
  batches: readonly Batch<Step>[],
): ReadonlySet<Batch<Step>> {
  const home = new Map(batches.flatMap((batch) => batch.steps.map((step) => [step.id, batch.id] as const)));
  const nodes = [...single, ...batches].map(({ id, dependsOn }) => ({
    id,
    dependsOn: [...new Set(dependsOn.map((other) => home.get(other) ?? other))],
  }));
  const forwards = withoutEnds(nodes);
  const kept = new Set(forwards.map(({ id }) => id));
  const backwards = nodes
    .filter(({ id }) => kept.has(id))
    .map(({ id }) => ({
      id,
      dependsOn: forwards.filter((node) => node.dependsOn.includes(id)).map((node) => node.id),
    }));
  const left = new Set(withoutEnds(backwards).map(({ id }) => id));
  return new Set(batches.filter(({ id }) => left.has(id)));
}

interface Node {
  readonly id: string;
  readonly dependsOn: readonly string[];
}

/** The nodes without those that, one after the other, wait for nothing that is left. */
function withoutEnds(nodes: readonly Node[]): readonly Node[] {
  const known = new Set(nodes.map(({ id }) => id));
  const waits = new Map(nodes.map((node) => [node.id, node.dependsOn.filter((id) => known.has(id)).length]));
  const dependents = new Map<string, string[]>();
  for (const { id, dependsOn } of nodes) {
    for (const other of dependsOn) dependents.set(other, [...(dependents.get(other) ?? []), id]);
  }
  const free = nodes.flatMap(({ id }) => (waits.get(id) === 0 ? [id] : []));
  for (let id = free.pop(); id !== undefined; id = free.pop()) {
    known.delete(id);
    for (const dependent of dependents.get(id) ?? []) {
      const left = (waits.get(dependent) ?? 0) - 1;
      waits.set(dependent, left);
      if (left === 0) free.push(dependent);
    }
  }
  return nodes.filter(({ id }) => known.has(id));
}

const staysWithRun = ({ kind }: PlanStep): boolean => traitsOf(kind).runs === 'workflow';

/**
 * How many of the steps that stay with the run lie one after another before each step of a segment. A batch that held steps
 * from before and from after such a step would wait for it while it waits for the batch.
 */
function gatesBefore<Step extends PlanStep>(members: readonly Step[]): ReadonlyMap<string, number> {
  const byId = new Map(members.map((step) => [step.id, step]));
  const known = new Map<string, number>();
  const countOf = (id: string): number => {
    const counted = known.get(id);
    if (counted !== undefined) return counted;
    const before = (byId.get(id)?.dependsOn ?? []).flatMap((dependency) => {
      const step = byId.get(dependency);
      return step ? [countOf(step.id) + (staysWithRun(step) ? 1 : 0)] : [];
    });
    const count = Math.max(0, ...before);
    known.set(id, count);
    return count;
  };
  return new Map(members.map(({ id }) => [id, countOf(id)]));
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

function byLevel<Step extends PlanStep>(
  steps: readonly Step[],
  levels: ReadonlyMap<string, number>,
): readonly (readonly Step[])[] {
  const found: Step[][] = [];
  for (const step of steps) (found[levels.get(step.id) ?? 0] ??= []).push(step);
  // A level in which every step stays with the run leaves a hole.
  return found.filter((level) => level.length > 0);
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
