import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';

/** A key as OpenSSH reads it: the private one as PKCS #8 in PEM, the public one as a line of authorized_keys. */
export interface SshKey {
  readonly privateKey: string;
  readonly publicLine: string;
}

const algorithm = 'ecdsa-sha2-nistp256';
const curve = 'nistp256';
/** RFC 5656, section 3.1: the point is not compressed. */
const uncompressed = Buffer.from([4]);

export async function makeSshKey(): Promise<SshKey> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const point = Buffer.concat([uncompressed, Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
  const blob = Buffer.concat([Buffer.from(algorithm), Buffer.from(curve), point].map(withLength));
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicLine: `${algorithm} ${blob.toString('base64')}`,
  };
}

/** A string as the SSH protocol writes it (RFC 4251, section 5). */
function withLength(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
