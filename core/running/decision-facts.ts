import type { RecoveryPlan } from '../model/plan';
import type { DecisionFacts } from '../model/run';

const MOST_WARNINGS = 20;

/** What a plan tells whoever has to decide upon it. */
export function decisionFacts({ estimateSeconds, loss, prechecks }: RecoveryPlan): DecisionFacts {
  const warnings = prechecks
    .filter(({ severity }) => severity === 'warning')
    .slice(0, MOST_WARNINGS)
    .map(({ code, subject, saw }) => `${code} (${subject}): ${saw}`);
  const lost = loss?.volumes.map(({ volume, seconds }) => `${volume}: what came after ${Math.round(seconds)} s before`);
  return { estimateSeconds, ...(lost && lost.length > 0 && { loss: lost.join('; ') }), warnings };
}
