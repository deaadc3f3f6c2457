import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { KubernetesMover, KubernetesSite } from '../../core/model/site';
import type { KubernetesVolume, SyncResult, VolumeSpec } from '../../core/model/volume';
import type { KubeList, KubeObject } from '../../drivers/kubernetes/kube-object';
import {
  createKubernetesReplication,
  type KubernetesReplication,
} from '../../drivers/kubernetes/kubernetes-replication';
import { createKubernetesWorkloads } from '../../drivers/kubernetes/kubernetes-workloads';
import type { Cluster } from '../../lab/kubernetes/cluster/start-cluster';
import { labImages } from '../../lab/kubernetes/images/lab-images';
import { blockPorts } from '../../lab/kubernetes/services/blocked-ports';
import { outcomeOf, quietly, watched } from '../contract/contract';
import { until } from '../integration/faults/until';
import { claimFolder, claimsIn, volumeFolder } from './lab/claim-folder';
import { cordon } from './lab/cordon';
import { describeWithNodes } from './lab/describe-with-nodes';
import { makeNamespace } from './lab/objects';
import { podOnVolume } from './lab/pod-on-volume';
import { startTwoClusters, type TwoClusters } from './lab/two-clusters';
import { claim } from './real/real-objects';

const namespace = 'shop';
const collections = {
  jobs: `/apis/batch/v1/namespaces/${namespace}/jobs`,
  pods: `/api/v1/namespaces/${namespace}/pods`,
  secrets: `/api/v1/namespaces/${namespace}/secrets`,
  services: `/api/v1/namespaces/${namespace}/services`,
} as const;

const settings: KubernetesVolume = { claims: { paris: 'orders', berlin: 'orders' }, timeoutSeconds: 120 };
const volumeWith = (more: Partial<KubernetesVolume>): VolumeSpec => ({
  name: 'orders',
  marker: { file: 'orders.log' },
  kubernetes: { ...settings, ...more },
});

type Job = KubeObject & { readonly spec: object; readonly status?: { readonly failed?: number } };

