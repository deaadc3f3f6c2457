import type { SiteExamination } from '../core/model/examination';
import { SwitchbackFailure } from '../core/model/failure';
import type { SiteSpec } from '../core/model/site';
import type { TrafficSpec } from '../core/model/traffic';
import type { ExaminationDriver } from './examination-port';
import type { CheckDriver, ReplicationDriver, TrafficDriver, WorkloadDriver } from './ports';
import type { StageDriver } from './stage-port';
import type { StandingDriver } from './standing-port';
import type { UnnamedDriver } from './unnamed-port';

/** The drivers of one kind of site. */
export interface SiteDrivers {
  readonly workload: WorkloadDriver;
  readonly replication: ReplicationDriver;
  readonly check: CheckDriver;
  /** Absent: what runs at such sites is whole. */
  readonly standing?: StandingDriver;
  /** Absent: what is started at such sites needs not be there before. */
  readonly stage?: StageDriver;
  /** Absent: nothing is known of such sites beyond what operations look at. */
  readonly examination?: ExaminationDriver;
  /** Absent: nothing runs at such sites but what runbooks name. */
  readonly unnamed?: UnnamedDriver;
}

/** The drivers that a worker was started with, by the name that runbooks give them. */
export interface DriverSet {
  readonly sites: Readonly<Record<string, SiteDrivers>>;
  readonly traffic: Readonly<Record<string, TrafficDriver>>;
  /** Of drivers of traffic whose credentials can end. Absent: none is known of. */
  readonly credentials?: Readonly<Record<string, () => Promise<CredentialsSeen>>>;
}

/** Credentials that end, and what of them could not be found out. */
export type CredentialsSeen = Pick<SiteExamination, 'credentials' | 'unknown'>;

/** @throws SwitchbackFailure `DriverMissing`, naming the drivers that are there. */
export function siteDrivers(drivers: DriverSet, site: SiteSpec): SiteDrivers {
  return drivers.sites[site.driver] ?? missing(`site "${site.name}"`, site.driver, Object.keys(drivers.sites));
}

/** @throws SwitchbackFailure `DriverMissing` when nothing is staged at such sites. */
export function stageDriver(drivers: DriverSet, site: SiteSpec): StageDriver {
  const { stage } = siteDrivers(drivers, site);
  if (stage !== undefined) return stage;
  const message = `site "${site.name}" is of driver "${site.driver}", at whose sites nothing is staged`;
  throw new SwitchbackFailure('DriverMissing', message, { driver: site.driver });
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
