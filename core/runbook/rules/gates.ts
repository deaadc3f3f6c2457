import { operationNames } from '../../model/operation';
import type { Problem } from '../diagnostic';
import type { Part } from '../part';
import { gateKinds, MOST_GATES } from '../schema/operation';
import { exactlyOne } from './checks';

/** What stands under the kind of each gate of an operation. */
export const allGates = (policy: Part): Part[] =>
  gatesOf(policy).flatMap((gate) => gateKinds.map((kind) => gate.at(kind)).filter((part) => part.present));

// The schema refuses more; here they would only make work.
const gatesOf = (policy: Part): readonly Part[] => policy.at('gates').items.slice(0, MOST_GATES);

export const policies = (runbook: Part): Part[] => operationNames.map((name) => runbook.at('operations').at(name));

export function* gateKindRule(runbook: Part): Iterable<Problem> {
  for (const gate of policies(runbook).flatMap(gatesOf)) yield* exactlyOne(gate, gateKinds);
}

export function* gateModes(runbook: Part): Iterable<Problem> {
  for (const name of operationNames.filter((operation) => operation !== 'failover')) {
    for (const gate of allGates(runbook.at('operations').at(name))) {
      if (!gate.at('mode').present) continue;
      yield gate
        .at('mode')
        .problem('ModeNotAllowed', `${name} is always planned; only a gate of failover has a mode`, { at: 'key' });
    }
  }
}

/** What stands under `window` of each gate that is one. */
export const allWindows = (runbook: Part): Part[] =>
  policies(runbook)
    .flatMap(gatesOf)
    .map((gate) => gate.at('window'))
    .filter((window) => window.present);
