import type { UnnamedWorkloads } from '../core/model/observation';
import type { SiteSpec } from '../core/model/site';
import type { WorkloadSpec } from '../core/model/workload';

/** Of sites at which workloads can run beside those that a runbook names; others do without. */
export interface UnnamedDriver {
  /** What would run at the site and is none of the workloads. What cannot be listed is `unknown`, never an error. Changes nothing. */
  unnamed(site: SiteSpec, workloads: readonly WorkloadSpec[]): Promise<UnnamedWorkloads>;
}
