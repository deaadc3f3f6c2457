import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { KubeClient } from '../../drivers/kubernetes/client/kube-client';
import { readProcessTable } from '../../drivers/local/workloads/process-table';
import { adminClient } from '../../lab/kubernetes/cluster/admin-client';
import { clusterFiles } from '../../lab/kubernetes/cluster/cluster-files';
import { markedProcesses } from '../../lab/processes/marked-processes';
import { labDown, labStatus, labUp } from '../../lab/lab-commands';
import { mountsBelow } from '../../lab/kubernetes/nodes/mounts';
import { bundlesIn, nodePlace } from '../../lab/kubernetes/nodes/node-place';
import { until } from '../integration/faults/until';
import { volumeFolder } from './lab/claim-folder';
import { describeWithNodes } from './lab/describe-with-nodes';
import { deploymentsIn } from './lab/objects';
import { makeServices } from './lab/service-places';
import * as objects from './real/real-objects';

interface PodAnswer {
  readonly status: {
    readonly phase: string;
    readonly podIP?: string;
    readonly hostIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

const labProgram = ['--require', require.resolve('tsx/cjs'), path.join(__dirname, '../../lab/main.ts')];

/** Longer than any wait for a condition, so that what was seen last is told. */

test('a machine that cannot be a node is told what it lacks, and nothing is started', () => {
  const folder = path.join(os.tmpdir(), `switchback-no-nodes-${process.pid}`);
  const args = [...labProgram, 'up', '--nodes', 'real', '--folder', folder];
  const { status, stderr } = spawnSync(process.execPath, args, { env: { PATH: '' }, encoding: 'utf8' });
  expect(stderr).toMatch(/^real nodes need [^\n]+\n$/);
  expect(status).toBe(3);
  expect(existsSync(folder)).toBe(false);
});

describeWithNodes('a lab with real nodes', tellRealNodes);

function tellRealNodes(): void {
  let folder: string;
  let alpha: KubeClient;
  let beta: KubeClient;
  let ledgerAddress: string;
  const said: string[] = [];
  const lab = () => ({ folder, say: (line: string) => void said.push(line) });
  const clusterFolders = () => ['alpha', 'beta'].map((name) => path.join(folder, name));

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-nodes-'));
    await labUp(lab(), 'real');
    [alpha, beta] = ['alpha', 'beta'].map((name) => adminClient(name, path.join(folder, 'kubeconfig'))) as [
      KubeClient,
      KubeClient,
    ];
  });

  afterAll(async () => {
    for (const client of [alpha, beta]) client?.close();
    await labDown(lab());
    await rm(folder, { recursive: true, force: true });
  });

  const pod = async (client: KubeClient, name: string): Promise<PodAnswer['status']> =>
    (await client.get<PodAnswer>(`${objects.podsIn}/${name}`)).status;

  const untilPod = async (client: KubeClient, name: string, holds: (status: PodAnswer['status']) => boolean) => {
    let seen: PodAnswer['status'] | undefined;
    const look = async () => holds((seen = await pod(client, name)));
    await until(`pod ${name} is as wanted`, look, () => JSON.stringify(seen));
    return seen as PodAnswer['status'];
  };

  const ready = ({ conditions = [] }: PodAnswer['status']) =>
    conditions.some(({ type, status }) => type === 'Ready' && status === 'True');

  const untilEnded = async (client: KubeClient, name: string): Promise<string> => {
    const { phase } = await untilPod(client, name, (status) => ['Succeeded', 'Failed'].includes(status.phase));
    const log = await client.text({ method: 'GET', path: `${objects.podsIn}/${name}/log` });
    expect({ phase, log }).toEqual({ phase: 'Succeeded', log: expect.any(String) });
    return log;
  };

  const folderOf = async (cluster: 'alpha' | 'beta', name: string): Promise<string> => {
    const { kubeconfig } = clusterFiles(path.join(folder, cluster));
    return volumeFolder({ client: cluster === 'alpha' ? alpha : beta, kubeconfig }, 'default', name);
  };

  test('a Deployment with a volume becomes Ready by its HTTP probe, answers the host by its address, and its volume is a folder', async () => {
    await alpha.create(objects.claimsIn, objects.claim('orders'));
    await alpha.create(deploymentsIn('default'), objects.ledger('ledger', 'orders'));
    await until('the ledger is Ready', async () => {
      const path = `${deploymentsIn('default')}/ledger`;
      const { status } = await alpha.get<{ status?: { readyReplicas?: number } }>(path);
      return status?.readyReplicas === 1;
    });
    const { items } = await alpha.get<{ items: readonly PodAnswer[] }>(objects.podsIn);
    ledgerAddress = `http://${items[0]?.status.podIP}:8080`;
    const placed = await fetch(`${ledgerAddress}/orders`, { method: 'POST', body: '{"id":"order-1"}' });
    expect(placed.status).toBe(201);
    const log = await readFile(path.join(await folderOf('alpha', 'orders'), 'orders', 'orders.log'), 'utf8');
    expect(log).toContain('order-1');
  });

  test('a pod of the other cluster reaches it by its address; what it printed comes through the API server', async () => {
    await beta.create(objects.podsIn, objects.customer('customer', `${ledgerAddress}/orders/count`));
    expect(JSON.parse(await untilEnded(beta, 'customer'))).toMatchObject({ orders: 1, site: 'ledger' });
  });

