import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { KubernetesSite } from '../../core/model/site';
import type { ActiveInstances, KubernetesWorkload, WorkloadSpec } from '../../core/model/workload';
import type { WorkloadObject } from '../../drivers/kubernetes/kube-object';
import { createKubernetesWorkloads, type KubernetesWorkloads } from '../../drivers/kubernetes/kubernetes-workloads';
import { kubeconfig } from '../../lab/kubernetes/cluster/kubeconfig';
import { quietly } from '../contract/contract';
import { until } from '../integration/faults/until';
import { startFaultyApi, type FaultyApi } from './lab/faulty-api';
import { deployment, deploymentsIn, makeNamespace, podTemplate } from './lab/objects';
import { startTwoClusters, type TwoClusters } from './lab/two-clusters';
import { cronJob, pathIn } from './shop/shop-objects';

let clusters: TwoClusters;
let api: FaultyApi;
let driver: KubernetesWorkloads;
let site: KubernetesSite;
let namespace: string;
let tests = 0;

beforeAll(async () => {
  clusters = await startTwoClusters();
  api = await startFaultyApi(clusters.alpha);
  await writeFile(path.join(clusters.folder, 'faulty'), kubeconfig([{ ...clusters.alpha.access, server: api.server }]));
});
afterAll(async () => {
  await api.stop();
  await clusters.stop();
});

beforeEach(async () => {
  tests += 1;
  namespace = `workloads-${tests}`;
  await makeNamespace(clusters.alpha.client, namespace);
  driver = createKubernetesWorkloads({ kubeconfigFolder: clusters.folder, forcedWithinMs: 2_000 });
  site = { ...clusters.site('alpha', namespace), kubernetes: { namespace, context: 'alpha', kubeconfig: 'faulty' } };
  api.fault = () => undefined;
});
afterEach(() => driver.close());

const make = async (collection: string, object: object): Promise<unknown> =>
  clusters.alpha.client.create(collection, object);
const spec = (kubernetes: KubernetesWorkload, stopGraceSeconds = 5): WorkloadSpec => ({
  name: 'api',
  priority: 1,
  dependsOn: [],
  volumes: [],
  checks: [],
  stopGraceSeconds,
  kubernetes,
});
const step = (name: string, epoch = 1) => ({ group: 'shop', operationKey: `run/${name}`, epoch });
const start = async (workload: WorkloadSpec, epoch = 1) =>
  driver.start(site, workload, step('start', epoch), quietly());
const stop = async (workload: WorkloadSpec, epoch = 1) => driver.stop(site, workload, step('stop', epoch), quietly());
const replicasOf = async (name: string): Promise<number | undefined> =>
  (await clusters.alpha.client.get<WorkloadObject>(pathIn(namespace, 'deployments', name))).spec.replicas;
function controllerManager(pids: readonly number[]): number {
  const found = pids.find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('kube-controller-manager'));
  if (found === undefined) throw new Error('there is no kube-controller-manager');
  return found;
}
const api1: KubernetesWorkload = { kind: 'Deployment', name: 'api' };

