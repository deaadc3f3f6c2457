import type { ProtectionState } from '../model/protection';
import type {
  ActiveInstances,
  InstancesByWorkload,
  SeenInstancesByWorkload,
  WorkloadObservation,
  WorkloadSpec,
} from '../model/workload';

/**
 * What the objects of a workload have, in an order that is always the same. Undefined when it was not seen for certain: what is on
 * may be on its way out, and what a run has stopped says nothing of how it is meant to be.
 */
export function seenInstances(
  { kubernetes }: Pick<WorkloadSpec, 'kubernetes'>,
  seen: WorkloadObservation | undefined,
): ActiveInstances | undefined {
  if (kubernetes === undefined || seen === undefined) return undefined;
  const { status, switchedOff: off = [] } = seen;
  if (status === 'unknown' || (status === 'stopped' && off.length === 0)) return undefined;
  const { name } = kubernetes;
  // A worker of before tells of one object how many pods it has, and not how many it wants.
  const counts = seen.wanted ?? (name === undefined ? {} : { [name]: seen.replicas });
  const on = Object.entries(counts).filter(([, count]) => count > 0);
  const [first] = on;
  if (first === undefined && off.length === 0) return undefined;
  return {
    ...(first && (name === undefined ? { wanted: Object.fromEntries(on.sort(byName)) } : { replicas: first[1] })),
    ...(off.length > 0 && { switchedOff: [...off].sort() }),
  };
}

const byName = ([one]: readonly [string, number], [other]: readonly [string, number]): number => (one < other ? -1 : 1);

/** Of all workloads what was seen for certain. */
export function instancesIn(
  workloads: readonly WorkloadSpec[],
  observations: readonly WorkloadObservation[],
): InstancesByWorkload {
  const byWorkload = new Map(observations.map((one) => [one.workload, one]));
  return Object.fromEntries(
    workloads.flatMap((workload) => {
      const instances = seenInstances(workload, byWorkload.get(workload.name));
      return instances ? [[workload.name, instances] as const] : [];
    }),
  );
}

/** Those of what was seen that the group does not know yet. */
export const unknownOf = (seen: InstancesByWorkload, known: SeenInstancesByWorkload = {}): InstancesByWorkload =>
  Object.fromEntries(
    Object.entries(seen).filter(
      ([name, instances]) => JSON.stringify(instances) !== JSON.stringify(plain(known[name])),
    ),
  );

/** In the order of `seenInstances`, whoever has made it. */
function plain(known: ActiveInstances | undefined): ActiveInstances | undefined {
  if (known === undefined) return undefined;
  const { replicas, wanted, switchedOff } = known;
  return {
    ...(replicas !== undefined && { replicas }),
    ...(wanted && { wanted }),
    ...(switchedOff && { switchedOff }),
  };
}

/** Whether what is at the active site is what its users want there: nobody moves it, and no run has stopped half-way. */
export const isSettled = ({ holder, incomplete }: ProtectionState): boolean =>
  holder === undefined && incomplete === undefined;

/** Whether the group takes what a run has seen before it changed anything: the holder, or a drill, to which it is the same as to us. */
export function takesInstancesOf(
  state: ProtectionState,
  run: Pick<ProtectionState, 'activeSite' | 'epoch'> & { readonly runId: string },
): boolean {
  if (run.activeSite !== state.activeSite || run.epoch !== state.epoch) return false;
  if (state.holder?.runId === run.runId) return state.interrupted === undefined;
  return state.drill?.runId === run.runId && isSettled(state);
}

/** The state with what was seen then. What was not seen for certain stays as it was, and so does what was seen later. */
export function instancesNoted(state: ProtectionState, seen: InstancesByWorkload, seenAt: string): ProtectionState {
  const before = state.instances ?? {};
  const later = Object.entries(seen).filter(([name]) => (before[name]?.seenAt ?? '') <= seenAt);
  if (later.length === 0) return state;
  const noted = later.map(([name, instances]) => [name, { ...instances, seenAt }] as const);
  return { ...state, instances: { ...before, ...Object.fromEntries(noted) } };
}

/** The state without the workloads that the runbook has no more. */
export function instancesOf(state: ProtectionState, workloads: readonly WorkloadSpec[]): ProtectionState {
  if (state.instances === undefined) return state;
  const names = new Set(workloads.map(({ name }) => name));
  const kept = Object.entries(state.instances).filter(([name]) => names.has(name));
  return { ...state, instances: Object.fromEntries(kept) };
}
