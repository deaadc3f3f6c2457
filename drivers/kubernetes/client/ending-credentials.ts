import { X509Certificate } from 'node:crypto';
import type { ExpiringCredential } from '../../../core/model/examination';

/** What is shown to the API server; nothing of it gets any further than to this file. */
export interface ShownCredentials {
  /** PEM of a client certificate, its chain after it. */
  readonly certificate?: string | Buffer | undefined;
  /** Value of the header Authorization. */
  readonly authorization?: string | undefined;
  /** Where they are from: "the kubeconfig site.yaml". */
  readonly from: string;
  /** A plug-in or whoever writes the token's file gives new ones. */
  readonly renewed: boolean;
}

/** When credentials end that say so themselves: client certificates, and tokens that are JSON Web Tokens (RFC 7519). */
export function endingCredentials(shown: ShownCredentials): readonly ExpiringCredential[] {
  const { certificate, authorization, from, renewed } = shown;
  const common = renewed ? ({ renewed } as const) : {};
  return [
    ...(certificate === undefined ? [] : endOfCertificate(certificate)).map((ends) => ({
      credential: `client certificate of ${from}`,
      ...ends,
      ...common,
    })),
    ...endOfToken(authorization).map((ends) => ({ credential: `token of ${from}`, ...ends, ...common })),
  ];
}

type Ends = Pick<ExpiringCredential, 'expiresAt' | 'issuedAt'>;

/** What cannot be read, the API server refuses; that is told of where it answers. */
function endOfCertificate(pem: string | Buffer): readonly Ends[] {
  try {
    const { validFrom, validTo } = new X509Certificate(pem);
    return [{ expiresAt: new Date(validTo).toISOString(), issuedAt: new Date(validFrom).toISOString() }];
  } catch {
    return [];
  }
}

function endOfToken(authorization = ''): readonly Ends[] {
  const [, claims] = authorization.replace(/^Bearer /, '').split('.');
  if (claims === undefined) return [];
  try {
    const { exp, iat } = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as {
      exp?: number;
      iat?: number;
    };
    if (typeof exp !== 'number') return [];
    return [{ expiresAt: instantOf(exp), ...(typeof iat === 'number' && { issuedAt: instantOf(iat) }) }];
  } catch {
    return [];
  }
}

const instantOf = (seconds: number): string => new Date(seconds * 1000).toISOString();
