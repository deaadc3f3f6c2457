import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { setTimeout as pause } from 'node:timers/promises';
import { maskCredentials } from '../../core/model/credentials';
import type { ExpiringCredential } from '../../core/model/examination';
import type { CredentialsSeen } from '../driver-set';

/** What the SDK says of credentials, and where it has them from. */
interface Given {
  readonly accessKeyId: string;
  readonly expiration?: Date;
  /** Names of the ways that led to them. */
  readonly $source?: Readonly<Record<string, unknown>>;
}

/** Those that were given last by a program of a profile. */
interface Followed {
  readonly key: string;
  /** ISO instant at which they were first seen. */
  readonly since: string;
  /** The program has given others before. */
  readonly renewed: boolean;
}

const answersWithinMs = 10_000;
const ofEnvironment = ['CREDENTIALS_ENV_VARS'];
const ofProgram = ['CREDENTIALS_PROCESS', 'CREDENTIALS_PROFILE_PROCESS'];

/**
 * When the credentials end that the AWS SDK would find now. Those of the environment end for good. A program (`credential_process`)
 * may give new ones or the same ones until a person signs in again: it is asked anew each time, and the first time twice, and counts
 * as one that renews them once it has given others. All else that ends (of a role, of an instance, of single sign-on) the SDK renews
 * by itself, and it says so when it cannot.
 */
export function route53Credentials(): () => Promise<CredentialsSeen> {
  let last: Followed | undefined;
  // A program that never answers is not started again by each look.
  const ask = oneAtATime(() => fromNodeProviderChain()() as Promise<Given>);
  // Both sites of a group may have their worker here.
  return oneAtATime(async () => {
    try {
      const given = await withinTime(ask());
      if (!comesFrom(given, ofProgram)) return { credentials: endOf(given), unknown: [] };
      const before = last ?? followed(undefined, given);
      const now = last === undefined ? await withinTime(ask()) : given;
      last = followed(before, now);
      return { credentials: endOf(now, last), unknown: [] };
    } catch (error) {
      return { credentials: [], unknown: [`the AWS credentials: ${maskCredentials((error as Error).message)}`] };
    }
  });
}

function endOf(given: Given, program?: Followed): readonly ExpiringCredential[] {
  const { expiration } = given;
  if (expiration === undefined || !Number.isFinite(expiration.getTime())) return [];
  const expiresAt = expiration.toISOString();
  if (comesFrom(given, ofEnvironment)) return [{ credential: 'AWS credentials of the environment', expiresAt }];
  if (program === undefined) return [];
  const { since: issuedAt, renewed } = program;
  const credential = 'AWS credentials of a credential_process';
  return [{ credential, expiresAt, ...(renewed && { issuedAt, renewed }) }];
}

/** Who asks while it runs gets what it gives. */
function oneAtATime<Result>(run: () => Promise<Result>): () => Promise<Result> {
  let running: Promise<Result> | undefined;
  return () => (running ??= run().finally(() => (running = undefined)));
}

const comesFrom = ({ $source = {} }: Given, ways: readonly string[]): boolean => ways.some((way) => way in $source);

function followed(last: Followed | undefined, { accessKeyId: key }: Given): Followed {
  if (last?.key === key) return last;
  return { key, since: new Date().toISOString(), renewed: last !== undefined };
}

async function withinTime(given: Promise<Given>): Promise<Given> {
  const over = new AbortController();
  const late = pause(answersWithinMs, undefined, { signal: over.signal, ref: false }).then(() => {
    throw new Error(`nothing gave them within ${answersWithinMs / 1000} s`);
  });
  try {
    return await Promise.race([given, late]);
  } finally {
    over.abort();
  }
}