  test('it is reached by each kind of Service, from the host and from pods of both clusters', async () => {
    const { items } = await alpha.get<{ items: readonly PodAnswer[] }>(objects.podsIn);
    const { hostIP: nodeAddress = '' } = items[0]?.status ?? {};
    const places = await makeServices(alpha, 'ledger', { port: 8080, nodeAddress });
    for (const [kind, { host, port }] of Object.entries(places)) {
      const url = `http://${host}:${port}/orders/count`;
      await until(`${kind} answers`, async () =>
        fetch(url).then(
          ({ ok }) => ok,
          () => false,
        ),
      );
      for (const client of [alpha, beta]) {
        const name = `customer-by-${kind.toLowerCase()}`;
        await client.create(objects.podsIn, objects.customer(name, url));
        expect(JSON.parse(await untilEnded(client, name))).toMatchObject({ orders: 1, site: 'ledger' });
      }
    }
  });

  test('a claim made of a snapshot has what the volume had then', async () => {
    const snapshots = '/apis/snapshot.storage.k8s.io/v1/namespaces/default/volumesnapshots';
    const source = { persistentVolumeClaimName: 'orders' };
    await alpha.create(snapshots, {
      kind: 'VolumeSnapshot',
      apiVersion: 'snapshot.storage.k8s.io/v1',
      metadata: { name: 'before' },
      spec: { source },
    });
    await until('the snapshot is ready', async () => {
      const { status } = await alpha.get<{ status?: { readyToUse?: boolean } }>(`${snapshots}/before`);
      return status?.readyToUse === true;
    });
    await fetch(`${ledgerAddress}/orders`, { method: 'POST', body: '{"id":"order-2"}' });
    await alpha.create(objects.claimsIn, objects.claim('restored', 'before'));
    await until('the claim is bound', async () => existsSync(await folderOf('alpha', 'restored').catch(() => '')));
    const log = readFileSync(path.join(await folderOf('alpha', 'restored'), 'orders', 'orders.log'), 'utf8');
    expect(log).toContain('order-1');
    expect(log).not.toContain('order-2');
  });

  test('rsync over SSH copies a volume from one cluster to the other', async () => {
    const key = path.join(folder, 'key');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'key' } };
    await beta.create(objects.secretsIn, { ...secret, stringData: { id: readFileSync(key, 'utf8') } });
    const publicKey = readFileSync(`${key}.pub`, 'utf8');
    await alpha.create(objects.podsIn, objects.sshServer('source', 'orders', publicKey));
    const { podIP = '' } = await untilPod(alpha, 'source', ready);
    await beta.create(objects.claimsIn, objects.claim('orders'));
    await beta.create(objects.podsIn, objects.copier('copier', 'orders', podIP));
    await untilEnded(beta, 'copier');
    const [source, copy] = [await folderOf('alpha', 'orders'), await folderOf('beta', 'orders')];
    const orders = (each: string) => readFileSync(path.join(each, 'orders', 'orders.log'), 'utf8');
    expect(orders(copy)).toBe(orders(source));
  });

  test('the folder of a volume goes with its claim', async () => {
    const copy = await folderOf('beta', 'orders');
    await beta.text({ method: 'DELETE', path: `${objects.podsIn}/copier` });
    await beta.text({ method: 'DELETE', path: `${objects.claimsIn}/orders` });
    await until('the folder of the volume is gone', () => !existsSync(copy));
  });

  test('status tells processes and containers of each cluster', async () => {
    said.length = 0;
    expect(await labStatus(lab())).toBe(true);
    expect(said[0]).toMatch(/^cluster alpha at \S+: 8 of 8 processes run, 4 containers, since /);
    expect(said[1]).toMatch(/^cluster beta at \S+: 8 of 8 processes run, \d+ containers, since /);
  });

  test('down leaves no process, container, mount, bridge or file', async () => {
    for (const client of [alpha, beta]) client.close();
    const containers = clusterFolders().flatMap((each) => readdirSync(bundlesIn(nodePlace(each))));
    expect(processesIn(containers)).not.toEqual([]);
    await labDown(lab());
    await expectNothingLeft();
    expect(processesIn(containers)).toEqual([]);
  });

  test('down clears up after a start that was killed half-way', async () => {
    const args = [...labProgram, 'up', '--nodes', 'real', '--folder', folder];
    const up = spawn(process.execPath, args, { stdio: 'ignore' });
    const ended = new Promise((resolve) => up.once('exit', resolve));
    // The socket of the runtime is there before the node is.
    await until('containerd runs', () => clusterFolders().some((each) => existsSync(nodePlace(each).socket)));
    up.kill('SIGKILL');
    await ended;
    said.length = 0;
    expect(await labStatus(lab())).toBe(false);
    expect(said).toEqual([expect.stringContaining('was not to its end')]);
    await labDown(lab());
    await expectNothingLeft();
  });

  async function expectNothingLeft(): Promise<void> {
    const places = clusterFolders().map(nodePlace);
    expect(places.flatMap((place) => markedProcesses(place.folder))).toEqual([]);
    expect(await mountsBelow(folder)).toEqual([]);
    const links = readdirSync('/sys/class/net');
    for (const { bridge } of places) expect(links).not.toContain(bridge);
    expect(existsSync(folder)).toBe(false);
  }
}

/** The control group of a process names its container. */
function processesIn(containers: readonly string[]): readonly string[] {
  const groups = readProcessTable()
    .all()
    .map(({ pid }) => (existsSync(`/proc/${pid}/cgroup`) ? readFileSync(`/proc/${pid}/cgroup`, 'utf8') : ''));
  return groups.filter((text) => containers.some((id) => text.includes(id)));
}
