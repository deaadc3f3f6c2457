import type { DriverSet } from '../drivers/driver-set';
import { createCheckDriver } from '../drivers/check/check-driver';
import { createLocalTraffic } from '../drivers/local/dns/local-traffic';
import { createLocalReplication } from '../drivers/local/replication/local-replication';
import { SiteFolder } from '../drivers/local/site-folder';
import { createLocalWorkloads } from '../drivers/local/workloads/local-workloads';
import { createRoute53Traffic } from '../drivers/route53/route53-traffic';
import type { WorkerSettings } from './settings';

/** The drivers of the embedded default: two sites on this machine, and DNS there or in Route 53. */
export function localDrivers(settings: WorkerSettings): DriverSet {
  const { labFolder, runbookFolder, allowedCommands } = settings;
  const check = createCheckDriver({
    volumeFolder: (site, group, volume) =>
      site.driver === 'local' ? new SiteFolder(labFolder, site).volumeData(group, volume) : undefined,
    allowedCommands,
    environment: process.env,
  });
  const local = {
    workload: createLocalWorkloads({ labFolder, runbookFolder }),
    replication: createLocalReplication({ labFolder }),
    check,
  };
  const traffic = { local: createLocalTraffic(), route53: createRoute53Traffic(settings.route53 ?? {}) };
  return { sites: { local }, traffic };
}
