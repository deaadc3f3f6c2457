import { CancellationScope, defineSignal, defineUpdate, setHandler } from '@temporalio/workflow';
import type { AttestationInput } from '../core/model/attestation';
import type { Attestation, Signed } from '../core/model/run';
import { attestationStatement, keyOf, refuseAttestation, type AttestMessage } from '../core/running/attestation-rules';
import { control } from './callers';
import { attestMessage } from './messages';
import { refusedWith, wrongShape } from './named-failure';
import { now, type RunRecord } from './run-record';
import type { SignatureChecks } from './signature-checks';

/** Name of the message. */
export const ATTEST = 'attest';

/** What the handlers act on. */
export interface AttestationTarget {
  readonly asked: AttestationInput;
  readonly record: RunRecord;
  readonly checks: SignatureChecks;
  readonly attestation: Attestation | undefined;
  take(attestation: Attestation): void;
  changed(): void;
}

interface Heard {
  readonly payload: unknown;
  readonly via: Attestation['via'];
}

/** `attest` as a signal (recorded as refused when it is bad) and as an update (refused at once, before history). */
export function listenToAttesters(target: AttestationTarget): void {
  const { description } = attestMessage;
  setHandler(
    defineSignal<[unknown]>(ATTEST),
    async (payload: unknown) => {
      const refusal = refuseNow(target, payload) ?? (await receive(target, { payload, via: 'signal' }));
      if (refusal !== undefined) target.record.refuse(ATTEST, refusal);
      target.changed();
    },
    { description },
  );
  setHandler(
    defineUpdate<string, [unknown]>(ATTEST),
    async (payload: unknown) => {
      const refusal = await receive(target, { payload, via: 'update' });
      target.changed();
      if (refusal !== undefined) throw refusedWith(refusal, 'SignatureInvalid');
      return 'accepted';
    },
    {
      description,
      validator: (payload: unknown) => {
        const refusal = refuseNow(target, payload);
        if (refusal !== undefined) throw refusedWith(refusal, 'InvalidInput');
      },
    },
  );
}

/** What can be said before a signature is verified. */
function refuseNow(target: AttestationTarget, payload: unknown): string | undefined {
  const wrong = wrongShape(attestMessage, payload);
  if (wrong !== undefined) return wrong;
  const message = attestMessage.schema.parse(payload);
  const refusal = refuseAttestation({ ...target.asked, attestation: target.attestation }, message);
  return refusal ?? (message.signature && target.checks.refusal(ATTEST));
}

/** Takes a message that is not refused; what is signed is verified first, and by then another one may have been taken. */
async function receive(target: AttestationTarget, { payload, via }: Heard): Promise<string | undefined> {
  const message = attestMessage.schema.parse(payload);
  const signed = message.signature && (await target.checks.counting(ATTEST, () => verify(target, message)));
  if (typeof signed === 'string') return signed;
  const refusal = refuseAttestation({ ...target.asked, attestation: target.attestation }, message);
  if (refusal !== undefined) return refusal;
  const { verdict, by, notes, evidence } = message;
  target.take({
    verdict,
    by,
    notes,
    ...(evidence !== undefined && { evidence }),
    at: now(),
    via,
    ...(signed && { signed }),
  });
  return undefined;
}

async function verify({ asked }: AttestationTarget, message: AttestMessage): Promise<Signed | string> {
  const { by, signature } = message;
  const key = keyOf(asked, by);
  const publicKey = typeof key === 'object' ? key.key : undefined;
  if (signature === undefined || publicKey === undefined) return 'there is nothing to verify';
  const text = attestationStatement(asked.drill, { ...message, at: signature.at });
  const { valid, keyId } = await CancellationScope.nonCancellable(() =>
    control.verifySignature({ text, publicKey, signature: signature.value }),
  );
  if (valid) return { at: signature.at, keyId };
  return `the signature is not that of "${by}" for this message about ${asked.drill.workflowId}`;
}
