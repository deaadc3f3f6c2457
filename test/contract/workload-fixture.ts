import type { SiteSpec } from '../../core/model/site';
import type { WorkloadSpec } from '../../core/model/workload';
import type { WorkloadDriver } from '../../drivers/ports';
import type { TwoSiteFixture } from './contract';

/** Two sites with workloads of every temper, and the powers that the tests of the port need. */
export interface WorkloadFixture extends TwoSiteFixture {
  readonly driver: WorkloadDriver;
  /** `site` as copies of drills live there. */
  readonly copy: SiteSpec;
  readonly workloads: {
    /** Ends some time after it was asked, well within its grace time. */
    readonly wellBehaved: WorkloadSpec;
    readonly another: WorkloadSpec;
    /** Ignores being asked; its grace time is short. */
    readonly stubborn: WorkloadSpec;
    /** Cannot be proven stopped, whatever is done (local: its port stays open). */
    readonly unstoppable: WorkloadSpec;
    /** Runs, but will never be healthy. */
    readonly sick: WorkloadSpec;
    /** Writes `lastWords` to its log and ends. */
    readonly endsAtOnce: WorkloadSpec;
  };
  readonly lastWords: string;
  /** A driver as after a restart of the worker and of everything that runs at the sites. */
  readonly restarted: () => Promise<WorkloadDriver>;
  /** A customer's write to whatever runs as that workload at the site: was it acknowledged? */
  readonly write: (site: SiteSpec, workload: WorkloadSpec) => Promise<boolean>;
  /** How its last instance at the site came to its end. */
  readonly endedBy: (site: SiteSpec, workload: WorkloadSpec) => Promise<'request' | 'force'>;
}
