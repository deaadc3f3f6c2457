import { X509Certificate } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import type http from 'node:http';
import path from 'node:path';
import type { TLSSocket } from 'node:tls';
import { recordable } from '../../activities/recordable';
import { asFailure } from '../../activities/run-activity';
import { createKubernetesWorkloads } from '../../drivers/kubernetes/kubernetes-workloads';
import { kubeconfig } from '../../lab/kubernetes/cluster/kubeconfig';
import type { Cluster } from '../../lab/kubernetes/cluster/start-cluster';
import { quietly } from '../contract/contract';
import { formsIn, leaksIn, missingIn, newCanary, type Canary } from '../integration/canaries/canary';
import { filesIn } from '../integration/canaries/files-in';
import { keptByTemporal } from '../integration/canaries/kept-by-temporal';
import { until } from '../integration/faults/until';
import { makeClientCertificate } from './lab/client-certificate';
import { startFaultyApi, type FaultyApi } from './lab/faulty-api';
import { startShopLab, type ShopLab } from './shop/shop-lab';
import { pathIn, pathsOf } from './shop/shop-objects';

const planted = {
  data: newCanary('data of a Secret'),
  applied: newCanary('data in the last-applied annotation of a Secret'),
  tls: newCanary('key of a TLS Secret'),
  registry: newCanary('password of a pull Secret'),
} as const;

let lab: ShopLab;
let api: FaultyApi;

beforeAll(async () => {
  lab = await startShopLab({ stagedEvery: '1s' });
  api = await startFaultyApi(lab.clusters.alpha);
});
afterAll(async () => {
  await api.stop();
  await lab.tearDown();
});

const base64 = (text: string): string => Buffer.from(text).toString('base64');

function secrets(): readonly object[] {
  const annotations = {
    'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ data: { key: planted.applied.secret } }),
  };
  const pem = `-----BEGIN PRIVATE KEY-----\nMIIE${planted.tls.secret}\n-----END PRIVATE KEY-----\n`;
  const registry = JSON.stringify({
    auths: { 'registry.test': { username: 'ana', password: planted.registry.secret } },
  });
  return [
    { metadata: { name: 'signing', annotations }, data: { key: base64(planted.data.secret) } },
    {
      metadata: { name: 'front' },
      type: 'kubernetes.io/tls',
      data: { 'tls.crt': base64('none'), 'tls.key': base64(pem) },
    },
    {
      metadata: { name: 'pull' },
      type: 'kubernetes.io/dockerconfigjson',
      data: { '.dockerconfigjson': base64(registry) },
    },
  ];
}

test('what is in Secrets is staged, run and drilled with, and is neither in Temporal nor in the home of the worker', async () => {
  const { alpha, beta } = lab.clusters;
  const paths = pathsOf(lab.namespace);
  for (const secret of secrets()) await alpha.client.create(paths.secrets, secret);
  await until('they are staged', async () =>
    beta.client.get(pathIn(lab.namespace, 'secrets', 'pull')).then(
      () => true,
      () => false,
    ),
  );
  await (await lab.run('drill', { keepSeconds: 0 })).result();
  await lab.complete('failover');

  const held = async ({ client }: Cluster) => Buffer.from(JSON.stringify(await client.get(paths.secrets)));
  const { applied: _sourceOnly, ...staged } = planted;
  expect(missingIn(await held(alpha), Object.values(planted))).toEqual([]);
  expect(missingIn(await held(beta), Object.values(staged))).toEqual([]);
  const tokens = [alpha, beta].map(({ name, access }) => ({ where: `token of ${name}`, secret: access.token }));
  // Of the worker, which has done all this with them.
  expect(missingIn(await readFile(path.join(lab.clusters.folder, 'kubeconfig')), tokens)).toEqual([]);
  const kept = [...(await keptByTemporal(lab.client)), ...(await filesIn(lab.home, []))];
  const canaries = [...Object.values(planted), ...tokens];
  expect(kept.flatMap(({ place, bytes }) => leaksIn(place, bytes, canaries))).toEqual([]);
  // The search finds what is there: a name, told as any other.
  const control = { where: 'the name of a workload', secret: 'shop.example.test' };
  const found = kept.filter(({ bytes }) => formsIn(bytes, control).length > 0).map(({ place }) => place);
  expect(found).toEqual(expect.arrayContaining(['temporal.db', 'history of failover/2']));
});

