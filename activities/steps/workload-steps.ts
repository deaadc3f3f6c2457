import type { WorkloadSpec } from '../../core/model/workload';
import { SwitchbackFailure } from '../../core/model/failure';
import type { StepRequest } from '../contract';
import { siteDrivers } from '../../drivers/driver-set';
import { asFact, mutationOf, siteOf, workloadOf, type StepBody } from './step-body';

export const verifySite: StepBody = async (drivers, request, context) => {
  const site = siteOf(request);
  const health = await siteDrivers(drivers, site).workload.siteHealth(site, context);
  const wrong = health.findings.filter((finding) => !finding.ok);
  if (!health.reachable || wrong.length > 0) {
    const saw = wrong.map((finding) => `${finding.name}: ${finding.saw}`).join('; ') || 'it does not answer';
    throw new SwitchbackFailure(health.reachable ? 'Unhealthy' : 'SiteUnreachable', `site "${site.name}": ${saw}`);
  }
  return { summary: `healthy: ${health.findings.length} findings in order`, facts: { health: asFact(health) } };
};

export const testConnectivity: StepBody = async (drivers, request, context) => {
  const { sites, step } = request;
  const to = siteOf(request);
  const from = sites[step.site === 'primary' ? 'recovery' : 'primary'];
  const way = await siteDrivers(drivers, from).workload.connectivity(from, to, context);
  if (!way.ok) throw new SwitchbackFailure('SiteUnreachable', `no way from "${from.name}" to "${to.name}": ${way.saw}`);
  return { summary: way.saw, facts: { connectivity: asFact(way) } };
};

export const stopWorkload: StepBody = async (drivers, request, context) => {
  const site = siteOf(request);
  const { workload } = siteDrivers(drivers, site);
  const observation = await workload.stop(site, withInstances(request), mutationOf(request), context);
  return { summary: `stopped: ${observation.saw}`, facts: { observation: asFact(observation) } };
};

export const startWorkload: StepBody = async (drivers, request, context) => {
  const site = siteOf(request);
  const { workload } = siteDrivers(drivers, site);
  const observation = await workload.start(site, withInstances(request), mutationOf(request), context);
  const did = observation.status === 'stopped' ? 'left off' : 'started';
  const from = request.instancesFrom === undefined ? '' : ` (${request.instancesFrom})`;
  return { summary: `${did}: ${observation.saw}${from}`, facts: { observation: asFact(observation) } };
};

/** With what the plan has seen of it at the active site. */
function withInstances(request: StepRequest): WorkloadSpec {
  const spec = workloadOf(request);
  const { instances: active } = request.step.input;
  if (spec.kubernetes === undefined || active === undefined) return spec;
  return { ...spec, kubernetes: { ...spec.kubernetes, active } };
}

/** With `allowUnconfirmed` a site that does not answer is a result, which a person then judges; otherwise it fails the step. */
export const fenceSite: StepBody = async (drivers, request, context) => {
  const site = siteOf(request);
  const { workload } = siteDrivers(drivers, site);
  try {
    const fence = await workload.fence(site, mutationOf(request), context);
    if (fence.fencing === 'fenced') return { summary: fence.saw, facts: { fence: asFact(fence) } };
    throw new SwitchbackFailure('FenceUnconfirmed', `site "${site.name}": ${fence.saw}`);
  } catch (error) {
    const unknown = error instanceof SwitchbackFailure && ['SiteUnreachable', 'FenceUnconfirmed'].includes(error.code);
    if (!unknown || request.step.input.allowUnconfirmed !== true) throw error;
    const fence = { site: site.name, fencing: 'unconfirmed', saw: error.message };
    return { summary: `unconfirmed: ${error.message}`, facts: { fence } };
  }
};

export const unfenceSite: StepBody = async (drivers, request, context) => {
  const site = siteOf(request);
  const fence = await siteDrivers(drivers, site).workload.unfence(site, mutationOf(request), context);
  return { summary: fence.saw, facts: { fence: asFact(fence) } };
};
