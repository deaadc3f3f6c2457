import { hasFixedTtl } from '../../model/traffic';
import type { ActiveInstances } from '../../model/workload';
import { samePerson } from '../../model/person-name';
import { policyOf } from '../../model/operation-policy';
import type { ApprovalGate } from '../../model/runbook';
import { seenInstances } from '../../running/instances-rules';
import { siteName, type Found, type ReadinessSubject } from '../subject';

/** Records that resolvers keep for longer than the runbook says. */
export const slowRecords = ({ runbook, observation }: ReadinessSubject): readonly Found[] =>
  runbook.traffic.flatMap((record): readonly Found[] => {
    const ttl = observation.records[record.name]?.ttlSeconds;
    if (ttl === undefined || hasFixedTtl(record) || ttl <= record.ttlSeconds) return [];
    const what = `its TTL is ${ttl} s, the runbook says ${record.ttlSeconds} s`;
    return [{ code: 'RecordTtlHigher', severity: 'warning', subject: record.name, what }];
  });

/** Instances of which a start would not know how many, or of which runbook and active site say different numbers. */
export function unsureInstances(subject: ReadinessSubject): readonly Found[] {
  const { runbook, observation, plans } = subject;
  const site = siteName(subject, observation.activeSite);
  const examined = subject.examinations[observation.activeSite]?.workloads ?? [];
  const autoscaled = new Set(examined.flatMap((one) => (one.autoscaled ? [one.workload] : [])));
  const unseen = new Set(
    plans.flatMap(({ plan }) =>
      'unseen' in plan ? Object.entries(plan.unseen.seenAt).flatMap(([name, at]) => (at === null ? [name] : [])) : [],
    ),
  );
  return runbook.workloads.flatMap((workload): readonly Found[] => {
    const about = { severity: 'warning', site, subject: `${workload.name} at ${site}` } as const;
    const declared = workload.kubernetes?.replicas;
    if (unseen.has(workload.name) && declared === undefined)
      return [
        {
          code: 'InstancesUnknown',
          ...about,
          what: 'it was never seen there for certain, and the runbook says no number',
        },
      ];
    const seen = observation.sites[observation.activeSite].workloads.find((one) => one.workload === workload.name);
    const has = countOf(seenInstances(workload, seen));
    // Its autoscaler changes the number all day; a start then takes what was seen last.
    if (autoscaled.has(workload.name) || declared === undefined || has === undefined || has === declared) return [];
    return [{ code: 'ReplicasDiffer', ...about, what: `${has} are wanted there, the runbook says ${declared}` }];
  });
}

const countOf = ({ replicas }: ActiveInstances = {}): number | undefined => replicas;

/** Approvers of what is possible next whom nobody knows, or who cannot sign where others do. */
export function unknownApprovers({ runbook, plans }: ReadinessSubject): readonly Found[] {
  const operations = [...new Set(plans.map(({ way }) => way.operation))];
  return operations.flatMap((operation) =>
    policyOf(runbook, operation)
      .gates.filter((gate) => gate.kind === 'approval')
      .flatMap((gate) =>
        approversOf(gate, runbook.people ?? []).map((found) => ({ ...found, operations: [operation] })),
      ),
  );
}

function approversOf(
  { name, approvers, keys }: ApprovalGate,
  people: readonly { readonly name: string }[],
): readonly Found[] {
  const about = { severity: 'warning', subject: `gate ${name}` } as const;
  const unknown = approvers.filter((approver) => !people.some((person) => samePerson(person.name, approver)));
  const signers = Object.keys(keys ?? {});
  const unsigned = approvers.filter(
    (approver) => !unknown.includes(approver) && !signers.some((signer) => samePerson(signer, approver)),
  );
  return [
    ...(unknown.length > 0
      ? [{ code: 'ApproverUnknown', ...about, what: `${unknown.join(', ')} is nobody of \`people\`` } as const]
      : []),
    ...(signers.length > 0 && unsigned.length > 0
      ? [{ code: 'ApproverWithoutKey', ...about, what: `${unsigned.join(', ')} has no publicKey` } as const]
      : []),
  ];
}

/** Nobody would be told of what a run does or waits for. */
export const unsetNotices = ({ missingForNotices }: ReadinessSubject): readonly Found[] =>
  missingForNotices.map((variable) => ({
    code: 'NoticesUnset',
    severity: 'warning',
    subject: `variable ${variable}`,
    what: 'it is not set',
  }));
