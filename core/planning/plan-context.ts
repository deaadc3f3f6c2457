import type { CheckSpec } from '../model/check';
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
  /** What is made with it is done to copies of a drill: under their name, at their addresses. */
  readonly isolated?: true;
}

/** What the input of a step has when it is done to a copy. */
export const ofCopy = ({ isolated }: Pick<PlanContext, 'isolated'>): { readonly isolated?: true } =>
  isolated ? { isolated } : {};

/** The same operation on the copies of a drill, whose sites people are to tell from those of production. */
export function copyContext(context: PlanContext): PlanContext {
  const { primary, recovery } = context.names;
  return { ...context, isolated: true, names: { primary: `${primary} (copy)`, recovery: `${recovery} (copy)` } };
}

/** The checks to be asked; of a copy without those of names, which lead to production and prove nothing. */
export const checksAt = (context: Pick<PlanContext, 'isolated'>, checks: readonly CheckSpec[]): readonly CheckSpec[] =>
  context.isolated ? checks.filter(({ probe }) => probe.kind !== 'dns') : checks;
