import { createHash } from 'node:crypto';
import { CONTROL_HEARTBEAT_SECONDS, LOOK_HEARTBEAT_SECONDS } from '../core/model/step-kinds';
import { instancesIn } from '../core/running/instances-rules';
import { siteDrivers, type DriverSet } from '../drivers/driver-set';
import type { GroupClient } from './group-client';
import type { InstancesActivities } from './instances-contract';
import { runActivity } from './run-activity';

/** Looks whose answer is small: a group of a thousand workloads has one every few minutes in its history. */
export const instancesActivities = (
  drivers: DriverSet,
  groups: Pick<GroupClient, 'noteInstances'>,
): InstancesActivities => ({
  observeInstances: ({ group, site, workloads, known }) =>
    runActivity({ heartbeatSeconds: LOOK_HEARTBEAT_SECONDS, attempts: 1 }, async (context) => {
      const { workload } = siteDrivers(drivers, site);
      const instances = instancesIn(workloads, await workload.inspect(site, group, workloads, context));
      const digest = createHash('sha256').update(JSON.stringify(instances)).digest('hex');
      return digest === known ? { digest } : { digest, instances };
    }),
  noteInstances: (request) =>
    runActivity({ heartbeatSeconds: CONTROL_HEARTBEAT_SECONDS, attempts: 3 }, () => groups.noteInstances(request)),
});
