import { writeFile } from 'node:fs/promises';
import type http from 'node:http';
import path from 'node:path';
import { recordable } from '../../activities/recordable';
import { asFailure } from '../../activities/run-activity';
import { createKubernetesWorkloads } from '../../drivers/kubernetes/kubernetes-workloads';
import { kubeconfig } from '../../lab/kubernetes/cluster/kubeconfig';
import { quietly } from '../contract/contract';
import { formsIn, leaksIn, newCanary } from '../integration/canaries/canary';
import { filesIn } from '../integration/canaries/files-in';
import { keptByTemporal } from '../integration/canaries/kept-by-temporal';
import { until } from '../integration/faults/until';
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
  const registry = JSON.stringify({ auths: { 'registry.test': { auth: base64(`ana:${planted.registry.secret}`) } } });
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

  const tokens = [alpha, beta].map(({ name, access }) => ({ where: `token of ${name}`, secret: access.token }));
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

async function users(): Promise<readonly (readonly [string, object, string])[]> {
  const folder = lab.clusters.folder;
  await writeFile(path.join(folder, 'given-token'), `${given.file.secret}\n`);
  const credential = { apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential' };
  const script = `console.log(${JSON.stringify(JSON.stringify({ ...credential, status: { token: given.plugin.secret } }))})`;
  const exec = { apiVersion: credential.apiVersion, command: process.execPath, args: ['-e', script] };
  return [
    ['a token', { token: given.token.secret }, given.token.secret],
    ['a token file', { tokenFile: 'given-token' }, given.file.secret],
    ['a plug-in', { exec: { ...exec, interactiveMode: 'Never' } }, given.plugin.secret],
    ['a password', { username: 'ana', password: given.password.secret }, given.password.secret],
  ];
}

test('a server that repeats in its answer what it was shown is not believed to keep secrets', async () => {
  let shown = '';
  api.fault = (request: http.IncomingMessage) => {
    const { authorization = '' } = request.headers;
    const [, credential = ''] = authorization.split(' ');
    const plain = authorization.startsWith('Basic') ? Buffer.from(credential, 'base64').toString() : credential;
    shown = plain;
    return { status: 401, message: `who is ${plain}? (${base64(`x${plain}`)})` };
  };
  const config = JSON.parse(kubeconfig([{ ...lab.clusters.alpha.access, server: api.server }])) as object;
  for (const [what, user, secret] of await users()) {
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
    expect({ what, shown: shown.includes(secret) }).toEqual({ what, shown: what !== 'a password' });
    const told = Buffer.from(
      `${JSON.stringify(health)} ${failure.message} ${failure.stack} ${JSON.stringify(failure)}`,
    );
    expect({ what, told: told.toString() }).toMatchObject({ told: expect.stringContaining('who is') });
    expect(leaksIn(what, told, Object.values(given))).toEqual([]);
  }
});
