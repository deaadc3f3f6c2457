import { createHash, createPublicKey, verify } from 'node:crypto';
import type { ControlActivities } from './contract';

type Request = Parameters<ControlActivities['verifySignature']>[0];

/** Ed25519 over the text in UTF-8. A key or a signature that is none makes it invalid, not an error. */
export function verifySignature({ text, publicKey, signature }: Request): { valid: boolean; keyId: string } {
  const der = Buffer.from(publicKey, 'base64');
  const keyId = createHash('sha256').update(der).digest('hex').slice(0, 16);
  try {
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    const valid =
      key.asymmetricKeyType === 'ed25519' && verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'));
    return { valid, keyId };
  } catch {
    return { valid: false, keyId };
  }
}
