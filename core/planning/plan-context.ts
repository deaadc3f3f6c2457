import type { Observation } from '../model/observation';
import type { FailoverMode, Operation, RunEpochs } from '../model/operation';
import type { ExpectedLoss } from '../model/plan';
import type { OperationPolicy, Runbook } from '../model/runbook';
import type { SiteRole } from '../model/site';
import type { PlanBuilder } from './plan-builder';

/** What the parts of the compiler share about the operation being compiled. */
export interface PlanContext {
  readonly build: PlanBuilder;
  readonly runbook: Runbook;
  readonly policy: OperationPolicy;
  readonly operation: Operation;
  readonly mode: FailoverMode;
  readonly observation: Observation;
  readonly epochs: RunEpochs;
  readonly from: SiteRole;
  readonly to: SiteRole;
  /** Names of the two sites, for titles. */
  readonly names: Readonly<Record<SiteRole, string>>;
  readonly loss?: ExpectedLoss;
}
