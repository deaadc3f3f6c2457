import type { ApprovalGate, Person } from '../model/runbook';
import { differentPeople } from '../model/person-name';
import { acceptedSeconds } from './duration';
import { keysOf } from '../running/public-keys';
import { membersOf, resolved } from './people';
import { present } from './present';
import type { WrittenRunbook } from './schema';

type WrittenApproval = NonNullable<WrittenRunbook['operations']['failover']['gates'][number]['approval']>;

/** The gate with its groups resolved: the plan names the people, so that it says who could decide when it was made. */
export function approvalGateOf(written: WrittenApproval, people: readonly Person[]): ApprovalGate {
  const { name, prompt, mode, required, requesterMayApprove, expires, remind } = written;
  const quorum = Object.entries(written.quorum ?? {}).map(([group, count]) => ({
    group,
    count,
    people: membersOf(people, group),
  }));
  const named = resolved(people, written.approvers);
  const approvers = differentPeople([...named, ...quorum.flatMap((part) => part.people)]);
  const keys = keysOf(people, approvers);
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
