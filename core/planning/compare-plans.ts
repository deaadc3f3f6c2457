import type { PlanStep, RecoveryPlan } from '../model/plan';
import { canonicalJson } from './canonical-json';

const MOST_NAMED = 5;

/** What differs between a plan that was looked at and the one that would run now, a sentence each; empty when the same runs. */
export function planDifferences(looked: RecoveryPlan, now: RecoveryPlan): readonly string[] {
  if (looked.hash === now.hash) return [];
  return [
    ...(looked.runbookDigest === now.runbookDigest ? [] : ['the runbook has changed']),
    ...epochDifference(looked, now),
    ...stepDifferences('step', looked.steps, now.steps),
    ...stepDifferences('compensation', looked.rollback, now.rollback),
  ];
}

function epochDifference({ epochs: before }: RecoveryPlan, { epochs: after }: RecoveryPlan): readonly string[] {
  if (canonicalJson(before) === canonicalJson(after)) return [];
  return [`an operation has taken place since: the active site then had epoch ${before.from}, now ${after.from}`];
}

function stepDifferences(
  what: 'step' | 'compensation',
  allBefore: readonly PlanStep[],
  allAfter: readonly PlanStep[],
): readonly string[] {
  const [before, after] = [allBefore, allAfter].map((steps) => steps.filter(({ kind }) => kind !== 'barrier'));
  const earlier = new Map(before?.map((step) => [step.id, step]));
  const later = new Map(after?.map((step) => [step.id, step]));
  const gone = [...earlier.values()].filter(({ id }) => !later.has(id));
  const added = [...later.values()].filter(({ id }) => !earlier.has(id));
  const kept = [...later.values()].flatMap((step) => {
    const same = earlier.get(step.id);
    return same ? [{ step, same }] : [];
  });
  const changed = kept.filter(({ step, same }) => deedOf(step) !== deedOf(same)).map(({ step }) => step);
  const moved = kept.some(({ step, same }) => orderOf(step) !== orderOf(same));
  return [
    ...named(gone, (ids, s) => `${what}${s} not there any more: ${ids}`),
    ...named(added, (ids, s) => `new ${what}${s}: ${ids}`),
    ...named(changed, (ids, s) => `changed ${what}${s}: ${ids}`),
    // Of a plan with other steps that goes without saying.
    ...(moved && gone.length === 0 && added.length === 0 ? [`the order of the ${what}s has changed`] : []),
  ];
}

function named(steps: readonly PlanStep[], sentence: (ids: string, s: string) => string): readonly string[] {
  if (steps.length === 0) return [];
  const more = steps.length > MOST_NAMED ? `, and ${steps.length - MOST_NAMED} more` : '';
  const ids = steps.slice(0, MOST_NAMED).map(({ id }) => id);
  return [sentence(`${ids.join(', ')}${more}`, steps.length === 1 ? '' : 's')];
}

/** What a step does and to what. Other epochs are said once, not of each step that carries them. */
function deedOf({ kind, site, workload, volume, record, input }: PlanStep): string {
  const { epoch: _epoch, claimedBy: _claimedBy, ...rest } = input;
  return canonicalJson({ kind, site, workload, volume, record, input: rest });
}

const orderOf = ({ dependsOn }: PlanStep): string => [...dependsOn].sort().join();
