import type { SiteObservation } from '../core/model/observation';
import { LOOK_HEARTBEAT_SECONDS } from '../core/model/step-kinds';
import type { RecordState } from '../core/model/traffic';
import { siteDrivers, trafficDriver, type DriverSet } from '../drivers/driver-set';
import type { CallContext } from '../drivers/ports';
import type { ObserveSiteRequest, SiteActivities } from './contract';
import type { ReplicatePass, ReplicateRequest } from './replicate-contract';
import type { Hooks } from './hooks/hooks';
import { recordable } from './recordable';
import { runActivity } from './run-activity';
import { verifyStep } from './steps/verifications';

export interface SiteParts {
  readonly drivers: DriverSet;
  readonly hooks: Pick<Hooks, 'refused'>;
}

/** Activities of a site's task queue besides the steps: looking, and the passes of scheduled replication. */
export function siteActivities({ drivers, hooks }: SiteParts): SiteActivities {
  const beating = { heartbeatSeconds: LOOK_HEARTBEAT_SECONDS };
  const once = { ...beating, attempts: 1 };
  return {
    verifySteps: ({ steps, heartbeatSeconds }) =>
      runActivity({ heartbeatSeconds, attempts: 2 }, (context) =>
        Promise.all(steps.map(async (step) => recordable(await verifyStep(drivers, step, context)))),
      ),
    observeSite: (request) =>
      runActivity({ ...beating, attempts: 3 }, async (context) =>
        recordable(await observeSite(drivers, request, context)),
      ),
    observeRecords: ({ records }) =>
      runActivity({ ...beating, attempts: 2 }, async (context) => {
        const seen: Record<string, RecordState> = {};
        for (const record of records) seen[record.name] = await trafficDriver(drivers, record).current(record, context);
        return seen;
      }),
    examineCommands: ({ programs }) => runActivity(once, () => hooks.refused(programs)),
    testConnectivity: ({ from, to }) =>
      runActivity(once, (context) => siteDrivers(drivers, from).workload.connectivity(from, to, context)),
    replicate: (request) =>
      runActivity({ attempts: 1, heartbeatSeconds: request.heartbeatSeconds }, (context) =>
        replicate(drivers, request, context),
      ),
    fenceStandby: ({ group, site, epoch }) =>
      runActivity(once, async (context) => {
        const operationKey = `fence-standby/${group}/${epoch}`;
        return siteDrivers(drivers, site).workload.fence(site, { group, operationKey, epoch }, context);
      }),
  };
}

async function observeSite(
  drivers: DriverSet,
  request: ObserveSiteRequest,
  context: CallContext,
): Promise<SiteObservation> {
  const { role, group } = request;
  const site = request.sites[role];
  const { workload, replication, unnamed: others } = siteDrivers(drivers, site);
  // Of a site that is lost, both wait as long as an answer may take.
  const [health, fence] = await Promise.all([
    workload.siteHealth(site, context),
    workload.fencing(site, group, context),
  ]);
  if (!health.reachable) return { role, health, workloads: [], volumes: [], fence };
  const [workloads, volumes, unnamed] = await Promise.all([
    workload.inspect(site, group, request.workloads, context),
    replication.observe(site, group, request.volumes, context),
    others?.unnamed(site, request.workloads),
  ]);
  return { role, health, workloads, volumes, fence, ...(unnamed && { unnamed }) };
}

/** One pass over every volume; a recovery point of each when one is due, then thinning. */
async function replicate(drivers: DriverSet, request: ReplicateRequest, context: CallContext): Promise<ReplicatePass> {
  const { group, epoch, operationKey, volumes, sites } = request;
  const [source, target] = [sites[request.source], sites[request.target]];
  const { replication } = siteDrivers(drivers, target);
  const asOf: Record<string, string> = {};
  const points = [];
  const thinned: string[] = [];
  let bytesSent = 0;
  for (const volume of volumes) {
    const mutation = { group, epoch, operationKey: `${operationKey}/${volume.name}` };
    const pass = await replication.sync({ ...mutation, volume, source, target, final: false }, context);
    asOf[volume.name] = pass.asOf;
    bytesSent += pass.bytesSent;
    if (!request.capture) continue;
    points.push(await replication.capture({ ...mutation, volume, site: target, consistency: 'crash' }, context));
    const policy = { group, rules: request.retention, now: new Date().toISOString() };
    thinned.push(...(await replication.thin(target, volume, policy, context)));
  }
  return { asOf, bytesSent, points, thinned, finishedAt: new Date().toISOString() };
}
