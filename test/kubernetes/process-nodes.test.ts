import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import type { KubeClient } from '../../drivers/kubernetes/client/kube-client';
import { isStatus } from '../../drivers/kubernetes/client/kube-error';
import { readProcessTable } from '../../drivers/local/workloads/process-table';
import { markedProcesses } from '../../lab/processes/marked-processes';
import type { Cluster } from '../../lab/kubernetes/cluster/start-cluster';
import { labImages } from '../../lab/kubernetes/images/lab-images';
import { nodePlace } from '../../lab/kubernetes/nodes/node-place';
import { mountsBelow } from '../../lab/kubernetes/nodes/mounts';
import { blockPorts } from '../../lab/kubernetes/services/blocked-ports';
import { snapshotFolder } from '../../lab/kubernetes/volumes/snapshot-folders';
import { until } from '../integration/faults/until';
import { volumeFolder } from './lab/claim-folder';
import { describeWithNodes } from './lab/describe-with-nodes';
import { makeServices } from './lab/service-places';
import { startTwoClusters, type TwoClusters } from './lab/two-clusters';
import { claim, claimsIn, podsIn, secretsIn } from './real/real-objects';

interface PodAnswer {
  readonly metadata: { readonly name: string; readonly uid: string };
  readonly status: {
    readonly phase?: string;
    readonly podIP?: string;
    readonly hostIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly {
      readonly state: {
        readonly waiting?: { readonly reason: string; readonly message: string };
        readonly terminated?: { readonly exitCode: number; readonly message: string };
      };
    }[];
  };
}

const jobsIn = '/apis/batch/v1/namespaces/default/jobs';
const mapsIn = '/api/v1/namespaces/default/configmaps';

let clusters: TwoClusters;
let alpha: KubeClient;
let beta: KubeClient;

const objectOf = (kind: string, name: string, apiVersion = 'v1'): object => ({ apiVersion, kind, metadata: { name } });

const shell = (script: string, more: object = {}): object => ({
  name: 'main',
  image: labImages.rsync,
  command: ['sh', '-c', script],
  ...more,
});

const podOf = (name: string, container: object, more: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels: { app: name } },
  spec: { restartPolicy: 'Never', containers: [container], terminationGracePeriodSeconds: 1, ...more },
});

const statusOf = async (client: KubeClient, name: string): Promise<PodAnswer['status']> =>
  (await client.get<PodAnswer>(`${podsIn}/${name}`)).status;

async function untilPod(client: KubeClient, name: string, holds: (status: PodAnswer['status']) => boolean) {
  let seen: PodAnswer['status'] = {};
  const look = async () => holds((seen = await statusOf(client, name)));
  await until(`pod ${name} is as wanted`, look, () => JSON.stringify(seen));
  return seen;
}

const hasEnded = ({ phase }: PodAnswer['status']) => phase === 'Succeeded' || phase === 'Failed';
const isReady = ({ conditions = [] }: PodAnswer['status']) =>
  conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
const endOf = ({ containerStatuses = [] }: PodAnswer['status']) => containerStatuses[0]?.state.terminated;

async function ended(client: KubeClient, name: string) {
  const status = await untilPod(client, name, hasEnded);
  return { phase: status.phase, exitCode: endOf(status)?.exitCode, message: endOf(status)?.message };
}

const folderOf = async (cluster: Cluster, name: string): Promise<string> => volumeFolder(cluster, 'default', name);

async function gone(client: KubeClient, name: string): Promise<boolean> {
  return statusOf(client, name).then(
    () => false,
    (error: unknown) => isStatus(error, 404),
  );
}

