import type { RecoveryPlan } from '../model/plan';
import type { DecisionFacts } from '../model/run';

/** Each decision keeps its facts, so that they have a bound; the plan has all of them. */
const MOST_WARNINGS = 20;
const MOST_VOLUMES = 20;

/** What a plan tells whoever has to decide upon it. */
export function decisionFacts(plan: RecoveryPlan): DecisionFacts {
  const { estimateSeconds, earlierRuns, interruptionSeconds, lag, loss, prechecks } = plan;
  const warnings = prechecks
    .filter(({ severity }) => severity === 'warning')
    .slice(0, MOST_WARNINGS)
    .map(({ code, subject, saw }) => `${code} (${subject}): ${saw}`);
  const lost = loss?.volumes
    .slice(0, MOST_VOLUMES)
    .map(({ volume, seconds }) => `${volume}: what came after ${Math.round(seconds)} s before`);
  return {
    estimateSeconds,
    ...(earlierRuns !== undefined && { earlierRuns }),
    ...(interruptionSeconds !== undefined && { interruptionSeconds }),
    ...(lag && { lag }),
    ...(lost && lost.length > 0 && { loss: lost.join('; ') }),
    warnings,
  };
}
