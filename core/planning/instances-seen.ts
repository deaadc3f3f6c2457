import type { PlanStep, UnseenWorkloads } from '../model/plan';
import type { SiteRole } from '../model/site';
import type { ActiveInstances, WorkloadSpec } from '../model/workload';
import { seenInstances } from '../running/instances-rules';
import type { PlanContext } from './plan-context';

interface InstancesInput {
  readonly instances?: ActiveInstances;
}

type Seen = Pick<PlanContext, 'observation'>;

const seenNow = ({ observation }: Seen, workload: WorkloadSpec, site: SiteRole): ActiveInstances | undefined =>
  seenInstances(
    workload,
    observation.sites[site].workloads.find((one) => one.workload === workload.name),
  );

/**
 * What the objects of a workload have at the active site, as it is seen now, else as the group has last seen it: kept in the plan,
 * so that the site that starts them needs to ask nobody. Nothing, when neither is known for certain.
 */
export function instancesAtActive(context: Seen, workload: WorkloadSpec): InstancesInput {
  const { activeSite, lastSeen } = context.observation;
  const now = seenNow(context, workload, activeSite);
  if (now !== undefined) return { instances: now };
  const known = workload.kubernetes && lastSeen?.[workload.name];
  if (known === undefined) return {};
  const { seenAt: _seenAt, ...instances } = known;
  return { instances };
}

/** What a stop has to write down: of objects that are off already, that they were. Of the copy of a drill nobody asks later. */
export function switchedOffAt(context: PlanContext, workload: WorkloadSpec, site: SiteRole): InstancesInput {
  const { switchedOff } = seenNow(context, workload, site) ?? {};
  return switchedOff === undefined || context.isolated === true ? {} : { instances: { switchedOff } };
}

/** Nothing of it is wanted: it is left off, and no check of it is asked. */
export const isLeftOff = (context: Seen, workload: WorkloadSpec): boolean => {
  const { replicas, wanted, switchedOff } = instancesAtActive(context, workload).instances ?? {};
  return switchedOff !== undefined && replicas === undefined && wanted === undefined;
};

/** Workloads of a cluster that the steps start and that were not seen at the active site now; undefined: there are none. */
export function unseenWorkloads(
  context: Pick<PlanContext, 'observation' | 'names' | 'runbook'>,
  steps: readonly PlanStep[],
): UnseenWorkloads | undefined {
  const { observation, names, runbook } = context;
  const { activeSite, lastSeen } = observation;
  const started = new Set(steps.flatMap(({ kind, workload }) => (kind === 'start-workload' && workload) || []));
  const unseen = runbook.workloads.filter(
    (one) => one.kubernetes !== undefined && started.has(one.name) && seenNow(context, one, activeSite) === undefined,
  );
  if (unseen.length === 0) return undefined;
  const seenAt = unseen.map(({ name }) => [name, lastSeen?.[name]?.seenAt ?? null] as const);
  return { site: names[activeSite], seenAt: Object.fromEntries(seenAt) };
}
