import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { CredentialsSeen } from '../../../drivers/driver-set';
import { route53Credentials } from '../../../drivers/route53/ending-credentials';

/** The SDK looks for credentials here and nowhere else. */
const variables = {
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_SHARED_CREDENTIALS_FILE: '/nowhere',
  AWS_CONFIG_FILE: '/nowhere',
} as const;
const keys = { AWS_ACCESS_KEY_ID: 'AKIDENVIRONMENT', AWS_SECRET_ACCESS_KEY: 'not-a-secret' } as const;

const before = { ...process.env };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'switchback-credentials-'));
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  Object.assign(process.env, variables);
});
afterEach(() => {
  process.env = { ...before };
  rmSync(folder, { recursive: true });
});

const inSeconds = (seconds: number): string =>
  new Date(Math.ceil(Date.now() / 1000 + seconds) * 1000).toISOString().replace('.000Z', 'Z');
const asInstant = (text: string): string => new Date(text).toISOString();

/** The default profile has them from a program, which is a shell script. */
function ofProgram(script: string): void {
  const [program, config] = [path.join(folder, 'give'), path.join(folder, 'config')];
  writeFileSync(program, script);
  writeFileSync(config, `[default]\ncredential_process = /bin/sh ${program}\n`);
  process.env['AWS_CONFIG_FILE'] = config;
}

/** `key`: of the shell, so that it can be another one each time. */
const gives = (key: string, expiration?: string): string => {
  const more = expiration === undefined ? '' : `, "SessionToken": "t", "Expiration": "${expiration}"`;
  return `cat <<END\n{"Version": 1, "AccessKeyId": "${key}", "SecretAccessKey": "s"${more}}\nEND\n`;
};

const nothing: CredentialsSeen = { credentials: [], unknown: [] };
const credential = 'AWS credentials of a credential_process';

test('those of the environment end when the variable says so, and nothing renews them', async () => {
  const expiresAt = inSeconds(60);
  Object.assign(process.env, keys, { AWS_CREDENTIAL_EXPIRATION: expiresAt });
  expect(await route53Credentials()()).toEqual({
    credentials: [{ credential: 'AWS credentials of the environment', expiresAt: asInstant(expiresAt) }],
    unknown: [],
  });
});

test('those that have ended are told as well', async () => {
  Object.assign(process.env, keys, { AWS_CREDENTIAL_EXPIRATION: '2026-01-01T00:00:00Z' });
  expect((await route53Credentials()()).credentials).toMatchObject([{ expiresAt: '2026-01-01T00:00:00.000Z' }]);
});

test.each<[string, () => void]>([
  ['a key of the environment', () => void Object.assign(process.env, keys)],
  [
    'a key of the environment with no instant where one is expected',
    () => void Object.assign(process.env, keys, { AWS_CREDENTIAL_EXPIRATION: 'never' }),
  ],
  ['a key that a program gives', () => ofProgram(gives('AKIDPROGRAM'))],
])('%s does not end', async (_what, seed) => {
  seed();
  expect(await route53Credentials()()).toEqual(nothing);
});

test('a program that gives the same ones again does not renew them', async () => {
  const expiresAt = inSeconds(60);
  ofProgram(gives('AKIDSAME', expiresAt));
  const look = route53Credentials();
  for (let looks = 0; looks < 3; looks += 1) {
    expect(await look()).toEqual({ credentials: [{ credential, expiresAt: asInstant(expiresAt) }], unknown: [] });
  }
});

test('one that gives others each time renews them, which the first look finds out; their life begins when they are seen', async () => {
  ofProgram(gives('AKID$$', inSeconds(60)));
  const look = route53Credentials();
  const since = new Date().toISOString();
  for (let looks = 0; looks < 2; looks += 1) {
    const [found] = (await look()).credentials;
    expect(found).toMatchObject({ credential, renewed: true });
    expect(found?.issuedAt?.localeCompare(since)).not.toBe(-1);
  }
});

test('two that look at the same moment see the same, and ask for it once', async () => {
  const asked = path.join(folder, 'asked');
  ofProgram(`echo >> ${asked}\n${gives('AKID$$', inSeconds(60))}`);
  const look = route53Credentials();
  const [one, other] = await Promise.all([look(), look()]);
  expect(one.credentials).toMatchObject([{ renewed: true }]);
  expect(other).toEqual(one);
  expect(readFileSync(asked, 'utf8')).toBe('\n\n');
});

test('one that has renewed them once is known as one that does', async () => {
  ofProgram(
    `if [ -e ${folder}/newer ]; then\n${gives('AKIDNEWER', inSeconds(90))}\nelse\n${gives('AKIDOLDER', inSeconds(60))}\nfi\n`,
  );
  const look = route53Credentials();
  expect((await look()).credentials).toEqual([expect.not.objectContaining({ renewed: true })]);
  writeFileSync(path.join(folder, 'newer'), '');
  const [newer] = (await look()).credentials;
  expect(newer).toMatchObject({ renewed: true });
  expect((await look()).credentials).toEqual([newer]);
});

test('what cannot be found out is told, and the next look asks again', async () => {
  ofProgram('exit 1\n');
  const look = route53Credentials();
  const unknown = ['the AWS credentials: Could not load credentials from any providers'];
  expect(await look()).toEqual({ credentials: [], unknown });
  Object.assign(process.env, keys);
  expect(await look()).toEqual(nothing);
});
