import { operationNames } from '../../model/operation';
import { differentPeople, samePerson } from '../../model/person-name';
import { neverGiven } from '../../running/approval-rules';
import type { Problem } from '../diagnostic';
import { didYouMean } from '../nearest-name';
import type { Part } from '../part';
import { quote } from '../quote';
import { allAddedSteps } from './added-steps';
import { allGates } from './gates';

const approvals = (runbook: Part): Part[] =>
  operationNames.flatMap((operation) =>
    allGates(runbook.at('operations').at(operation)).filter((gate) => gate.path.at(-1) === 'approval'),
  );

const attestation = (runbook: Part): Part => runbook.at('operations').at('drill').at('attestation');

/** The people that are declared, leniently read. */
interface Declared {
  readonly names: readonly string[];
  readonly members: ReadonlyMap<string, readonly string[]>;
  readonly keys: Readonly<Record<string, string>>;
}

function declared(runbook: Part): Declared {
  const people = runbook.at('people').items.flatMap((person) => {
    const name = person.at('name').text;
    return name === undefined ? [] : [{ name, person }];
  });
  const members = new Map<string, string[]>();
  for (const { name, person } of people) {
    for (const { text: group } of person.at('groups').items) {
      if (group !== undefined) members.set(group, [...(members.get(group) ?? []), name]);
    }
  }
  const keys = people.flatMap(({ name, person }) => {
    const key = person.at('publicKey').text;
    return key === undefined ? [] : [[name, key] as const];
  });
  return { names: people.map(({ name }) => name), members, keys: Object.fromEntries(keys) };
}

const isDeclared = ({ names, members }: Declared, approver: string): boolean =>
  members.has(approver) || names.some((name) => samePerson(name, approver));

/** Where people are declared, approvers are among them or their groups: a name with a slip of the pen could never decide. */
export function* unknownPeople(runbook: Part): Iterable<Problem> {
  const people = declared(runbook);
  const groups = [...people.members.keys()];
  const known = [...people.names, ...groups];
  const named = [
    ...attestation(runbook).at('by').items,
    ...approvals(runbook).flatMap((gate) => gate.at('approvers').items),
    ...allAddedSteps(runbook).flatMap((step) => step.at('manual').at('who').items),
  ];
  for (const person of people.names.length === 0 ? [] : named) {
    if (person.text === undefined || isDeclared(people, person.text)) continue;
    const message = `${quote(person.text)} is neither a person nor a group of \`people\``;
    yield person.problem('UnknownPerson', `${message}${didYouMean(person.text, known)}`);
  }
  for (const gate of approvals(runbook)) {
    for (const group of gate.at('quorum').keys) {
      if (people.members.has(group)) continue;
      const message = `no person of \`people\` is in the group ${quote(group)}${didYouMean(group, groups)}`;
      yield gate.at('quorum').at(group).problem('UnknownPerson', message, { at: 'key' });
    }
  }
}

/** Gates that can never open. Of each gate the first reason only: the others follow from it. */
export function* approvalsPossible(runbook: Part): Iterable<Problem> {
  const people = declared(runbook);
  for (const gate of approvals(runbook)) {
    const groups = gate.at('quorum').keys;
    if (groups.some((group) => !people.members.has(group))) continue;
    const small = groups.flatMap((group) => smallGroup(gate.at('quorum').at(group), group, people));
    yield* small.length > 0 ? small : neverOpens(gate, people).slice(0, 1);
  }
}

/** Drills that nobody can ever attest. */
export function* attestationPossible(runbook: Part): Iterable<Problem> {
  const part = attestation(runbook);
  if (part.at('signed').text !== 'required') return;
  const { keys, members } = declared(runbook);
  const by = part.at('by').items.flatMap(({ text }) => (text === undefined ? [] : (members.get(text) ?? [text])));
  const signers = Object.keys(keys).filter((name) => by.length === 0 || by.some((one) => samePerson(one, name)));
  if (signers.length > 0) return;
  const whose = by.length === 0 ? '`people`' : 'those who may attest drills';
  yield part
    .at('signed')
    .problem('ImpossibleApproval', `attestations must be signed, but nobody of ${whose} has a publicKey`);
}

function smallGroup(count: Part, group: string, { members }: Declared): readonly Problem[] {
  const there = members.get(group)?.length ?? 0;
  if ((count.number ?? 0) <= there) return [];
  const message = `${count.number} must approve, but only ${there} of \`people\` ${there === 1 ? 'is' : 'are'} in the group ${quote(group)}`;
  return [count.problem('ImpossibleApproval', message)];
}

function neverOpens(part: Part, people: Declared): readonly Problem[] {
  const { signed, ...gate } = gateOf(part, people);
  const problems: Problem[] = [];
  const required = part.at('required');
  const most = gate.approvers.length;
  if (most > 0 && gate.required > most) {
    problems.push(required.problem('ImpossibleApproval', `${gate.required} must approve, but only ${most} may`));
  }
  const unsigned = neverGiven({ gate, requester: '' });
  if (unsigned !== '') {
    const message = `nobody counts twice: when everybody has approved who may, ${unsigned} would still be missing`;
    problems.push(part.at('quorum').problem('ImpossibleApproval', message));
  }
  const missing = signed ? neverGiven({ gate: { ...gate, signed }, requester: '' }) : '';
  if (missing !== '') {
    const may = Object.keys(people.keys).filter((name) => most === 0 || gate.approvers.includes(name));
    const who = may.length === 0 ? 'nobody' : `only ${may.join(', ')}`;
    const whose = Object.keys(people.keys).length === 0 ? '`people`' : 'those who may decide';
    const message = `decisions must be signed, but ${who} of ${whose} has a publicKey`;
    problems.push(part.at('signed').problem('ImpossibleApproval', `${message}: ${missing} would be missing`));
  }
  return problems;
}

/** The gate as it will ask, as far as can be said of what is written. */
function gateOf(gate: Part, { names, members, keys }: Declared) {
  const quorum = gate.at('quorum').keys.map((group) => ({
    group,
    count: gate.at('quorum').at(group).number ?? 1,
    people: members.get(group) ?? [],
  }));
  const approvers = gate.at('approvers').items.flatMap(({ text }) => {
    if (text === undefined) return [];
    return members.get(text) ?? [names.find((name) => samePerson(name, text)) ?? text];
  });
  return {
    approvers: differentPeople([...approvers, ...quorum.flatMap((part) => part.people)]),
    required: gate.at('required').number ?? 1,
    quorum,
    keys,
    ...(gate.at('signed').text === 'required' && { signed: 'required' as const }),
  };
}
