import { plant, type Planted } from './spoken';
import type { Answer } from './talker';
import { gatewayHeader } from './temporal-front';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const base64url = (text: string): string => Buffer.from(text).toString('base64url');

const environment = 'environment of a worker';

/** Secrets in the environment of a worker, each as it occurs in practice. */
const inEnvironment = {
  AWS_SECRET_ACCESS_KEY: plant('secret key of AWS', environment),
  AWS_SESSION_TOKEN: plant('session token of AWS', environment),
  HTTPS_PROXY: plant('password of a proxy', environment),
  DATABASE_URL: plant('password of a database URL', environment, 'service answers'),
  CHAT_URL: plant('token in the address of a notice', environment, 'notice asks'),
  CHAT_SECRET: plant('signing key of notices', environment, 'notice signs'),
  TICKETS_URL: plant('token in the address of a webhook', environment, 'tickets asks'),
  TICKETS_SECRET: plant('signing key of a webhook', environment, 'tickets signs'),
  SHOP_DB_LOGIN: plant('password of a SQL check', environment, 'check', 'login', 'refused login'),
  REGISTRY_PASSWORD: plant('password that a hook prints as it is', environment, 'talk'),
  VAULT_TOKEN: plant('token that a hook prints in base64', environment, 'talk'),
  GITHUB_TOKEN: plant('token that a hook prints in an address and in hexadecimal digits', environment, 'talk'),
  TLS_CLIENT_KEY_DATA: plant('private key of a TLS client', environment),
  TEMPORAL_API_KEY: plant(
    'key of a worker for Temporal',
    environment,
    'client of Temporal',
    'native client of Temporal',
    'refusal by Temporal',
  ),
} as const;

const value = (name: keyof typeof inEnvironment): string => inEnvironment[name].secret;

export const environmentOf = (webhookPort: number): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(Object.entries(inEnvironment).map(([name, { secret }]) => [name, secret])),
  HTTPS_PROXY: `http://ana:${value('HTTPS_PROXY')}@proxy.test:3128`,
  DATABASE_URL: `postgres://shop:${value('DATABASE_URL')}@db.test:5432/shop`,
  CHAT_URL: `http://127.0.0.1:${webhookPort}/notice?token=${value('CHAT_URL')}`,
  TICKETS_URL: `http://127.0.0.1:${webhookPort}/tickets/?key=${value('TICKETS_URL')}`,
  TLS_CLIENT_KEY_DATA: `-----BEGIN PRIVATE KEY-----\nMIIE${value('TLS_CLIENT_KEY_DATA')}\n-----END PRIVATE KEY-----\n`,
  // With a key the connection would be encrypted.
  TEMPORAL_TLS: 'false',
});

const inProfile = plant(
  'header for Temporal in a profile',
  'client of Temporal',
  'native client of Temporal',
  'refusal by Temporal',
);

/** Settings of a connection to Temporal in a file, which is in no environment. */
export const profile = `[profile.default]\n[profile.default.grpc_meta]\n${gatewayHeader} = "${inProfile.secret}"\n`;

/** Secrets that no worker knows: programs and servers tell them. */
const told = {
  assignment: plant('password that a hook prints after its name', 'talk'),
  bearer: plant('bearer token on the error output of a hook', 'talk'),
  userinfo: plant('password in an address that a hook prints', 'talk'),
  presigned: plant('signature of an address that a hook prints', 'talk'),
  basic: plant('basic credentials that a hook prints', 'talk'),
  pem: plant('private key that a hook prints', 'talk'),
  jwt: plant('JSON web token that a hook prints', 'talk'),
  thrown: plant('password in what a hook throws', 'break'),
  undo: plant('api key that the inverse of a hook prints', 'undo'),
  webhook: plant('body of the answer to a webhook', 'tickets answers'),
  notice: plant('body of the answer to a notice', 'notice answers'),
  log: plant('password in the log of a workload that ends at once', 'ending'),
  redirect: plant('token in a redirect', 'service answers'),
  redirectUser: plant('password in a redirect', 'service answers'),
  cookie: plant('cookie of an answer', 'service answers'),
  body: plant('token in the body of an answer', 'service answers'),
  shell: plant('key of the command line for Temporal', 'client of Temporal', 'refusal by Temporal'),
} as const;

export const canaries: readonly Planted[] = [...Object.values(inEnvironment), inProfile, ...Object.values(told)];

/** The keys that calls of this worker may be signed with. */
export const signingKeys = [inEnvironment.CHAT_SECRET, inEnvironment.TICKETS_SECRET] as const;

/** What a hook says that means well and is verbose. */
export const talkingHook = `
console.log('connecting with password=${told.assignment.secret}');
console.error('> Authorization: Bearer ${told.bearer.secret}/+=');
console.log('docker pull https://ana:${told.userinfo.secret}@registry.test/v2');
console.log('GET https://s3.test/dump?X-Amz-Date=20261129T000000Z&X-Amz-Signature=${told.presigned.secret}');
console.log('< proxy-authorization: Basic ${base64(`ana:${told.basic.secret}`)}');
console.log('-----BEGIN RSA PRIVATE KEY-----\\nMIIE${base64(told.pem.secret)}\\n-----END RSA PRIVATE KEY-----');
console.log('got eyJhbGciOiJIUzI1NiJ9.${base64url(JSON.stringify({ sub: told.jwt.secret }))}.${told.jwt.secret}');
console.log('${value('REGISTRY_PASSWORD')}');
console.log('${base64(`x${value('VAULT_TOKEN')}yz`)} ${base64(value('VAULT_TOKEN'))}');
console.log('${Buffer.from(value('GITHUB_TOKEN')).toString('hex')} https://git.test/${value('GITHUB_TOKEN')}/x');
`;

export const breakingHook = `throw new Error('cannot connect to mysql://shop:${told.thrown.secret}@db.test:3306/shop');`;
export const undoingHook = `console.log(JSON.stringify({ apiKey: '${told.undo.secret}' }));`;
export const breakingCheck = `console.log('FATAL: login failed for shop/${value('SHOP_DB_LOGIN')}'); process.exit(1);`;

/** Loaded into a workload: it says what it was started with, and ends. */
export const endingWorkload = `console.error('cannot start: {"db":{"password":"${told.log.secret}"}}'); process.exit(1);`;

export const answerToNotice: Answer = { status: 500, body: `bad: ${told.notice.secret}` };
export const answerToWebhook: Answer = { body: `ok ${told.webhook.secret}` };

const redirect = (location: string): Answer => ({ status: 302, headers: { location } });

/** Answers of a service that is not healthy, which its check repeats in part. */
export const unhealthyAnswers: readonly Answer[] = [
  redirect(`https://sso.test/?access_token=${told.redirect.secret}`),
  redirect(`https://ana:${told.redirectUser.secret}@sso.test/`),
  { headers: { 'set-cookie': `sid=${told.cookie.secret}; Path=/` }, body: 'ok' },
  { body: `{"token":"${told.body.secret}"}` },
  // What is told of it is cut in the middle of the secret.
  { body: `${'.'.repeat(66)}${value('DATABASE_URL')}@db.test` },
];

export const healthyAnswer: Answer = { headers: { 'set-cookie': 'none' }, body: 'ok' };

/** Of whoever uses the command line. */
export const keyOfShell = { TEMPORAL_API_KEY: told.shell.secret, TEMPORAL_TLS: 'false' };
