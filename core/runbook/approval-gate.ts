import type { ApprovalGate, Person } from '../model/runbook';
import { differentPeople, samePerson } from '../model/person-name';
import { acceptedSeconds } from './duration';
import { present } from './present';
import type { WrittenRunbook } from './schema';

type WrittenApproval = NonNullable<WrittenRunbook['operations']['failover']['gates'][number]['approval']>;

export const peopleOf = (written: WrittenRunbook['people']): readonly Person[] =>
  written.map(({ name, groups, publicKey }) => ({ name, groups, ...present({ publicKey }) }));

/** The gate with its groups resolved: the plan names the people, so that it says who could decide when it was made. */
export function approvalGateOf(written: WrittenApproval, people: readonly Person[]): ApprovalGate {
  const { name, prompt, mode, required, requesterMayApprove, expires, remind } = written;
  const quorum = Object.entries(written.quorum ?? {}).map(([group, count]) => ({
    group,
    count,
    people: membersOf(people, group),
  }));
  const named = written.approvers.flatMap((approver) => {
    const members = membersOf(people, approver);
    if (members.length > 0) return members;
    return [people.find(({ name: declared }) => samePerson(declared, approver))?.name ?? approver];
  });
  const approvers = differentPeople([...named, ...quorum.flatMap((part) => part.people)]);
  const keys = Object.fromEntries(
    people.flatMap(({ name: person, publicKey }) =>
      publicKey !== undefined && (approvers.length === 0 || approvers.includes(person)) ? [[person, publicKey]] : [],
    ),
  );
  return {
    kind: 'approval',
    name,
    prompt,
    approvers,
    notRequester: !requesterMayApprove,
    ...(required > 1 && { required }),
    ...(quorum.length > 0 && { quorum }),
    ...(expires !== undefined && { expiresSeconds: acceptedSeconds(expires), onExpiry: written.onExpiry }),
    ...(remind !== undefined && { remindSeconds: acceptedSeconds(remind) }),
    ...(written.signed === 'required' && { signed: 'required' as const }),
    ...(Object.keys(keys).length > 0 && { keys }),
    ...present({ mode }),
  };
}

const membersOf = (people: readonly Person[], group: string): readonly string[] =>
  people.filter(({ groups }) => groups.includes(group)).map(({ name }) => name);
