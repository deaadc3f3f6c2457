import type { WorkloadSpec } from '../model/workload';

/** One node of an order: the workload, and what must have happened to others before. */
export interface OrderedWorkload {
  readonly workload: WorkloadSpec;
  /** Names of workloads that come directly before it. */
  readonly after: readonly string[];
  /** True: it also waits for all earlier priority groups. */
  readonly waitsForEarlierGroups: boolean;
}

/** A priority group; earlier in the list, earlier in time. */
export interface OrderedGroup {
  readonly priority: number;
  readonly members: readonly OrderedWorkload[];
}

/**
 * Start order: priority 1 first. A workload with `dependsOn` waits for exactly those workloads, any other one for all earlier
 * groups. `override` (names of all workloads) replaces both: strictly one after another.
 */
export function startOrder(workloads: readonly WorkloadSpec[], override?: readonly string[]): OrderedGroup[] {
  if (override) return chain(workloads, override);
  return groupsByPriority(dependenciesFirst(workloads)).map(([priority, members]) => ({
    priority,
    members: members.map((workload) => ({
      workload,
      after: workload.dependsOn,
      waitsForEarlierGroups: workload.dependsOn.length === 0,
    })),
  }));
}

/**
 * Stop order: every edge of the start order turned round. A workload stops after those that named it in `dependsOn`, and
 * after the later groups, of which only members without `dependsOn` had waited for it.
 */
export function stopOrder(workloads: readonly WorkloadSpec[], override?: readonly string[]): OrderedGroup[] {
  if (override) return chain(workloads, override);
  return groupsByPriority(dependenciesFirst(workloads))
    .reverse()
    .map(([priority, members]) => ({
      priority,
      members: [...members].reverse().map((workload) => ({
        workload,
        after: workloads.filter((other) => other.dependsOn.includes(workload.name)).map((other) => other.name),
        waitsForEarlierGroups: true,
      })),
    }));
}

/** In the stop order a group holds up the next one only through members that had waited for it at the start. */
export const holdsUpNextStopGroup = (workload: WorkloadSpec): boolean => workload.dependsOn.length === 0;

function chain(workloads: readonly WorkloadSpec[], names: readonly string[]): OrderedGroup[] {
  const byName = new Map(workloads.map((workload) => [workload.name, workload]));
  const ordered = names.flatMap((name) => byName.get(name) ?? []);
  return ordered.map((workload, index) => {
    const previous = ordered[index - 1];
    return {
      priority: index + 1,
      members: [{ workload, after: previous ? [previous.name] : [], waitsForEarlierGroups: true }],
    };
  });
}

function groupsByPriority(workloads: readonly WorkloadSpec[]): [number, WorkloadSpec[]][] {
  const groups = new Map<number, WorkloadSpec[]>();
  for (const workload of workloads) {
    groups.set(workload.priority, [...(groups.get(workload.priority) ?? []), workload]);
  }
  return [...groups].sort(([left], [right]) => left - right);
}

/** The same workloads, each after all that it depends on; otherwise in the order given. */
function dependenciesFirst(workloads: readonly WorkloadSpec[]): readonly WorkloadSpec[] {
  const byName = new Map(workloads.map((workload) => [workload.name, workload]));
  const placed = new Set<WorkloadSpec>();
  const place = (workload: WorkloadSpec): void => {
    if (placed.has(workload)) return;
    for (const name of workload.dependsOn) {
      const dependency = byName.get(name);
      if (dependency) place(dependency);
    }
    placed.add(workload);
  };
  workloads.forEach(place);
  return [...placed];
}