describe('how many instances are started', () => {
  test('as many as ran when it was stopped, though the annotation of an earlier stop says less', async () => {
    await make(deploymentsIn(namespace), deployment('api', 2));
    await stop(spec(api1));
    await start(spec(api1));
    await clusters.alpha.client.patch(pathIn(namespace, 'deployments', 'api'), { spec: { replicas: 5 } });
    await driver.stop(site, spec(api1), step('stop-again'), quietly());
    const started = await driver.start(site, spec(api1), step('start-again'), quietly());
    expect(started).toMatchObject({ replicas: 5, saw: 'Deployment api: 5 of 5 pods Ready' });
  });

  // Of each as many values as the test takes: it would be given a callback to wait for.
  test.each<[string, Record<string, string>, number | undefined, number, ActiveInstances | undefined]>([
    ['what dr-syncer recorded', { 'dr-syncer.io/original-replicas': '4' }, 2, 4, undefined],
    [
      'what Switchback recorded, before what dr-syncer did',
      { 'dr-syncer.io/original-replicas': '4', 'switchback.dev/original-replicas': '3' },
      2,
      3,
      undefined,
    ],
    ['what the plan or the runbook says, where nothing is recorded', {}, 2, 2, undefined],
    ['one, where nobody says anything', {}, undefined, 1, undefined],
    ['one, where the record is no number', { 'switchback.dev/original-replicas': 'many' }, undefined, 1, undefined],
    [
      'what was seen at the active site, before what was recorded here once',
      { 'switchback.dev/original-replicas': '3' },
      2,
      5,
      { replicas: 5 },
    ],
    [
      'what was recorded here, where other objects were seen there',
      { 'switchback.dev/original-replicas': '3' },
      2,
      3,
      { wanted: { another: 5 } },
    ],
  ])('%s', async (_what, annotations, replicas, expected, active) => {
    const object = deployment('api', 0) as { metadata: object };
    await make(deploymentsIn(namespace), { ...object, metadata: { ...object.metadata, annotations } });
    const workload = spec({ ...api1, ...(replicas !== undefined && { replicas }), ...(active && { active }) });
    await expect(start(workload)).resolves.toMatchObject({ replicas: expected });
    expect(await replicasOf('api')).toBe(expected);
  });
});

describe('what somebody has switched off', () => {
  const having = async (annotations: Record<string, string>): Promise<void> => {
    const object = deployment('api', 0) as { metadata: object };
    await make(deploymentsIn(namespace), { ...object, metadata: { ...object.metadata, annotations } });
  };
  const record = (replicas: string) => ({ 'switchback.dev/original-replicas': replicas });

  test.each([
    ['is left off where the active site has it off, whatever is recorded', record('3'), { switchedOff: ['api'] }, 0],
    ['is left off where the record says so and the active site was not seen', record('0'), undefined, 0],
    ['is left off as dr-syncer recorded it', { 'dr-syncer.io/original-replicas': '0' }, undefined, 0],
    ['is started when it is on at the active site again, with as many as run there', record('0'), { replicas: 4 }, 4],
    ['is started with what the runbook says, when the number there is not known', record('0'), {}, 2],
  ])('%s', async (_what, annotations, active, expected) => {
    await having(annotations);
    const started = await start(spec({ ...api1, replicas: 2, ...(active !== undefined && { active }) }));
    expect(started).toMatchObject({ status: expected === 0 ? 'stopped' : 'running', epoch: 1, replicas: expected });
    expect(await replicasOf('api')).toBe(expected);
  });

  const off = spec({ ...api1, active: { switchedOff: ['api'] } });
  const look = async () => (await driver.inspect(site, 'shop', [spec(api1)], quietly()))[0];
  const written = async () => {
    const { metadata } = await clusters.alpha.client.get<WorkloadObject>(pathIn(namespace, 'deployments', 'api'));
    return Object.entries(metadata.annotations ?? {}).filter(([name]) => name.startsWith('switchback.dev/'));
  };

  test('counts as left off with the epoch of the start, which changes nothing when it is repeated', async () => {
    await having({});
    const first = await start(off, 2);
    const before = await written();
    await expect(start(off, 2)).resolves.toEqual(first);
    expect(await written()).toEqual(before);
    expect(await look()).toMatchObject({ status: 'stopped', epoch: 2, switchedOff: ['api'] });
  });

  test('is none of what was started and then scaled to nothing by hand: that is not how the start has left it', async () => {
    await having(record('2'));
    await start(spec(api1));
    await clusters.alpha.client.patch(pathIn(namespace, 'deployments', 'api'), { spec: { replicas: 0 } });
    while ((await look())?.status !== 'stopped') await new Promise((end) => setTimeout(end, 50));
    expect(await look()).toMatchObject({ switchedOff: ['api'] });
    expect(await look()).not.toHaveProperty('epoch');
  });

  test('is written down by a stop; of what no run has touched only when the plan has seen it at the active site', async () => {
    await having({});
    await stop(spec(api1));
    expect(await written()).toEqual([]);
    await stop(off);
    expect(Object.fromEntries(await written())).toMatchObject(record('0'));
    await expect(start(spec({ ...api1, replicas: 2 }))).resolves.toMatchObject({ status: 'stopped', replicas: 0 });
  });

  test('is not touched by a stop that is late', async () => {
    await having({});
    await start(off, 3);
    const before = await written();
    await stop(off, 2);
    expect(await written()).toEqual(before);
  });
});

