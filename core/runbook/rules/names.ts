import { operationNames } from '../../model/operation';
import { personKey } from '../../model/person-name';
import type { Problem } from '../diagnostic';
import { Part } from '../part';
import { quote } from '../quote';
import { DEFAULT_WINDOW_NAME } from '../schema/operation';
import { addedSteps } from './added-steps';
import { allGates } from './gates';
import { allSchedules } from './schedules';

/** Names that must differ from each other, list by list. */
export function* duplicateNames(runbook: Part): Iterable<Problem> {
  const workloads = runbook.at('workloads').items;
  yield* duplicates('workload', namesOf(workloads));
  yield* duplicates('volume', namesOf(runbook.at('volumes').items));
  yield* duplicates('record', namesOf(runbook.at('traffic').items));
  yield* duplicates('check', namesOf(runbook.at('integrity').items));
  yield* duplicates('grade', namesOf(runbook.at('objectives').at('grades').items));
  yield* duplicates('notice', namesOf(runbook.at('notices').items));
  yield* duplicates('schedule', namesOf(allSchedules(runbook)));
  yield* duplicates('person', namesOf(runbook.at('people').items), personKey);
  for (const workload of workloads) {
    yield* duplicates('workload', workload.at('dependsOn').items);
    yield* duplicates('volume', workload.at('volumes').items);
    yield* duplicates('check', namesOf(workload.at('checks').items));
  }
  for (const operation of operationNames) {
    const policy = runbook.at('operations').at(operation);
    yield* duplicates('workload', policy.at('startOrder').items);
    yield* duplicates('workload', policy.at('stopOrder').items);
    yield* duplicates('person', policy.at('attestation').at('by').items, personKey);
    const gates = allGates(policy);
    const steps = addedSteps(policy);
    // Both wait under their name.
    yield* duplicates(steps.length > 0 ? 'gate or step' : 'gate', [...gates.map(gateName), ...namesOf(steps)]);
    for (const step of steps) yield* duplicates('person', step.at('manual').at('who').items, personKey);
    for (const gate of gates) yield* duplicates('approver', gate.at('approvers').items, personKey);
  }
}

/** A window without a name has the default one; the problem is then where the window is. */
function gateName(gate: Part): Part {
  const name = gate.at('name');
  const isWindow = gate.path.at(-1) === 'window';
  return isWindow && !name.present ? new Part(DEFAULT_WINDOW_NAME, gate.path) : name;
}

const namesOf = (parts: readonly Part[]): Part[] => parts.map((part) => part.at('name'));

/** @param keyOf names are the same when this is. */
function* duplicates(
  what: string,
  names: readonly Part[],
  keyOf: (name: string) => string = (name) => name,
): Iterable<Problem> {
  const before = new Map<string, Part>();
  for (const name of names) {
    if (name.text === undefined) continue;
    const key = keyOf(name.text);
    const first = before.get(key);
    if (first === undefined) {
      before.set(key, name);
      continue;
    }
    const spelling = first.text === name.text ? '' : `, first as ${quote(first.text ?? '')}`;
    yield name.problem('DuplicateName', `the ${what} ${quote(name.text)} is there twice${spelling}`, {
      first: first.path,
    });
  }
}
