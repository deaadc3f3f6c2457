import { randomBytes } from 'node:crypto';
import { encodedForms } from '../../../core/model/secret-forms';

/** A secret that nobody else could have made, and what to search for: also a part of it would be a leak. */
export interface Canary {
  readonly where: string;
  readonly secret: string;
}

/** Letters and digits only: every rule of quoting leaves it as it is. */
export const newCanary = (where: string): Canary => ({ where, secret: `Cn${randomBytes(12).toString('hex')}` });

/** Half of it counts. */
function halves({ secret }: Canary): readonly string[] {
  const middle = Math.floor(secret.length / 2);
  return [secret.slice(0, middle), secret.slice(middle)];
}

/** In which forms a text is in the bytes: as it is, in base64, in hexadecimal digits. */
const formsOf = (text: string, bytes: string): readonly string[] =>
  [text, ...encodedForms(text)].filter((form) => bytes.includes(form));

/** In which forms a canary, or half of it, is in the bytes. Empty: it is not there. */
export const formsIn = (bytes: Buffer, canary: Canary): readonly string[] => {
  const text = bytes.toString('latin1');
  return halves(canary).flatMap((half) => formsOf(half, text));
};

/** The canaries that are not there as a whole. */
export const missingIn = (bytes: Buffer, canaries: readonly Canary[]): readonly string[] => {
  const text = bytes.toString('latin1');
  return canaries.filter(({ secret }) => formsOf(secret, text).length === 0).map(({ where }) => where);
};

/** The canaries that are there, each as "<where> in <place>". */
export const leaksIn = (place: string, bytes: Buffer, canaries: readonly Canary[]): readonly string[] =>
  canaries.filter((canary) => formsIn(bytes, canary).length > 0).map(({ where }) => `${where} in ${place}`);