const given = {
  token: newCanary('token of a kubeconfig'),
  file: newCanary('token in a file'),
  plugin: newCanary('token of a plug-in'),
  password: newCanary('password of a kubeconfig'),
} as const;

interface User {
  readonly what: string;
  readonly user: object;
  readonly canary: Canary;
  /** What a server learns of it; default: what it authorizes itself with. */
  readonly shownBy?: (request: http.IncomingMessage) => string;
}

function authorizationOf({ headers }: http.IncomingMessage): string {
  const [scheme = '', credential = ''] = (headers.authorization ?? '').split(' ');
  return scheme === 'Basic' ? Buffer.from(credential, 'base64').toString() : credential;
}

/** A key never leaves its client. Who has shown the certificate has signed with it, and the server knows it from elsewhere. */
async function withClientKey(): Promise<User> {
  const user = await makeClientCertificate();
  const pem = Buffer.from(user['client-key-data'], 'base64').toString();
  const certificate = new X509Certificate(Buffer.from(user['client-certificate-data'], 'base64'));
  const shownBy = ({ socket }: http.IncomingMessage): string =>
    certificate.raw.equals((socket as TLSSocket).getPeerCertificate().raw ?? Buffer.alloc(0)) ? pem : '';
  // Before it are the name of the algorithm and the length.
  const secret = pem.split('\n')[1]?.slice(24) ?? '';
  return { what: 'a client key', user, canary: { where: 'client key of a kubeconfig', secret }, shownBy };
}

async function users(): Promise<readonly User[]> {
  const folder = lab.clusters.folder;
  await writeFile(path.join(folder, 'given-token'), `${given.file.secret}\n`);
  const credential = { apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential' };
  const script = `console.log(${JSON.stringify(JSON.stringify({ ...credential, status: { token: given.plugin.secret } }))})`;
  const exec = { apiVersion: credential.apiVersion, command: process.execPath, args: ['-e', script] };
  return [
    { what: 'a token', user: { token: given.token.secret }, canary: given.token },
    { what: 'a token file', user: { tokenFile: 'given-token' }, canary: given.file },
    { what: 'a plug-in', user: { exec: { ...exec, interactiveMode: 'Never' } }, canary: given.plugin },
    { what: 'a password', user: { username: 'ana', password: given.password.secret }, canary: given.password },
    await withClientKey(),
  ];
}

test('a server that repeats in its answer what it was shown is not believed to keep secrets', async () => {
  const config = JSON.parse(kubeconfig([{ ...lab.clusters.alpha.access, server: api.server }])) as object;
  for (const { what, user, canary, shownBy = authorizationOf } of await users()) {
    let shown = '';
    api.fault = (request: http.IncomingMessage) => {
      shown = shownBy(request);
      return { status: 401, message: `who is ${shown}? (${base64(`x${shown}`)})` };
    };
    const file = path.join(lab.clusters.folder, 'given');
    await writeFile(file, JSON.stringify({ ...config, users: [{ name: 'alpha', user }] }));
    const driver = createKubernetesWorkloads({ kubeconfigFolder: lab.clusters.folder });
    const { kubernetes, ...site } = lab.clusters.site('alpha', lab.namespace);
    const place = { ...site, kubernetes: { ...kubernetes, kubeconfig: 'given' } };
    const health = recordable(await driver.siteHealth(place, quietly()));
    const failed: unknown = await driver
      .inspect(place, lab.namespace, lab.runbook.workloads, quietly())
      .catch((error: unknown) => error);
    const failure = asFailure(failed, { attempt: 1, attempts: 1 }) as Error;
    driver.close();
    // API servers have taken no passwords for years, and the driver shows them none.
    const missing = missingIn(Buffer.from(shown), [canary]);
    expect({ what, missing }).toEqual({ what, missing: what === 'a password' ? [canary.where] : [] });
    const told = Buffer.from(
      `${JSON.stringify(health)} ${failure.message} ${failure.stack} ${JSON.stringify(failure)}`,
    );
    expect({ what, told: told.toString() }).toMatchObject({ told: expect.stringContaining('who is') });
    expect(leaksIn(what, told, [...Object.values(given), canary])).toEqual([]);
  }
});
