import { ATTESTATION, type AttestationInput, type EndedDrill } from '../model/attestation';
import { samePerson } from '../model/person-name';
import type { Attestation } from '../model/run';
import { saysOf, statementText } from '../model/statement';
import type { AttestationVerdict } from '../model/verdict';
import { keyFor } from './approval-rules';

/** The parts of a message that the rules look at. */
export interface AttestMessage {
  readonly by: string;
  readonly verdict: AttestationVerdict;
  readonly notes: string;
  readonly evidence?: string | undefined;
  readonly planHash?: string | undefined;
  readonly signature?: { readonly at: string; readonly value: string } | undefined;
}

type Asked = Pick<AttestationInput, 'drill' | 'policy' | 'keys'>;

/** Why a message is refused, or undefined when it is taken. A refused message changes nothing. */
export const refuseAttestation = (
  asked: Asked & { readonly attestation?: Attestation | undefined },
  message: AttestMessage,
): string | undefined =>
  (asked.attestation && attestedAlready(asked.attestation)) ??
  refusePlan(asked, message) ??
  refusePerson(asked, message) ??
  refuseUnsigned(asked, message);

/** What is said once stands. */
export const attestedAlready = ({ by, verdict, at }: Attestation): string =>
  `${by} has attested this drill as ${verdict} at ${at}, and that stands`;

function refusePlan({ drill: { planHash } }: Asked, { planHash: seen }: AttestMessage): string | undefined {
  if (seen === undefined || planHash.startsWith(seen)) return undefined;
  return `the plan of this drill was ${planHash.slice(0, 12)}, not ${seen.slice(0, 12)}: look at its report`;
}

function refusePerson({ policy }: Asked, { by }: AttestMessage): string | undefined {
  if (policy.by.length === 0 || policy.by.some((person) => samePerson(person, by))) return undefined;
  return `"${by}" may not attest this drill; it asks ${policy.by.join(', ')}`;
}

function refuseUnsigned(asked: Asked, { by, signature }: AttestMessage): string | undefined {
  const key = keyOf(asked, by);
  if (typeof key === 'string') return key;
  if (key.key === undefined) {
    return signature && `the runbook has no publicKey of "${by}": the signature proves nothing`;
  }
  return signature ? undefined : `"${by}" has a key: sign it with \`switchback attest --key FILE\``;
}

/** With which key a message of this person must be signed; a text says why none can count. The same rules as for approvals. */
export function keyOf({ policy, keys }: Asked, by: string): { readonly key?: string } | string {
  if (policy.signed === 'required' && Object.keys(keys).every((person) => !samePerson(person, by))) {
    return `drills of this group are attested with a signature only, and the runbook has no publicKey of "${by}"`;
  }
  return keyFor({ keys }, by);
}

/** The text that is signed: bound to the run of the drill and to its plan, so that it fits no other. */
export const attestationStatement = (
  { workflowId, runId, planHash }: Pick<EndedDrill, 'workflowId' | 'runId' | 'planHash'>,
  { by, verdict, notes, evidence, at }: Omit<AttestMessage, 'signature'> & { readonly at: string },
): string =>
  statementText({
    message: 'attest',
    workflowId,
    runId,
    planHash,
    gate: ATTESTATION,
    asking: 1,
    by,
    says: saysOf({ decision: verdict, evidence }),
    comment: notes,
    at,
  });
