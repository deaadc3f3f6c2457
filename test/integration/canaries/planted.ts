import type { Reply } from './talkative';
import { newCanary, type Canary } from './canary';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const base64url = (text: string): string => Buffer.from(text).toString('base64url');

/** Secrets in the environment of a worker, each as it occurs in practice. */
const inEnvironment = {
  AWS_SECRET_ACCESS_KEY: newCanary('secret key of AWS'),
  AWS_SESSION_TOKEN: newCanary('session token of AWS'),
  HTTPS_PROXY: newCanary('password of a proxy'),
  DATABASE_URL: newCanary('password of a database URL'),
  CHAT_URL: newCanary('token in the address of a notice'),
  CHAT_SECRET: newCanary('signing key of notices'),
  TICKETS_URL: newCanary('token in the address of a webhook'),
  TICKETS_SECRET: newCanary('signing key of a webhook'),
  SHOP_DB_LOGIN: newCanary('password of a SQL check'),
  REGISTRY_PASSWORD: newCanary('password that a hook prints as it is'),
  VAULT_TOKEN: newCanary('token that a hook prints in base64'),
  GITHUB_TOKEN: newCanary('token that a hook prints in an address and in hexadecimal digits'),
  TLS_CLIENT_KEY_DATA: newCanary('private key of a TLS client'),
} as const;

const value = (name: keyof typeof inEnvironment): string => inEnvironment[name].secret;

export const environmentOf = (webhookPort: number): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(Object.entries(inEnvironment).map(([name, { secret }]) => [name, secret])),
  HTTPS_PROXY: `http://ana:${value('HTTPS_PROXY')}@proxy.test:3128`,
  DATABASE_URL: `postgres://shop:${value('DATABASE_URL')}@db.test:5432/shop`,
  CHAT_URL: `http://127.0.0.1:${webhookPort}/notice?token=${value('CHAT_URL')}`,
  TICKETS_URL: `http://127.0.0.1:${webhookPort}/tickets/?key=${value('TICKETS_URL')}`,
  TLS_CLIENT_KEY_DATA: `-----BEGIN PRIVATE KEY-----\nMIIE${value('TLS_CLIENT_KEY_DATA')}\n-----END PRIVATE KEY-----\n`,
});

/** Secrets that no worker knows: programs and servers tell them. */
const told = {
  assignment: newCanary('password that a hook prints after its name'),
  bearer: newCanary('bearer token on the error output of a hook'),
  userinfo: newCanary('password in an address that a hook prints'),
  presigned: newCanary('signature of an address that a hook prints'),
  basic: newCanary('basic credentials that a hook prints'),
  pem: newCanary('private key that a hook prints'),
  jwt: newCanary('JSON web token that a hook prints'),
  thrown: newCanary('password in what a hook throws'),
  undo: newCanary('api key that the inverse of a hook prints'),
  webhook: newCanary('body of the answer to a webhook'),
  notice: newCanary('body of the answer to a notice'),
  log: newCanary('password in the log of a workload that ends at once'),
  redirect: newCanary('token in a redirect'),
  redirectUser: newCanary('password in a redirect'),
  cookie: newCanary('cookie of an answer'),
  body: newCanary('token in the body of an answer'),
  shell: newCanary('key in the environment of the command line'),
} as const;

export const canaries: readonly Canary[] = [...Object.values(inEnvironment), ...Object.values(told)];

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

export const answerToNotice: Reply = (response) => response.writeHead(500).end(`bad: ${told.notice.secret}`);
export const answerToWebhook: Reply = (response) => response.end(`ok ${told.webhook.secret}`);

/** Answers of a service that is not healthy, which its check repeats in part. */
export const unhealthyAnswers: readonly Reply[] = [
  (response) => response.writeHead(302, { location: `https://sso.test/?access_token=${told.redirect.secret}` }).end(),
  (response) => response.writeHead(302, { location: `https://ana:${told.redirectUser.secret}@sso.test/` }).end(),
  (response) => response.writeHead(200, { 'set-cookie': `sid=${told.cookie.secret}; Path=/` }).end('ok'),
  (response) => response.end(`{"token":"${told.body.secret}"}`),
  // What is told of it is cut in the middle of the secret.
  (response) => response.end(`${'.'.repeat(66)}${value('DATABASE_URL')}@db.test`),
];

export const databaseWords = `password authentication failed: ${value('SHOP_DB_LOGIN')}`;

/** Of whoever uses the command line. */
export const shellKey = told.shell.secret;
