import type { AttestationStatus } from '../../model/attestation';
import { lastOf, type RunHistory } from '../history/run-history';
import type { Report } from '../report';

/** Of a drill that a person is to attest, what is known of that. */
export function attestationOf(
  history: RunHistory,
  status: AttestationStatus | null | undefined,
): Pick<Report, 'attestation'> {
  const asked = lastOf(history, 'attestation-asked');
  if (!asked) return {};
  const { workflowId } = asked.event;
  const from = [`attestation-asked ${workflowId}`];
  if (status === null) return { attestation: { workflowId, state: 'unknown', from } };
  const { attestation: said, reminders = 0 } = status ?? {};
  if (said === undefined) return { attestation: { workflowId, state: 'asked', reminders, from } };
  return { attestation: { workflowId, state: said.verdict, reminders, said, from: [...from, 'attested'] } };
}
