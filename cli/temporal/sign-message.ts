import { createHash, createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { SwitchbackFailure } from '../../core/model/failure';
import type { JsonObject } from '../../core/model/json';
import { askedOfPeople, type RunStatus, type WaitingFor } from '../../core/model/run';
import { saysOf, statementText } from '../../core/model/statement';

/** The payload with the gate named and the signature of the key in the file, for the run that stands so. */
export async function signed(
  { workflowId, runId, planHash = '', waitingFor }: RunStatus,
  message: { readonly name: string; readonly payload: JsonObject; readonly keyFile: string },
): Promise<JsonObject> {
  const open = waitingFor.filter(({ kind }) => askedOfPeople.has(kind));
  const { payload, name } = message;
  const gate = text(payload, 'gate') || onlyOne(open);
  const signature = await signatureOf(message.keyFile, (at) =>
    statementText({
      message: name,
      workflowId,
      runId,
      planHash,
      gate,
      asking: open.find(({ name: one }) => one === gate)?.asking ?? 1,
      by: text(payload, 'by'),
      says: saysOf({ decision: payload['decision'], to: payload['to'], evidence: payload['evidence'] }),
      comment: text(payload, 'comment'),
      at,
    }),
  );
  return { ...payload, gate, signature };
}

/** The signature of the key in the file under a statement that is made now. */
export async function signatureOf(
  keyFile: string,
  statementAt: (at: string) => string,
): Promise<{ readonly at: string; readonly value: string }> {
  const key = await privateKey(keyFile);
  const at = new Date().toISOString();
  return { at, value: sign(null, Buffer.from(statementAt(at)), key).toString('base64') };
}

/** A signature is for one gate, which the signer must know. */
function onlyOne(open: readonly WaitingFor[]): string {
  const [gate] = open;
  if (open.length === 1 && gate !== undefined) return gate.name;
  const names = open.map(({ name }) => name).join(', ');
  throw new SwitchbackFailure('InvalidInput', `name the gate with --gate; open: ${names || 'none'}`);
}

const text = (payload: JsonObject, name: string): string => {
  const value = payload[name];
  return typeof value === 'string' ? value : '';
};

async function privateKey(file: string): Promise<KeyObject> {
  try {
    const key = createPrivateKey(await readFile(file));
    if (key.asymmetricKeyType === 'ed25519') return key;
    throw new Error(`it is a key of type ${key.asymmetricKeyType ?? 'unknown'}`);
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    const message = `${file} holds no Ed25519 private key (${because}). Make one with \`switchback key ${file}\`.`;
    throw new SwitchbackFailure('InvalidInput', message, { file });
  }
}

/** As runbooks hold it: SPKI DER in base64. With the id that reports give. */
export function publicKeyOf(key: KeyObject): { readonly publicKey: string; readonly keyId: string } {
  const der = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return { publicKey: der.toString('base64'), keyId: createHash('sha256').update(der).digest('hex').slice(0, 16) };
}
