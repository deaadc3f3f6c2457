import type { SiteRole, SiteSpec } from '../../core/model/site';
import type { StageDriver } from '../../drivers/stage-port';
import type { TwoSiteFixture } from './contract';

export type PairOfSites = Readonly<Record<SiteRole, SiteSpec>>;

/**
 * An application with a workload "web" of two instances, settings, a secret and a claim for data, at `site`, which is the primary and
 * active one; nothing is at `peer` yet.
 */
export interface StageFixture extends TwoSiteFixture {
  readonly driver: StageDriver;
  readonly sites: PairOfSites;
  /** The same sites for a worker that may not read secrets. */
  readonly limited: PairOfSites;
  /** Settings of that name with that text; those that are there are replaced. */
  readonly put: (site: SiteSpec, name: string, text: string) => Promise<void>;
  /** A secret of that name. */
  readonly hide: (site: SiteSpec, name: string, text: string) => Promise<void>;
  readonly remove: (site: SiteSpec, what: 'settings' | 'claim' | 'workload', name: string) => Promise<void>;
  readonly read: (site: SiteSpec, name: string) => Promise<string | undefined>;
  readonly names: (site: SiteSpec, what: 'settings' | 'claim' | 'workload') => Promise<readonly string[]>;
  /** How many instances the workload is meant to have. */
  readonly wanted: (site: SiteSpec, workload: string) => Promise<number>;
  /** Somebody starts it by hand. */
  readonly scale: (site: SiteSpec, workload: string, instances: number) => Promise<void>;
  /** The site is made the active one, or fenced, with that epoch. */
  readonly fence: (site: SiteSpec, fencing: 'fenced' | 'unfenced', epoch: number) => Promise<void>;
}
