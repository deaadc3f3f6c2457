import type { ActiveInstances, WorkloadSpec } from '../model/workload';
import type { SiteRole } from '../model/site';
import type { PlanContext } from './plan-context';

interface InstancesInput {
  readonly instances?: ActiveInstances;
}

/**
 * What the objects of a workload have at the active site: kept in the plan, so that the site that starts them needs to ask
 * nobody. Nothing, when it was not seen for certain whether they are on.
 */
export function instancesAt(
  { observation }: Pick<PlanContext, 'observation'>,
  { name, kubernetes }: WorkloadSpec,
  site: SiteRole,
): InstancesInput {
  const seen = observation.sites[site].workloads.find(({ workload }) => workload === name);
  if (kubernetes === undefined || seen === undefined) return {};
  const { status, replicas, wanted, switchedOff } = seen;
  if (status === 'unknown' || (status === 'stopped' && switchedOff === undefined)) return {};
  const counted = kubernetes.name !== undefined && replicas > 0;
  return {
    instances: {
      ...(counted && { replicas }),
      ...(wanted && { wanted }),
      ...(switchedOff !== undefined && { switchedOff }),
    },
  };
}

/** What a stop has to write down: of objects that are off already, that they were. Of the copy of a drill nobody asks later. */
export function switchedOffAt(context: PlanContext, workload: WorkloadSpec, site: SiteRole): InstancesInput {
  const { switchedOff } = instancesAt(context, workload, site).instances ?? {};
  return switchedOff === undefined || context.isolated === true ? {} : { instances: { switchedOff } };
}

/** Nothing of it is wanted: it is left off, and no check of it is asked. */
export const isLeftOff = (context: PlanContext, { name }: WorkloadSpec): boolean => {
  const { sites, activeSite } = context.observation;
  const seen = sites[activeSite].workloads.find(({ workload }) => workload === name);
  return seen?.status === 'stopped' && seen.switchedOff !== undefined;
};