test('what runs and was never started by Switchback does not count as started below the fence', async () => {
  await driver.fence(site, step('fence', 3), quietly());
  await make(deploymentsIn(namespace), deployment('api', 2));
  await expect(start(spec(api1), 2)).rejects.toMatchObject({ code: 'Fenced' });
  await expect(start(spec(api1), 3)).resolves.toMatchObject({ status: 'running', replicas: 2 });
});

describe('what does not come up ends with its reason', () => {
  test.each([
    ['crash-loop', /CrashLoopBackOff.*its log ends with:\nlistening on 0.0.0.0:8080\nno such database/s],
    ['image-missing', /container main is in ImagePullBackOff: Back-off pulling image "example.invalid\/app:1"/],
  ] as const)('%s', async (temper, saying) => {
    await make(deploymentsIn(namespace), deployment('api', 0, { temper }));
    await expect(start(spec(api1))).rejects.toMatchObject({
      code: 'StartFailed',
      message: expect.stringMatching(saying),
    });
  });

  test('slower than its progress deadline', async () => {
    const object = deployment('api', 0, { temper: 'never-ready' }) as { spec: object };
    await make(deploymentsIn(namespace), { ...object, spec: { ...object.spec, progressDeadlineSeconds: 1 } });
    await expect(start(spec(api1))).rejects.toMatchObject({
      code: 'StartFailed',
      message: expect.stringContaining('no further pod became Ready within 1 s, 0 are'),
    });
  });

  test('an object that is not there: what to do is said', async () => {
    await expect(start(spec(api1))).rejects.toMatchObject({
      code: 'StartFailed',
      message: expect.stringContaining('create it there'),
    });
    await expect(stop(spec(api1))).rejects.toMatchObject({
      code: 'StopFailed',
      message: expect.stringContaining('there is no Deployment api'),
    });
    await expect(driver.inspect(site, 'shop', [spec(api1)], quietly())).resolves.toMatchObject([{ status: 'unknown' }]);
  });
});

