import { siteDrivers, type DriverSet } from '../drivers/driver-set';
import type { CallContext } from '../drivers/ports';
import type { CapturedSet, CaptureSetRequest, PointActivities } from './point-contract';
import { failpoint } from './failpoint';
import type { Quiescer } from './hooks/quiesce';
import { runActivity } from './run-activity';

/** Activities of a site's task queue for recovery points that are consistent for the application. */
export function pointActivities(drivers: DriverSet, quiescer: Quiescer): PointActivities {
  return {
    quiesceApplication: (request) =>
      runActivity({ heartbeatSeconds: request.heartbeatSeconds, attempts: 1 }, async (context) => {
        const quiesced = await quiescer.quiesce(request, context);
        failpoint('quiesce-application', 'after');
        return quiesced;
      }),
    resumeApplication: (request) =>
      runActivity({ heartbeatSeconds: request.heartbeatSeconds, attempts: 1 }, (context) =>
        quiescer.resume(request, context),
      ),
    captureSet: (request) =>
      runActivity({ heartbeatSeconds: request.heartbeatSeconds, attempts: 3 }, (context) =>
        captureSet(drivers, request, context),
      ),
  };
}

/** A point of every volume of the pass that ran while the application kept still, then thinning. */
async function captureSet(drivers: DriverSet, request: CaptureSetRequest, context: CallContext): Promise<CapturedSet> {
  const { group, epoch, operationKey, volumes, site, set, asOf } = request;
  const { replication } = siteDrivers(drivers, site);
  const points = [];
  for (const volume of volumes) {
    const mutation = { group, epoch, operationKey: `${operationKey}/${volume.name}` };
    const ofPass = { set, asOf: asOf[volume.name] ?? '' };
    points.push(await replication.capture({ ...mutation, volume, site, consistency: 'application', ofPass }, context));
  }
  const policy = { group, rules: request.retention, now: new Date().toISOString() };
  for (const volume of volumes) await replication.thin(site, volume, policy, context);
  return { points };
}
