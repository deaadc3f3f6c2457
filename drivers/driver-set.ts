import { SwitchbackFailure } from '../core/model/failure';
import type { SiteSpec } from '../core/model/site';
import type { TrafficSpec } from '../core/model/traffic';
import type { CheckDriver, ReplicationDriver, TrafficDriver, WorkloadDriver } from './ports';

/** The drivers of one kind of site. */
export interface SiteDrivers {
  readonly workload: WorkloadDriver;
  readonly replication: ReplicationDriver;
  readonly check: CheckDriver;
}

/** The drivers that a worker was started with, by the name that runbooks give them. */
export interface DriverSet {
  readonly sites: Readonly<Record<string, SiteDrivers>>;
  readonly traffic: Readonly<Record<string, TrafficDriver>>;
}

/** @throws SwitchbackFailure `DriverMissing`, naming the drivers that are there. */
export function siteDrivers(drivers: DriverSet, site: SiteSpec): SiteDrivers {
  return drivers.sites[site.driver] ?? missing(`site "${site.name}"`, site.driver, Object.keys(drivers.sites));
}

/** @throws SwitchbackFailure `DriverMissing`, naming the drivers that are there. */
export function trafficDriver(drivers: DriverSet, record: TrafficSpec): TrafficDriver {
  const { driver } = record.provider;
  return drivers.traffic[driver] ?? missing(`record "${record.name}"`, driver, Object.keys(drivers.traffic));
}

function missing(subject: string, driver: string, there: readonly string[]): never {
  throw new SwitchbackFailure(
    'DriverMissing',
    `${subject} needs the driver "${driver}", this worker has ${there.join(', ') || 'none'}; start a worker that has it`,
    { driver },
  );
}
