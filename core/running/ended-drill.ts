import type { DrillFacts } from '../model/attestation';
import type { PlanStep, RecoveryPlan } from '../model/plan';
import type { StepState } from '../model/run';
import { traitsOf } from '../model/step-kinds';
import type { Verdict } from '../model/verdict';
import { nothingTried } from './drill-rules';

type StateOf = (step: string) => StepState | undefined;

/** Whether a drill that ended so was held at all, and a person is to say how it went. */
export const wasHeld = (plan: RecoveryPlan, stateOf: StateOf, verdict: Verdict): boolean =>
  !nothingTried(verdict) && copySteps(plan).some(({ id }) => isBegun(stateOf(id)));

/** Facts are shown to people and kept: they have a bound. */
const MOST_FACTS = 50;

/** What was seen in it. */
export function drillFacts(plan: RecoveryPlan, stateOf: StateOf): DrillFacts {
  const healthySeconds = secondsToHealthy(plan, stateOf);
  return {
    site: plan.runbook.sites[plan.to].name,
    ...(healthySeconds !== undefined && { healthySeconds }),
    data: plan.steps.flatMap((step) => copied(step, stateOf(step.id))).slice(0, MOST_FACTS),
    byHand: plan.steps.flatMap(({ id }) => (isByHand(stateOf(id)) ? [id] : [])).slice(0, MOST_FACTS),
  };
}

function copied({ kind, volume }: PlanStep, state: StepState | undefined): DrillFacts['data'] {
  if (kind !== 'copy-for-drill' || volume === undefined || state?.status !== 'done') return [];
  const asOf = asOfIn(state.result?.facts['copy']);
  return [{ volume, ...(asOf !== undefined && { asOf }) }];
}

/** From the first thing that was done at the site until the last workload was healthy; undefined when one never was. */
function secondsToHealthy(plan: RecoveryPlan, stateOf: StateOf): number | undefined {
  const began = instants(copySteps(plan).map(({ id }) => stateOf(id)?.result?.startedAt));
  const last = plan.steps.filter(({ kind }) => kind === 'start-workload' || kind === 'check-health');
  const healthy = instants(last.map(({ id }) => stateOf(id)?.result?.finishedAt));
  if (began.length === 0 || last.length === 0 || healthy.length < last.length) return undefined;
  return Math.max(0, Math.max(...healthy) - Math.min(...began)) / 1000;
}

/** What makes, starts or removes the copy. */
const copySteps = ({ steps }: RecoveryPlan): readonly PlanStep[] =>
  steps.filter(({ kind, input }) => traitsOf(kind).effect === 'isolated' || input.isolated === true);

const isBegun = (state: StepState | undefined): boolean => state !== undefined && state.status !== 'pending';
const isByHand = (state: StepState | undefined): boolean =>
  state?.status === 'skipped' || state?.status === 'marked-done';

const instants = (texts: readonly (string | undefined)[]): readonly number[] =>
  texts.flatMap((text) => (text === undefined || Number.isNaN(Date.parse(text)) ? [] : [Date.parse(text)]));

function asOfIn(copy: unknown): string | undefined {
  const { asOf } = (typeof copy === 'object' && copy !== null ? copy : {}) as { readonly asOf?: unknown };
  return typeof asOf === 'string' ? asOf : undefined;
}
