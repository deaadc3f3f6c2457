import { policyPhases, type PolicyPhase } from '../../model/failure-policy';
import type { Problem } from '../diagnostic';
import type { Part } from '../part';
import { policies } from './gates';

const phases = Object.keys(policyPhases) as PolicyPhase[];

/** What may follow in a phase: nothing leads back after the commit point, and what guards is never left out. */
export function* impossiblePolicies(runbook: Part): Iterable<Problem> {
  for (const { phase, then } of written(runbook)) {
    const possible = policyPhases[phase];
    if (then.text === 'rollback' && !possible.rollback) {
      const message = `nothing leads back from phase "${phase}": it comes with the commit point or after it; use ${others(phase)}`;
      yield then.problem('FailurePolicyImpossible', message);
    }
    if (then.text === 'continue' && !possible.continue) {
      const message = `every step of phase "${phase}" guards data or fencing, and such a step is never left out; use ${others(phase)}`;
      yield then.problem('FailurePolicyImpossible', message);
    }
  }
}

const others = (phase: PolicyPhase): string =>
  ['ask', ...(['rollback', 'continue'] as const).filter((then) => policyPhases[phase][then])].join(' or ');

/** Both forms may be there when they agree, as far as `onFailure` can be followed in the phase at all. */
export function* contradictingPolicies(runbook: Part): Iterable<Problem> {
  for (const { operation, phase, policy, then } of written(runbook)) {
    const short = operation.at('onFailure').text;
    const long = then.text ?? 'ask';
    if (short === undefined || short === long || !policyPhases[phase].rollback) continue;
    const place = then.present ? then : policy;
    const message = `\`onFailure\` says ${short}, and here ${long} follows in phase "${phase}"; remove \`onFailure\`, or write \`then: ${short}\``;
    yield place.problem('FailurePolicyContradiction', message);
  }
}

function written(runbook: Part) {
  return policies(runbook).flatMap((operation) =>
    phases.flatMap((phase) => {
      const policy = operation.at('failurePolicy').at(phase);
      return policy.isMap ? [{ operation, phase, policy, then: policy.at('then') }] : [];
    }),
  );
}
