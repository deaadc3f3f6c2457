import { Route53Client } from '@aws-sdk/client-route-53';
import { fromNodeProviderChain, fromTemporaryCredentials } from '@aws-sdk/credential-providers';

/** What a worker says of the account; no secret is among it. */
export interface Route53Settings {
  /** Absent: the service's own. */
  readonly endpoint?: string;
  /** Region that requests are signed for, and whose token service gives the role. Absent: us-east-1, as the service asks for. */
  readonly region?: string;
  /** ARN of a role to take on. Absent: the credentials of the SDK's chain are used as they are. */
  readonly roleArn?: string;
  /** Given to the token service with the role, where its owner asks for it. */
  readonly externalId?: string;
}

const defaultRegion = 'us-east-1';
/** Tries of one request that fails by its network, by too many requests or inside of the service. */
const maxAttempts = 5;
const timeouts = { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true };

/** Retries less often the more the service says that it is too much. Credentials are looked up when a request is signed. */
export function createRoute53Client(settings: Route53Settings): Route53Client {
  const { endpoint, region = defaultRegion } = settings;
  return new Route53Client({
    region,
    ...(endpoint !== undefined && { endpoint }),
    credentials: credentialsOf(settings, region),
    retryMode: 'adaptive',
    maxAttempts,
    requestHandler: timeouts,
  });
}

function credentialsOf({ roleArn, externalId }: Route53Settings, region: string) {
  if (roleArn === undefined) return fromNodeProviderChain();
  return fromTemporaryCredentials({
    params: {
      RoleArn: roleArn,
      RoleSessionName: 'switchback',
      ...(externalId !== undefined && { ExternalId: externalId }),
    },
    clientConfig: { region },
  });
}