describe('stopping', () => {
  test('a volume that a stranger still uses keeps it from being proven stopped', async () => {
    await make(deploymentsIn(namespace), deployment('api', 1, { claims: ['data'] }));
    const template = podTemplate('stranger', { claims: ['data'] }) as { metadata: object };
    const pods = `/api/v1/namespaces/${namespace}/pods`;
    await make(pods, { ...template, metadata: { ...template.metadata, name: 'stranger' } });
    const call = stop(spec(api1, 0.2));
    await expect(call).rejects.toMatchObject({
      code: 'StopFailed',
      message: expect.stringContaining('pod stranger uses the volume claim data'),
    });
    await clusters.alpha.client.request({ method: 'DELETE', path: `${pods}/stranger` });
    await expect(stop(spec(api1))).resolves.toMatchObject({ status: 'stopped' });
  });

  test('a CronJob is suspended, and a Job of it that does not end in time is ended', async () => {
    const collection = `/apis/batch/v1/namespaces/${namespace}`;
    await make(`${collection}/cronjobs`, cronJob('report', false, podTemplate('report', { temper: 'endless' })));
    const made = await clusters.alpha.client.get<{ metadata: { uid: string }; spec: { jobTemplate: object } }>(
      `${collection}/cronjobs/report`,
    );
    const owner = { apiVersion: 'batch/v1', kind: 'CronJob', name: 'report', uid: made.metadata.uid, controller: true };
    await make(`${collection}/jobs`, {
      ...made.spec.jobTemplate,
      metadata: { name: 'report-1', ownerReferences: [owner] },
    });
    const report = spec({ kind: 'CronJob', name: 'report' }, 0.3);
    const running = async (): Promise<number> =>
      (await driver.inspect(site, 'shop', [report], quietly()))[0]?.replicas ?? 0;
    while ((await running()) === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    await expect(stop(report)).resolves.toMatchObject({ status: 'stopped' });
    expect(await running()).toBe(0);
    expect((await clusters.alpha.client.get<WorkloadObject>(`${collection}/cronjobs/report`)).spec.suspend).toBe(true);
  });

  test('all objects with the labels belong to it; some of them running is neither running nor stopped', async () => {
    for (const name of ['one', 'two']) {
      const object = deployment(name, 1) as { metadata: object };
      await make(deploymentsIn(namespace), { ...object, metadata: { name, labels: { tier: 'web' } } });
    }
    const web = spec({ kind: 'Deployment', selector: { tier: 'web' } });
    await stop(web);
    await driver.start(site, spec({ kind: 'Deployment', name: 'one' }), step('start-one'), quietly());
    await expect(driver.inspect(site, 'shop', [web], quietly())).resolves.toMatchObject([
      { status: 'unknown', saw: expect.stringContaining('1 of 2 run') },
    ]);
  });

  test('of several objects, each is started with as many instances as it wants at the active site', async () => {
    for (const [name, replicas] of Object.entries({ one: 3, two: 1 })) {
      const object = deployment(name, replicas) as { metadata: object };
      await make(deploymentsIn(namespace), { ...object, metadata: { name, labels: { tier: 'web' } } });
    }
    const selected = { kind: 'Deployment', selector: { tier: 'web' } };
    const [seen] = await driver.inspect(site, 'shop', [spec(selected)], quietly());
    expect(seen?.wanted).toEqual({ one: 3, two: 1 });

    const standby = `${namespace}-standby`;
    await makeNamespace(clusters.alpha.client, standby);
    for (const name of ['one', 'two']) {
      const object = deployment(name, 0) as { metadata: object };
      await make(deploymentsIn(standby), { ...object, metadata: { name, labels: { tier: 'web' } } });
    }
    const there = { ...site, kubernetes: { ...site.kubernetes, namespace: standby } };
    const web = spec({ ...selected, active: { wanted: seen?.wanted ?? {} } });
    await expect(driver.start(there, web, step('start'), quietly())).resolves.toMatchObject({ replicas: 4 });
    const { spec: one } = await clusters.alpha.client.get<WorkloadObject>(pathIn(standby, 'deployments', 'one'));
    expect(one.replicas).toBe(3);
  });

  test('what an object wants is told, however many of its pods are there', async () => {
    const controllers = controllerManager(clusters.alpha.pids);
    process.kill(controllers, 'SIGSTOP');
    try {
      await make(deploymentsIn(namespace), deployment('api', 3));
      const seen = await driver.inspect(site, 'shop', [spec(api1)], quietly());
      expect(seen).toMatchObject([{ status: 'running', replicas: 0, wanted: { api: 3 } }]);
    } finally {
      process.kill(controllers, 'SIGCONT');
    }
  });
});

test('the grace time of pods begins when their controller tells them to end, however late that is', async () => {
  await make(deploymentsIn(namespace), deployment('api', 2));
  await start(spec(api1));
  const before = api.requests.length;
  const controllers = controllerManager(clusters.alpha.pids);
  process.kill(controllers, 'SIGSTOP');
  try {
    const told: (string | undefined)[] = [];
    const stopped = driver.stop(site, spec(api1, 2), step('stop'), {
      ...quietly(),
      progress: ({ doing }) => void told.push(doing),
    });
    // It tells so twice a second.
    await until('the grace time is long over', () => told.filter((one) => one?.includes('told to end')).length > 6);
    process.kill(controllers, 'SIGCONT');
    await expect(stopped).resolves.toMatchObject({ status: 'stopped' });
  } finally {
    process.kill(controllers, 'SIGCONT');
  }
  expect(api.requests.slice(before).filter((request) => request.startsWith('DELETE'))).toEqual([]);
});

describe('an API server that has troubles', () => {
  test('answers 429 and 500 for a while: everything is done once it answers, and it was not asked in a hurry', async () => {
    await make(deploymentsIn(namespace), deployment('api', 1));
    let refusals = 0;
    api.fault = () => {
      refusals += 1;
      if (refusals > 12) return undefined;
      return refusals % 2 === 0 ? { status: 429, retryAfter: '1' } : { status: 500 };
    };
    await expect(stop(spec(api1))).resolves.toMatchObject({ status: 'stopped' });
    expect(refusals).toBeGreaterThan(12);
  });

  test('closes connections that were kept while it is busy: it is asked again on new ones', async () => {
    await make(deploymentsIn(namespace), deployment('api', 1));
    const used = new WeakSet<object>();
    let resets = 0;
    api.fault = ({ socket }) => {
      if (used.has(socket)) {
        resets += 1;
        return 'reset';
      }
      used.add(socket);
      return resets < 3 ? { status: 429, retryAfter: '0.1' } : undefined;
    };
    await expect(stop(spec(api1))).resolves.toMatchObject({ status: 'stopped' });
    expect(resets).toBeGreaterThanOrEqual(3);
  });

  test('refuses the token: the kubeconfig is read again, and the call goes on with the new one', async () => {
    await make(deploymentsIn(namespace), deployment('api', 0));
    const file = path.join(clusters.folder, 'faulty');
    const access = { ...clusters.alpha.access, server: api.server };
    await writeFile(file, kubeconfig([{ ...access, token: 'expired' }]));
    const reading = driver.inspect(site, 'shop', [spec(api1)], quietly());
    await expect(reading).rejects.toMatchObject({ code: 'RequestRefused', message: expect.stringContaining('401') });
    await writeFile(file, kubeconfig([access]));
    await expect(start(spec(api1))).resolves.toMatchObject({ status: 'running' });
  });

  test('has a watch that falls silent: it is healed by reading again', async () => {
    await make(deploymentsIn(namespace), deployment('api', 0));
    api.fault = ({ url = '' }) => (url.includes('watch=true') ? 'silent' : undefined);
    const since = performance.now();
    await expect(start(spec(api1))).resolves.toMatchObject({ status: 'running' });
    expect(performance.now() - since).toBeLessThan(30_000);
  });

  test('is asked little: two requests at most for a workload that starts, one watch for all', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `app-${index}`);
    for (const name of names) await make(deploymentsIn(namespace), deployment(name, 0));
    const before = api.requests.length;
    await Promise.all(
      names.map(async (name) =>
        driver.start(site, spec({ kind: 'Deployment', name }), step(`start-${name}`), quietly()),
      ),
    );
    const asked = api.requests.slice(before);
    expect(asked.filter((one) => one.includes('watch=true'))).toHaveLength(2);
    expect(asked.length).toBeLessThanOrEqual(names.length * 2);
  });
});

test('the quota of the namespace is compared with what is stopped', async () => {
  await make(deploymentsIn(namespace), deployment('api', 3));
  await stop(spec(api1));
  const hard = { 'requests.cpu': '200m', pods: '10' };
  await make(`/api/v1/namespaces/${namespace}/resourcequotas`, { metadata: { name: 'small' }, spec: { hard } });
  const quota = async () => (await driver.siteHealth(site, quietly())).findings.find(({ name }) => name === 'quota');
  // The controller fills in what is used.
  while ((await quota())?.ok === true) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await quota()).toMatchObject({
    ok: false,
    saw: expect.stringContaining('what is stopped needs 3 pods: quota small allows requests.cpu 200m'),
  });
});
