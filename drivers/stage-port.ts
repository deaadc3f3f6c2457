import type { SiteRole, SiteSpec } from '../core/model/site';
import type { StageDiff, StagePolicy } from '../core/model/stage';
import type { WorkloadSpec } from '../core/model/workload';
import type { CallContext, Mutation } from './ports';

export interface StageRequest extends Mutation {
  readonly sites: Readonly<Record<SiteRole, SiteSpec>>;
  /** The standby; the other site is the active one. */
  readonly target: SiteRole;
  readonly policy: StagePolicy;
  readonly workloads: readonly WorkloadSpec[];
  /** True: the diff is made and nothing is changed. */
  readonly dryRun: boolean;
}

/** Of sites at which workloads are objects that have to be there before they can be started; others do without. */
export interface StageDriver {
  /**
   * Makes what the active site has of the chosen kinds at the standby as well, in a form in which it starts nothing there.
   * What runs at the standby keeps as many instances as it has; so does what is started while the call lasts.
   * What is gone at the active site is deleted when Switchback has put it at the standby; what others put there is kept, and named.
   * Deletes nothing that holds data or runs, and nothing at all while a workload of the runbook is missing at the active site.
   * What is as it should be is not written to.
   * Refused with `WrongState`, changing nothing, at a site that is active or while the active site is fenced.
   * What cannot be read or written is named in the diff, and holds up nothing else.
   * Names of fields are all that is said of contents.
   */
  stage(request: StageRequest, context: CallContext): Promise<StageDiff>;
}
