import { SwitchbackFailure } from '../../core/model/failure';
import type { FailureCode } from '../../core/model/failure-codes';
import { maskCredentials } from '../../core/model/credentials';

interface ServiceError {
  readonly name: string;
  readonly message: string;
  readonly messages?: readonly string[];
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Why the service applied nothing of a batch; undefined when it was no answer about the batch. */
export function isRefusedBatch(error: unknown): string | undefined {
  const { name, message, messages } = error as ServiceError;
  if (name !== 'InvalidChangeBatch') return undefined;
  return messages !== undefined && messages.length > 0 ? messages.join('; ') : message;
}

const tooMany: readonly string[] = [
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'PriorRequestNotComplete',
  'RequestLimitExceeded',
  'SlowDown',
];

/** The service, its token service, or the SDK before any request. */
const notPermitted: readonly string[] = [
  'AccessDenied',
  'AccessDeniedException',
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'IncompleteSignature',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'MissingAuthenticationToken',
  'OptInRequired',
  'SignatureDoesNotMatch',
  'TokenRefreshRequired',
  'UnrecognizedClientException',
];

/** What the service said, or that it said nothing, by the codes of Switchback. Credentials are masked. */
export function asFailure(error: unknown, zone: string): SwitchbackFailure {
  if (error instanceof SwitchbackFailure) return error;
  const { name, message, $metadata } = error as ServiceError;
  const status = $metadata?.httpStatusCode;
  const said = maskCredentials(`${name}: ${message}`);
  const failure = (code: FailureCode, text: string): SwitchbackFailure =>
    new SwitchbackFailure(code, text, { zone, error: name, ...(status !== undefined && { status }) });
  if (tooMany.includes(name)) return failure('Throttled', `Route 53 takes no more requests for now: ${said}`);
  if (notPermitted.includes(name)) {
    return failure('AccessDenied', `Route 53 does not let this worker use hosted zone ${zone}: ${said}`);
  }
  if (status !== undefined && status < 500) {
    return failure('InvalidInput', `Route 53 refused the request for hosted zone ${zone}: ${said}`);
  }
  return failure('SiteUnreachable', `Route 53 does not answer for hosted zone ${zone}: ${said}`);
}
