import type { ExpiringCredential } from '../../core/model/examination';

/**
 * When the credentials of the environment end, as the AWS SDK reads them there. All others that end (of a profile with a role, of an
 * instance, of single sign-on) the SDK renews by itself.
 */
export function route53Credentials(env: NodeJS.ProcessEnv): readonly ExpiringCredential[] {
  const { AWS_ACCESS_KEY_ID: key, AWS_CREDENTIAL_EXPIRATION: expires } = env;
  const at = Date.parse(expires ?? '');
  if (key === undefined || !Number.isFinite(at)) return [];
  return [{ credential: 'AWS credentials of the environment', expiresAt: new Date(at).toISOString() }];
}
