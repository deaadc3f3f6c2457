import type { FoundWorkload } from '../model/namespace-inventory';
import type { Reference } from './references';

export interface Priority {
  readonly priority: number;
  readonly because: string;
}

const LAST_PRIORITY = 100;

/** One group later than the latest of what it depends on; CronJobs that nothing needs come last, since they work on all the rest. */
export function prioritiesOf(
  workloads: readonly FoundWorkload[],
  dependencies: readonly Reference[],
): ReadonlyMap<FoundWorkload, Priority> {
  const needed = new Set(dependencies.map(({ to }) => to));
  const isLast = (workload: FoundWorkload): boolean => workload.kind === 'CronJob' && !needed.has(workload);
  const depths = depthsOf(workloads, dependencies);
  const deepest = Math.max(0, ...workloads.filter((one) => !isLast(one)).map((one) => depths.get(one) ?? 0));
  return new Map(
    workloads.map((workload) => {
      const depth = depths.get(workload) ?? 0;
      if (isLast(workload)) {
        const because = 'a CronJob works on what the others serve, so it comes last';
        return [workload, { priority: bounded(Math.max(deepest, depth - 1) + 2), because }];
      }
      const because = depth === 0 ? 'it depends on nothing that was found' : 'one group after what it depends on';
      return [workload, { priority: bounded(depth + 1), because }];
    }),
  );
}

/** With all the same priority at the end, `dependsOn` still says who comes first. */
const bounded = (priority: number): number => Math.min(priority, LAST_PRIORITY);

/** How long the longest way to something without dependencies is. Dependencies form no circle. */
function depthsOf(
  workloads: readonly FoundWorkload[],
  dependencies: readonly Reference[],
): ReadonlyMap<FoundWorkload, number> {
  const users = new Map<FoundWorkload, FoundWorkload[]>();
  const open = new Map<FoundWorkload, number>();
  for (const { from, to } of dependencies) {
    users.set(to, [...(users.get(to) ?? []), from]);
    open.set(from, (open.get(from) ?? 0) + 1);
  }
  const depths = new Map(workloads.filter((one) => !open.has(one)).map((one) => [one, 0]));
  // A map that is walked also gives what is added meanwhile: each workload after all that it depends on.
  const heights = new Map<FoundWorkload, number>();
  for (const [workload, depth] of depths) {
    for (const user of users.get(workload) ?? []) {
      heights.set(user, Math.max(heights.get(user) ?? 0, depth + 1));
      const left = (open.get(user) ?? 0) - 1;
      open.set(user, left);
      if (left === 0) depths.set(user, heights.get(user) ?? 0);
    }
  }
  return depths;
}
