import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { KubeClient } from '../../drivers/kubernetes/client/kube-client';
import { isStatus } from '../../drivers/kubernetes/client/kube-error';
import { markedProcesses } from '../../lab/kubernetes/cluster/marked-processes';
import type { Cluster } from '../../lab/kubernetes/cluster/start-cluster';
import { labImages } from '../../lab/kubernetes/images/lab-images';
import { nodePlace } from '../../lab/kubernetes/nodes/node-place';
import { until } from '../integration/faults/until';
import { startTwoClusters, type TwoClusters } from './lab/two-clusters';
import { claim, claimsIn, podsIn, secretsIn } from './real/real-objects';

interface PodAnswer {
  readonly metadata: { readonly name: string; readonly uid: string };
  readonly status: {
    readonly phase?: string;
    readonly podIP?: string;
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

beforeAll(async () => {
  clusters = await startTwoClusters({ nodes: 'process' });
  [alpha, beta] = [clusters.alpha.client, clusters.beta.client];
});
afterAll(async () => clusters.stop());

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

async function folderOf({ client, kubeconfig }: Cluster, name: string): Promise<string> {
  const { spec } = await client.get<{ spec: { volumeName: string } }>(`${claimsIn}/${name}`);
  return path.join(nodePlace(path.dirname(kubeconfig)).volumes, spec.volumeName);
}

async function gone(client: KubeClient, name: string): Promise<boolean> {
  return statusOf(client, name).then(
    () => false,
    (error: unknown) => isStatus(error, 404),
  );
}

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
  const template = { spec: { restartPolicy: 'Never', containers: [shell(script, { volumeMounts: mounts })], volumes } };
  const since = performance.now();
  await alpha.create(jobsIn, { ...objectOf('Job', 'writer', 'batch/v1'), spec: { template, backoffLimit: 0 } });
  let pod: PodAnswer | undefined;
  await until('the pod of the Job has ended', async () => {
    const query = { labelSelector: 'batch.kubernetes.io/job-name=writer' };
    const { items } = await alpha.get<{ items: readonly PodAnswer[] }>(podsIn, { query });
    pod = items.find(({ status }) => hasEnded(status));
    return pod !== undefined;
  });
  const podSeconds = (performance.now() - since) / 1000;
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
  process.stderr.write(
    `a Job: its pod has ended after ${podSeconds.toFixed(2)} s, it is complete after ${((performance.now() - since) / 1000).toFixed(2)} s\n`,
  );
});

const objectOf = (kind: string, name: string, apiVersion = 'v1'): object => ({ apiVersion, kind, metadata: { name } });
