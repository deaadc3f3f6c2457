import type { Problem } from '../diagnostic';
import { didYouMean } from '../nearest-name';
import type { Part } from '../part';
import { quote } from '../quote';
import { allAddedSteps } from './added-steps';
import { allGates, operationNames } from './gates';

const approvals = (runbook: Part): Part[] =>
  operationNames.flatMap((operation) =>
    allGates(runbook.at('operations').at(operation)).filter((gate) => gate.path.at(-1) === 'approval'),
  );

/** The people that are declared, with their groups, leniently read. */
function declared(runbook: Part): { readonly names: readonly string[]; readonly members: ReadonlyMap<string, number> } {
  const members = new Map<string, number>();
  const people = runbook.at('people').items;
  for (const group of people.flatMap((person) => person.at('groups').items.flatMap(({ text }) => text ?? []))) {
    members.set(group, (members.get(group) ?? 0) + 1);
  }
  return { names: people.flatMap((person) => person.at('name').text ?? []), members };
}

/** Where people are declared, approvers are among them or their groups: a name with a slip of the pen could never decide. */
export function* unknownPeople(runbook: Part): Iterable<Problem> {
  const { names, members } = declared(runbook);
  const known = [...names, ...members.keys()];
  const named = [
    ...approvals(runbook).flatMap((gate) => gate.at('approvers').items),
    ...allAddedSteps(runbook).flatMap((step) => step.at('manual').at('who').items),
  ];
  for (const person of names.length === 0 ? [] : named) {
    if (person.text === undefined || known.includes(person.text)) continue;
    const message = `${quote(person.text)} is neither a person nor a group of \`people\``;
    yield person.problem('UnknownPerson', `${message}${didYouMean(person.text, known)}`);
  }
  for (const gate of approvals(runbook)) {
    for (const group of gate.at('quorum').keys) {
      if (members.has(group)) continue;
      const message = `no person of \`people\` is in the group ${quote(group)}${didYouMean(group, [...members.keys()])}`;
      yield gate.at('quorum').at(group).problem('UnknownPerson', message, { at: 'key' });
    }
  }
}

/** Gates that can never open. */
export function* approvalsPossible(runbook: Part): Iterable<Problem> {
  const { names, members } = declared(runbook);
  const withKey = runbook.at('people').items.some((person) => person.at('publicKey').present);
  for (const gate of approvals(runbook)) {
    for (const group of gate.at('quorum').keys) {
      const count = gate.at('quorum').at(group);
      const there = members.get(group);
      if (there === undefined || (count.number ?? 0) <= there) continue;
      const message = `${count.number} must approve, but only ${there} of \`people\` ${there === 1 ? 'is' : 'are'} in the group ${quote(group)}`;
      yield count.problem('ImpossibleApproval', message);
    }
    const most = mostApprovers(gate, names, members);
    const required = gate.at('required');
    if (most !== undefined && (required.number ?? 0) > most) {
      yield required.problem('ImpossibleApproval', `${required.number} must approve, but only ${most} may`);
    }
    if (gate.at('signed').text === 'required' && !withKey) {
      const message = 'decisions must be signed, but nobody of `people` has a publicKey';
      yield gate.at('signed').problem('ImpossibleApproval', message);
    }
  }
}

/** At most so many may decide; undefined when anyone may. */
function mostApprovers(gate: Part, names: readonly string[], members: ReadonlyMap<string, number>): number | undefined {
  const approvers = gate.at('approvers').items.flatMap(({ text }) => text ?? []);
  if (approvers.length === 0) return undefined;
  if (names.length === 0) return new Set(approvers).size;
  return approvers.reduce((sum, approver) => sum + (members.get(approver) ?? 1), 0);
}