describeWithNodes('the mover of volumes', () => {
  let clusters: TwoClusters;
  let driver: KubernetesReplication;
  let syncs = 0;
  beforeAll(async () => {
    clusters = await startTwoClusters({ nodes: 'process' });
    driver = createKubernetesReplication({ kubeconfigFolder: clusters.folder });
    for (const { client } of [clusters.alpha, clusters.beta]) {
      await makeNamespace(client, namespace);
      await client.create(claimsIn(namespace), claim('orders'));
    }
    for (const cluster of [clusters.alpha, clusters.beta])
      await until('the claim is bound', async () => (await claimFolder(cluster, namespace, 'orders')) !== undefined);
  });
  afterAll(async () => {
    driver?.close();
    await clusters?.stop();
  });

  const siteAt = (cluster: 'alpha' | 'beta', more: Partial<KubernetesMover> = {}): KubernetesSite => {
    const plain = clusters.site(cluster, namespace);
    const mover = { image: labImages.rsync, pullPolicy: 'Never', service: 'Pod', ...more } as const;
    return { ...plain, kubernetes: { ...plain.kubernetes, mover } };
  };

  const sync = async (
    more: Partial<KubernetesMover> = {},
    { final = false, by = driver, of: how = {}, context = quietly() } = {},
  ): Promise<SyncResult> => {
    syncs += 1;
    const of = { group: 'shop', operationKey: `run/sync-${syncs}`, epoch: 1 };
    const sites = { source: siteAt('alpha', more), target: siteAt('beta', more) };
    return by.sync({ ...of, ...sites, volume: volumeWith(how), final }, context);
  };

  const ordersFile = async (cluster: Cluster): Promise<string> =>
    path.join(await volumeFolder(cluster, namespace, 'orders'), 'orders.log');

  const place = async (count: number): Promise<void> =>
    writeFileSync(await ordersFile(clusters.alpha), 'order\n'.repeat(count));

  async function copied(): Promise<number> {
    const file = await ordersFile(clusters.beta);
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0;
  }

  const itemsOf = async <Item extends KubeObject>({ client }: Cluster, what: keyof typeof collections) =>
    (await client.get<KubeList<Item>>(collections[what])).items;

  const left = async (): Promise<readonly string[]> => {
    const looks = [clusters.alpha, clusters.beta].flatMap((cluster) =>
      (['jobs', 'pods', 'secrets', 'services'] as const).map(async (what) => itemsOf(cluster, what)),
    );
    return (await Promise.all(looks)).flat().map(({ metadata }) => metadata.name);
  };

  test.each(['Pod', 'NodePort', 'LoadBalancer', 'ClusterIP'] as const)(
    'copies by way of %s, and leaves no Job, pod, key or Service',
    async (service) => {
      await place(syncs + 3);
      expect(await sync({ service })).toMatchObject({ records: syncs + 2 });
      expect(await copied()).toBe(syncs + 2);
      await until('all is gone', async () => (await left()).length === 0);
    },
  );

  test('a port that is blocked is named with its address; with keepOnFailure the Job stays for people, without its keys', async () => {
    const before = await copied();
    await place(50);
    const folder = path.dirname(clusters.alpha.kubeconfig);
    await blockPorts(folder, ['NodePort']);
    await expect(sync({ service: 'NodePort', keepOnFailure: true })).rejects.toMatchObject({
      code: 'MoverFailed',
      message: expect.stringMatching(/no way to [\d.]+ port \d+: .*timed out/),
    });
    expect(await copied()).toBe(before);
    const jobs = await itemsOf<Job>(clusters.beta, 'jobs');
    expect(jobs.map(({ metadata }) => metadata.name)).toEqual([expect.stringMatching(/^switchback-pull-/)]);
    expect(await itemsOf(clusters.beta, 'secrets')).toEqual([]);
    const [pod] = await itemsOf(clusters.beta, 'pods');
    const log = await clusters.beta.client.text({
      method: 'GET',
      path: `${collections.pods}/${pod?.metadata.name}/log`,
    });
    expect(log).toContain('no way to');
    await blockPorts(folder, []);
    await sync({ service: 'NodePort' });
    expect(await copied()).toBe(50);
    await until('all is gone', async () => (await left()).length === 0);
  });

  describe('as the runbook wants it', () => {
    const fileAt = async (cluster: Cluster, name: string): Promise<string> =>
      path.join(await volumeFolder(cluster, namespace, 'orders'), name);
    /** What no compression makes smaller. */
    const placeBytes = async (name: string, kib: number): Promise<string> => {
      const file = await fileAt(clusters.alpha, name);
      writeFileSync(file, randomBytes(kib * 1024));
      return file;
    };

    test('options of the volume reach rsync: with --checksum it finds what size and time do not tell', async () => {
      const file = await fileAt(clusters.alpha, 'same-size');
      const placeSameSize = (text: string): void => {
        writeFileSync(file, text);
        utimesSync(file, 1_700_000_000, 1_700_000_000);
      };
      const arrived = async (): Promise<string> => readFileSync(await fileAt(clusters.beta, 'same-size'), 'utf8');
      placeSameSize('one');
      await sync();
      placeSameSize('two');
      await sync();
      expect(await arrived()).toBe('one');
      await sync({}, { of: { rsyncFlags: ['--whole-file', '--checksum'] } });
      expect(await arrived()).toBe('two');
    });

    test('a pass sends no more than its bandwidth allows', async () => {
      const copying = async (name: string, of: Partial<KubernetesVolume>): Promise<number> => {
        const file = await placeBytes(name, 2_000);
        const since = performance.now();
        await sync({}, { of });
        rmSync(file);
        return performance.now() - since;
      };
      const limited = await copying('limited', { bandwidthKib: 200 });
      expect(limited).toBeGreaterThan(9_500);
      expect(await copying('unlimited', {})).toBeLessThan(limited);
    });

    test('a pass that takes longer than its timeout ends with that and leaves no Job; the next one copies', async () => {
      const file = await placeBytes('slow', 2_000);
      await expect(sync({}, { of: { bandwidthKib: 100, timeoutSeconds: 8 } })).rejects.toMatchObject({
        code: 'SyncInterrupted',
        message: expect.stringContaining('it was not done within 8 s, the timeout of the volume'),
      });
      await until('all is gone', async () => (await left()).length === 0);
      await sync();
      expect(readFileSync(await fileAt(clusters.beta, 'slow')).equals(readFileSync(file))).toBe(true);
      rmSync(file);
    });

    test('a load balancer that gives no address is waited for as long as the site says', async () => {
      const services = clusters.alpha.pids.find((pid) =>
        readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('lab/kubernetes/services/main'),
      );
      if (services === undefined) throw new Error('nothing plays the load balancer');
      process.kill(services, 'SIGSTOP');
      try {
        await expect(sync({ service: 'LoadBalancer', addressWithinSeconds: 1 })).rejects.toMatchObject({
          code: 'MoverFailed',
          message: expect.stringMatching(/got no address from a load balancer within 1 s; .* mover\.addressWithin/),
        });
      } finally {
        process.kill(services, 'SIGCONT');
      }
      await until('all is gone', async () => (await left()).length === 0);
    });
  });

  test('an image that is not there is told before anybody waits for it', async () => {
    await expect(sync({ image: 'localhost/nothing:lab' })).rejects.toMatchObject({
      code: 'MoverFailed',
      message: expect.stringContaining('nothing:lab'),
    });
  });

  test('a volume that something else keeps mounted is not taken as final, nor written over, and who has it is named', async () => {
    for (const [cluster, name] of [
      [clusters.alpha, 'backup'],
      [clusters.beta, 'reader'],
    ] as const) {
      const { client } = cluster;
      const before = await copied();
      await place(before + 5);
      await client.create(collections.pods, podOnVolume(name));
      await until('it runs', async () => {
        const { status } = await client.get<{ status: { phase?: string } }>(`${collections.pods}/${name}`);
        return status.phase === 'Running';
      });
      await expect(sync({}, { final: true })).rejects.toMatchObject({
        code: 'VolumeInUse',
        message: expect.stringContaining(`is mounted by ${name}`),
      });
      expect(await copied()).toBe(before);
      await client.request({ method: 'DELETE', path: `${collections.pods}/${name}` });
      const { proof } = await sync({}, { final: true });
      expect(proof?.targetDigest).toBe(proof?.sourceDigest);
      expect(await copied()).toBe(before + 5);
    }
  });

  test('a worker that takes over from one that was killed takes the Job that runs, and makes none', async () => {
    const { client } = clusters.beta;
    await place(65);
    const since = (await client.get<KubeList<Job>>(collections.jobs)).metadata.resourceVersion;
    const first = sync();
    const ended = expect(first).rejects.toMatchObject({ code: 'StaleAttempt' });
    await until('its Job runs', async () => {
      const [job] = await itemsOf<Job>(clusters.beta, 'jobs');
      return job !== undefined && (job.spec as { suspend?: boolean }).suspend !== true;
    });
    const second = createKubernetesReplication({ kubeconfigFolder: clusters.folder });
    syncs -= 1;
    const taken = sync({}, { by: second });
    await expect(taken).resolves.toMatchObject({ records: 65 });
    await ended;
    second.close();
    const query = { resourceVersion: since, timeoutSeconds: '1' };
    const made: string[] = [];
    for await (const { type, object } of client.watch<Job>(collections.jobs, query, new AbortController().signal))
      if (type === 'ADDED') made.push(object.metadata.name);
    expect(made).toHaveLength(1);
  });

  test('the Job of an attempt that comes too late writes nothing', async () => {
    const { client } = clusters.beta;
    await place(60);
    let job: Job | undefined;
    const passing = sync();
    await until('its Job is there', async () => {
      [job] = await itemsOf<Job>(clusters.beta, 'jobs');
      return job !== undefined;
    });
    await passing;
    await place(70);
    await sync();
    // As the worker would ask for it that was suspended right before it did.
    const { name, labels = {} } = job?.metadata ?? { name: '' };
    const { selector: _own, suspend: _too, ...spec } = job?.spec as Record<string, object>;
    const { metadata: _made, ...template } = spec['template'] as Record<string, object>;
    await place(80);
    const ours = Object.fromEntries(Object.entries(labels).filter(([key]) => key.startsWith('switchback.dev/')));
    const late = {
      metadata: { name, labels: ours },
      spec: { ...spec, template: { ...template, metadata: { labels: ours } } },
    };
    await client.create(collections.secrets, { metadata: { name }, stringData: { key: 'none', known_hosts: 'none' } });
    await client.create(collections.jobs, late);
    await until('it has failed', async () => {
      const { status } = await client.get<Job>(`${collections.jobs}/${name}`);
      return status?.failed === 1;
    });
    const [pod] = await itemsOf(clusters.beta, 'pods');
    const log = await client.text({ method: 'GET', path: `${collections.pods}/${pod?.metadata.name}/log` });
    expect(log).toContain('may not write: the volume is being written by nobody');
    expect(await copied()).toBe(70);
    await client.request({ method: 'DELETE', path: `${collections.secrets}/${name}` });
    // The next pass goes past it.
    await sync();
    expect(await copied()).toBe(80);
  });

  /** A scheduled pass that meets a recovery point which is being taken, and what happens before that one can go on. */
  async function metByPass(step: string, meanwhile: () => Promise<unknown> = async () => undefined) {
    await cordon(clusters.beta.client, true);
    const request = {
      group: 'shop',
      operationKey: `run/${step}`,
      epoch: 1,
      volume: volumeWith({}),
      site: siteAt('beta'),
    };
    const taking = driver.capture({ ...request, consistency: 'crash' }, quietly());
    await until('its Job is there', async () => (await itemsOf(clusters.beta, 'jobs')).length === 1);
    const { messages, ...context } = watched();
    const passing = outcomeOf(sync({}, { context }));
    await until('the pass waits', () =>
      messages.some(({ doing }) => doing.startsWith('waiting for the recovery point')),
    );
    await meanwhile();
    await cordon(clusters.beta.client, null);
    return { point: await taking, pass: await passing };
  }

  test('a scheduled pass waits for the recovery point that is being taken, and does not end it', async () => {
    const before = await copied();
    await place(before + 10);
    expect(await metByPass('point')).toMatchObject({ point: { records: before }, pass: 'done' });
    expect(await copied()).toBe(before + 10);
  });

  test('what only looks goes by itself when its worker could not remove it, because the API server was away', async () => {
    // Otherwise it may be over before anybody has seen its Job.
    await cordon(clusters.alpha.client, true);
    const cancelled = new AbortController();
    const { signal } = cancelled;
    const looking = driver.observe(siteAt('alpha'), 'shop', [volumeWith({})], { ...quietly(), signal });
    const ended = expect(looking).rejects.toBeDefined();
    let job: Job | undefined;
    await until('its Job is there', async () => {
      [job] = await itemsOf<Job>(clusters.alpha, 'jobs');
      return job !== undefined;
    });
    clusters.gates.alpha.close();
    cancelled.abort();
    await ended;
    clusters.gates.alpha.open();
    await cordon(clusters.alpha.client, null);
    expect(await itemsOf(clusters.alpha, 'jobs')).toMatchObject([{ metadata: { name: job?.metadata.name } }]);
    await until('it is gone', async () => (await left()).length === 0);
  });

  test('a fence that is set while a pass waits for a recovery point shuts it out', async () => {
    const before = await copied();
    await place(before + 10);
    const workloads = createKubernetesWorkloads({ kubeconfigFolder: clusters.folder });
    const fence = { group: 'shop', operationKey: 'run/fence', epoch: 2 };
    const { pass } = await metByPass('last', async () => workloads.fence(siteAt('beta'), fence, quietly()));
    workloads.close();
    expect(pass).toBe('Fenced');
    expect(await copied()).toBe(before);
  });
});
