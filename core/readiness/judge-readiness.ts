import type { ProtectionState } from '../model/protection';
import { longestReasonText, mostReasons, type Readiness, type ReadinessReason } from '../model/readiness';
import { adviceOf } from '../model/readiness-codes';
import { selfReported } from './rules/checks';
import { endingCredentials } from './rules/credentials';
import { groupTroubles } from './rules/group';
import { failedPrechecks } from './rules/prechecks';
import { slowRecords, unknownApprovers, unsetNotices, unsureInstances } from './rules/runbook';
import { differences, lackingParts } from './rules/sites';
import type { Found, ReadinessSubject, Rule } from './subject';

const rules: readonly Rule[] = [
  failedPrechecks,
  groupTroubles,
  lackingParts,
  differences,
  endingCredentials,
  slowRecords,
  unsureInstances,
  selfReported,
  unknownApprovers,
  unsetNotices,
];

/** The verdict over all rules: an error makes a group not ready, a warning puts it at risk (docs/adr/0038). */
export function judgeReadiness(
  subject: ReadinessSubject,
): Pick<Readiness, 'state' | 'reasons' | 'more' | 'evaluatedAt'> {
  const { observation, state } = subject;
  const found = rules.flatMap((rule) => rule(subject));
  const sorted = [...found].sort((one, other) => rankOf(one) - rankOf(other));
  const reasons = sorted.slice(0, mostReasons).map((one) => reasonOf(one, state, observation.observedAt));
  const more = found.length - reasons.length;
  return {
    state: found.length === 0 ? 'Ready' : rankOf(sorted[0]) === 0 ? 'NotReady' : 'AtRisk',
    reasons,
    ...(more > 0 && { more }),
    evaluatedAt: observation.observedAt,
  };
}

const rankOf = (found: Found | undefined): number => (found?.severity === 'error' ? 0 : 1);

/** With the instant since which it has been found, evaluation after evaluation. */
function reasonOf(found: Found, state: ProtectionState, now: string): ReadinessReason {
  const { code, doThis, subject, what, ...rest } = found;
  const cut = (text: string): string =>
    text.length <= longestReasonText ? text : `${text.slice(0, longestReasonText - 1)}…`;
  const known = state.readiness?.reasons.find((one) => one.code === code && one.subject === cut(subject));
  return {
    ...rest,
    code,
    subject: cut(subject),
    what: cut(what),
    doThis: cut(doThis ?? adviceOf(code, state.group)),
    since: known?.since ?? now,
  };
}
