import type { DriverSet, SiteDrivers } from '../drivers/driver-set';
import { createCheckDriver } from '../drivers/check/check-driver';
import { createLocalTraffic } from '../drivers/local/dns/local-traffic';
import { createLocalExamination } from '../drivers/local/local-examination';
import { createLocalReplication } from '../drivers/local/replication/local-replication';
import { SiteFolder } from '../drivers/local/site-folder';
import { createLocalWorkloads } from '../drivers/local/workloads/local-workloads';
import type { WorkerSettings } from './settings';

/** The drivers of the embedded default: two sites on this machine. */
export function localDrivers(
  settings: WorkerSettings,
): DriverSet & { readonly sites: { readonly local: SiteDrivers } } {
  const { labFolder, runbookFolder, allowedCommands } = settings;
  const check = createCheckDriver({
    volumeFolder: (site, group, volume) =>
      site.driver === 'local' ? new SiteFolder(labFolder, site).volumeData(group, volume) : undefined,
    allowedCommands,
    environment: process.env,
  });
  const workload = createLocalWorkloads({ labFolder, runbookFolder });
  const local = {
    workload,
    standing: workload,
    replication: createLocalReplication({ labFolder }),
    check,
    examination: createLocalExamination({ labFolder, runbookFolder }),
  };
  return { sites: { local }, traffic: { local: createLocalTraffic() } };
}