describeWithNodes('pods that are processes of this machine', () => {
  beforeAll(async () => {
    clusters = await startTwoClusters({ nodes: 'process' });
    [alpha, beta] = [clusters.alpha.client, clusters.beta.client];
  });
  afterAll(async () => clusters.stop());

  test('a Job with a claim and a Secret runs and ends; its message, its log and what it wrote are there', async () => {
    await alpha.create(claimsIn, claim('orders'));
    await alpha.create(secretsIn, { ...objectOf('Secret', 'key'), stringData: { id: 'of the Secret' } });
    const script =
      'stat -c %a /mnt/keys/id; cp /mnt/keys/id /mnt/volume/copy; echo "wrote $(wc -c < /mnt/volume/copy)" > /dev/termination-log';
    const mounts = [
      { name: 'volume', mountPath: '/mnt/volume' },
      { name: 'keys', mountPath: '/mnt/keys' },
    ];
    const volumes = [
      { name: 'volume', persistentVolumeClaim: { claimName: 'orders' } },
      { name: 'keys', secret: { secretName: 'key', defaultMode: 0o400 } },
    ];
    const template = {
      spec: { restartPolicy: 'Never', containers: [shell(script, { volumeMounts: mounts })], volumes },
    };
    await alpha.create(jobsIn, { ...objectOf('Job', 'writer', 'batch/v1'), spec: { template, backoffLimit: 0 } });
    let pod: PodAnswer | undefined;
    await until('the pod of the Job has ended', async () => {
      const query = { labelSelector: 'batch.kubernetes.io/job-name=writer' };
      const { items } = await alpha.get<{ items: readonly PodAnswer[] }>(podsIn, { query });
      pod = items.find(({ status }) => hasEnded(status));
      return pod !== undefined;
    });
    expect({ phase: pod?.status.phase, end: pod && endOf(pod.status) }).toMatchObject({
      phase: 'Succeeded',
      end: { exitCode: 0, message: 'wrote 13\n' },
    });
    const log = await alpha.text({ method: 'GET', path: `${podsIn}/${pod?.metadata.name}/log` });
    expect(log).toBe('400\n');
    expect(readFileSync(path.join(await folderOf(clusters.alpha, 'orders'), 'copy'), 'utf8')).toBe('of the Secret');
    await until('the Job is complete', async () => {
      const { status } = await alpha.get<{ status?: { succeeded?: number } }>(`${jobsIn}/writer`);
      return status?.succeeded === 1;
    });
  });

  test('a container waits for its Secret and for the ConfigMap of its environment, and gets them as they are when it starts', async () => {
    const env = [
      { name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
      { name: 'FIRST', valueFrom: { configMapKeyRef: { name: 'late', key: 'writer' } } },
      { name: 'BOTH', value: '$(FIRST) at $(POD_IP), $(NOBODY), $$(FIRST)' },
      { name: 'ABSENT', valueFrom: { configMapKeyRef: { name: 'none', key: 'writer', optional: true } } },
    ];
    const volumes = [{ name: 'keys', secret: { secretName: 'late' } }];
    const volumeMounts = [{ name: 'keys', mountPath: '/mnt/keys' }];
    const script = 'echo "$BOTH ${ABSENT-unset} $(cat /mnt/keys/id)" > /dev/termination-log; exit 7';
    await alpha.create(podsIn, podOf('late', shell(script, { env, volumeMounts }), { volumes }));
    const waiting = (reason: string) => (status: PodAnswer['status']) =>
      status.phase === 'Pending' && status.containerStatuses?.[0]?.state.waiting?.reason === reason;
    await untilPod(alpha, 'late', waiting('ContainerCreating'));
    await alpha.create(secretsIn, { ...objectOf('Secret', 'late'), stringData: { id: 'secret' } });
    await untilPod(alpha, 'late', waiting('CreateContainerConfigError'));
    await alpha.create(mapsIn, { ...objectOf('ConfigMap', 'late'), data: { writer: 'pass-1' } });
    const end = await ended(alpha, 'late');
    const { podIP } = await statusOf(alpha, 'late');
    const message = `pass-1 at ${podIP}, $(NOBODY), $(FIRST) unset secret\n`;
    expect(end).toEqual({ phase: 'Failed', exitCode: 7, message });
  });

  test('what is mounted read-only cannot be written, nor anything of the machine', async () => {
    const volumes = [{ name: 'volume', persistentVolumeClaim: { claimName: 'orders' } }];
    const volumeMounts = [{ name: 'volume', mountPath: '/mnt/volume', readOnly: true }];
    const script = 'touch /mnt/volume/new && exit 1; touch /usr/new /tmp/new /new; ls / > /dev/termination-log';
    await alpha.create(podsIn, podOf('reader', shell(script, { volumeMounts }), { volumes }));
    expect(await ended(alpha, 'reader')).toMatchObject({
      phase: 'Succeeded',
      message: expect.stringContaining('new\n'),
    });
    for (const file of ['/usr/new', '/tmp/new', '/new']) expect(existsSync(file)).toBe(false);
  });

  test('a pod that a process node cannot play as a kubelet would is refused, with what it cannot', async () => {
    const container = shell('true', { livenessProbe: { exec: { command: ['true'] } } });
    await alpha.create(podsIn, podOf('probed', container));
    await untilPod(alpha, 'probed', ({ phase }) => phase === 'Failed');
    expect(await statusOf(alpha, 'probed')).toMatchObject({
      message: 'process nodes of the lab run no pod with probes other than readiness by tcpSocket; use real nodes',
    });
  });

  describe('sshd in a pod', () => {
    beforeAll(async () => {
      const folder = clusters.folder;
      for (const name of ['host', 'client'])
        execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path.join(folder, name)]);
      const text = (file: string) => readFileSync(path.join(folder, file), 'utf8');
      await alpha.create(secretsIn, {
        ...objectOf('Secret', 'ssh'),
        stringData: { host: text('host'), authorized: text('client.pub') },
      });
      await beta.create(secretsIn, { ...objectOf('Secret', 'ssh'), stringData: { client: text('client') } });
      const script =
        'exec /usr/sbin/sshd -D -e -f /dev/null -h /mnt/keys/host -o "AuthorizedKeysFile /mnt/keys/authorized" ' +
        '-o "ListenAddress $ADDRESS" -p 2222';
      const container = shell(script, {
        env: [{ name: 'ADDRESS', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }],
        readinessProbe: { tcpSocket: { port: 2222 }, periodSeconds: 1 },
        volumeMounts: [
          { name: 'volume', mountPath: '/mnt/volume', readOnly: true },
          { name: 'keys', mountPath: '/mnt/keys' },
        ],
      });
      await alpha.create(podsIn, podOf('source', container, { volumes: volumeAndKeys }));
      await beta.create(claimsIn, claim('orders'));
      await untilPod(alpha, 'source', isReady);
    });

    const volumeAndKeys = [
      { name: 'volume', persistentVolumeClaim: { claimName: 'orders' } },
      { name: 'keys', secret: { secretName: 'ssh', defaultMode: 0o400 } },
    ];

    /** Copies the volume from there to the claim of beta. */
    async function copyFrom(name: string, host: string, port: number) {
      const ssh = `ssh -p ${port} -i /mnt/keys/client -o StrictHostKeyChecking=no -o ConnectTimeout=3`;
      const container = shell(`rsync -a --timeout=3 -e "${ssh}" root@${host}:/mnt/volume/ /mnt/volume/`, {
        volumeMounts: [
          { name: 'volume', mountPath: '/mnt/volume' },
          { name: 'keys', mountPath: '/mnt/keys' },
        ],
        terminationMessagePolicy: 'FallbackToLogsOnError',
      });
      await beta.create(podsIn, podOf(name, container, { volumes: volumeAndKeys }));
      return ended(beta, name);
    }

    test('is reached by a pod of the other cluster', async () => {
      const { podIP = '' } = await statusOf(alpha, 'source');
      expect(await copyFrom('by-address', podIP, 2222)).toMatchObject({ phase: 'Succeeded' });
      expect(readFileSync(path.join(await folderOf(clusters.beta, 'orders'), 'copy'), 'utf8')).toBe('of the Secret');
    });

    test('is reached by each kind of Service, and by none whose ports are blocked', async () => {
      const folder = path.dirname(clusters.alpha.kubeconfig);
      const { hostIP = '' } = await statusOf(alpha, 'source');
      const places = await makeServices(alpha, 'source', { port: 2222, nodeAddress: hostIP });
      for (const [type, { host, port }] of Object.entries(places)) {
        await until(`${type} is served`, async () => speaks(host, port));
        expect(await copyFrom(`by-${type.toLowerCase()}`, host, port)).toMatchObject({ phase: 'Succeeded' });
      }
      const { host, port } = places.NodePort;
      await blockPorts(folder, ['NodePort']);
      expect(await copyFrom('by-blocked', host, port)).toMatchObject({
        phase: 'Failed',
        message: expect.stringMatching(/timed out/),
      });
      await blockPorts(folder, []);
      expect(await speaks(host, port)).toBe(true);
    });

    test('ends with the deletion of its pod, which is confirmed then', async () => {
      const { podIP = '' } = await statusOf(alpha, 'source');
      expect(await speaks(podIP, 2222)).toBe(true);
      await alpha.text({ method: 'DELETE', path: `${podsIn}/source` });
      await until('the pod is gone', async () => gone(alpha, 'source'));
      expect(await speaks(podIP, 2222)).toBe(false);
    });
  });

  describe('a snapshot', () => {
    const snapshotsIn = '/apis/snapshot.storage.k8s.io/v1/namespaces/default/volumesnapshots';
    const snapshotOf = (name: string, claimName: string): object => ({
      ...objectOf('VolumeSnapshot', name, 'snapshot.storage.k8s.io/v1'),
      spec: { volumeSnapshotClassName: 'lab', source: { persistentVolumeClaimName: claimName } },
    });
    const statusOfSnapshot = async (name: string) => (await alpha.get<SnapshotAnswer>(`${snapshotsIn}/${name}`)).status;
    const copyIn = async (name: string) =>
      readFileSync(path.join(await folderOf(clusters.alpha, name), 'copy'), 'utf8');

    test('of a claim is a copy that stays as it was, and a claim made of it has what was in it', async () => {
      await alpha.create(claimsIn, claim('restored', 'before'));
      await alpha.create(snapshotsIn, snapshotOf('before', 'orders'));
      await until('it is ready', async () => (await statusOfSnapshot('before'))?.readyToUse === true);
      expect(await statusOfSnapshot('before')).toMatchObject({ restoreSize: '1Gi', creationTime: expect.any(String) });
      writeFileSync(path.join(await folderOf(clusters.alpha, 'orders'), 'copy'), 'written later');
      const phaseOf = async () => (await alpha.get<PodAnswer>(`${claimsIn}/restored`)).status.phase;
      await until('the claim is bound', async () => (await phaseOf()) === 'Bound');
      expect(await copyIn('restored')).toBe('of the Secret');
    });

    test('and its copy go with its deletion', async () => {
      const { volumes } = nodePlace(path.dirname(clusters.alpha.kubeconfig));
      const content = (await statusOfSnapshot('before'))?.boundVolumeSnapshotContentName ?? '';
      const kept = snapshotFolder(volumes, content);
      expect(existsSync(path.join(kept, 'copy'))).toBe(true);
      await alpha.text({ method: 'DELETE', path: `${snapshotsIn}/before` });
      await until('its folder is gone', () => !existsSync(kept));
      expect(await copyIn('restored')).toBe('of the Secret');
    });

    test('of a claim that is not there says so', async () => {
      await alpha.create(snapshotsIn, snapshotOf('of-nothing', 'nothing'));
      const message = async () => (await statusOfSnapshot('of-nothing'))?.error?.message;
      await until('it tells its error', async () => (await message()) === 'claim "nothing" has no volume');
    });
  });

  test('a pod that does not end when it is asked is killed after its grace time, with what it has started', async () => {
    await alpha.create(podsIn, podOf('stubborn', shell('setsid env -i sleep 864213 & sleep 864213; true')));
    await until('it has started both', () => running('sleep 864213').length === 2);
    const since = performance.now();
    await alpha.text({ method: 'DELETE', path: `${podsIn}/stubborn` });
    await until('the pod is gone', async () => gone(alpha, 'stubborn'));
    expect(performance.now() - since).toBeGreaterThan(900);
    expect(running('sleep 864213')).toEqual([]);
  });

  test('nothing of its pods goes on when the node is killed, nor is anything left of clusters that were stopped', async () => {
    const folders = [clusters.alpha, clusters.beta].map(({ kubeconfig }) => path.dirname(kubeconfig));
    for (const client of [alpha, beta])
      await client.create(podsIn, podOf('endless', shell('setsid env -i sleep 975324 & sleep 975324; true')));
    await until('both have started both', () => running('sleep 975324').length === 4);
    const [node] = markedProcesses(folders[0] ?? '').filter(({ pid }) => commandOf(pid).includes('process/main.ts'));
    process.kill(node?.pid ?? 0, 'SIGKILL');
    await until('the pods of the killed node have ended', () => running('sleep 975324').length === 2);
    await clusters.stop();
    expect(running('sleep 975324')).toEqual([]);
    for (const folder of folders) {
      expect(markedProcesses(folder)).toEqual([]);
      expect(await mountsBelow(folder)).toEqual([]);
    }
    expect(existsSync(clusters.folder)).toBe(false);
  });
});

interface SnapshotAnswer {
  readonly status?: {
    readonly readyToUse?: boolean;
    readonly boundVolumeSnapshotContentName?: string;
    readonly error?: { readonly message: string };
  };
}

/** Whether an SSH server greets. */
function speaks(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port });
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString().startsWith('SSH-2.0'));
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}

const running = (command: string): readonly number[] =>
  readProcessTable()
    .all()
    .map(({ pid }) => pid)
    .filter((pid) => commandOf(pid) === command);

function commandOf(pid: number): string {
  const file = `/proc/${pid}/cmdline`;
  return existsSync(file) ? readFileSync(file, 'utf8').replaceAll('\0', ' ').trim() : '';
}
