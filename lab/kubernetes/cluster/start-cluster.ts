import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { SwitchbackFailure } from '../../../core/model/failure';
import type { KubeClient } from '../../../drivers/kubernetes/client/kube-client';
import { KubeError, NoAnswer } from '../../../drivers/kubernetes/client/kube-error';
import type { Binaries, ControlPlaneProgram } from '../binaries/versions';
import { fakeNodes } from '../nodes/fake-nodes';
import type { Nodes } from '../nodes/nodes';
import { adminClient } from './admin-client';
import { clusterFiles, writeClusterFiles } from './cluster-files';
import { freePorts } from './cluster-ports';
import { LabProcesses } from '../../processes/lab-processes';
import { kubeconfig, type ClusterAccess } from './kubeconfig';
import { installFencePolicy } from './install-fence-policy';
import { programArguments } from './program-arguments';
import { endCluster, releaseCluster } from './release-cluster';

export interface ClusterOptions {
  /** Its name: that of its context, and the beginning of those of its nodes. */
  readonly name: string;
  /** Folder of its own; what was there is removed. */
  readonly folder: string;
  readonly binaries: Binaries;
  /** What pods run on; fake nodes by default. */
  readonly nodes?: Nodes;
  /** Outlives this process. */
  readonly detached?: boolean;
}

/** A control plane on loopback, and its nodes. */
export interface Cluster {
  readonly name: string;
  readonly access: ClusterAccess;
  /** Of a user that may do nothing but what a Role gives to `switchback-worker`. */
  readonly workerAccess: ClusterAccess;
  /** A kubeconfig with one context, the name of the cluster. */
  readonly kubeconfig: string;
  /** What the worker's user has asked for, one JSON event a line. */
  readonly auditLog: string;
  /** As administrator. */
  readonly client: KubeClient;
  readonly pids: readonly number[];
  /** The API server dies, as in a disaster; nodes and pods go on. */
  killApiServer(): Promise<void>;
  /** It comes back on the same port, with everything that it knew. */
  restartApiServer(): Promise<void>;
  /** Ends its processes, each by its id, and its pods. Its folder stays. */
  stop(): Promise<void>;
}

/** Another program may take a free port between its choice and its use. */
const triesForFreePorts = 3;

/** Resolves when the cluster schedules pods. Throws `LabIncomplete` with the end of a log; then nothing of it runs. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  for (let left = triesForFreePorts - 1; ; left -= 1) {
    try {
      return await tryToStart(options);
    } catch (error) {
      if (left === 0 || !(error instanceof SwitchbackFailure) || !/address already in use/i.test(error.message))
        throw error;
    }
  }
}

async function tryToStart(options: ClusterOptions): Promise<Cluster> {
  const { name, folder, binaries, nodes = fakeNodes(binaries), detached = false } = options;
  await releaseCluster(folder);
  await mkdir(folder, { recursive: true });
  const files = clusterFiles(folder);
  const tokens = await writeClusterFiles(files);
  const place = { files, ports: await freePorts() };
  const server = `https://127.0.0.1:${place.ports.api}`;
  const certificateAuthority = path.join(folder, 'ca.crt');
  const access = { name, server, certificateAuthority, token: tokens.admin };
  await writeFile(files.kubeconfig, kubeconfig([access]), { mode: 0o600 });
  const processes = new LabProcesses(files, detached);
  const client = adminClient(name, files.kubeconfig);
  const young = { name, place, processes, client };
  const start = async (program: ControlPlaneProgram, more: readonly string[] = []): Promise<void> =>
    processes.start(program, binaries[program], [...programArguments[program](place), ...more]);
  const endWithUs = (): void => processes.signalAll();
  if (!detached) process.once('exit', endWithUs);
  const stop = async (): Promise<void> => {
    client.close();
    await processes.kill();
    await endCluster(folder);
    process.removeListener('exit', endWithUs);
  };
  let forNodes: readonly string[] = [];
  try {
    [forNodes] = await Promise.all([nodes.prepare(young), start('etcd')]);
    await start('kube-apiserver', forNodes);
    // It makes its own certificate; the copy says that it is complete.
    await processes.until(async () => (await certificate(files.certificates)) !== undefined);
    await copyFile(path.join(files.certificates, 'apiserver.crt'), certificateAuthority);
    await processes.until(async () => isReady(client));
    await Promise.all([
      start('kube-controller-manager'),
      start('kube-scheduler'),
      nodes.start(young),
      installFencePolicy(client),
    ]);
    await processes.until(async () => nodesReady(client, nodes.count));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    name,
    access,
    workerAccess: { ...access, token: tokens.worker },
    kubeconfig: files.kubeconfig,
    auditLog: files.auditLog,
    client,
    get pids() {
      return processes.pids;
    },
    killApiServer: async () => processes.kill(['kube-apiserver']),
    restartApiServer: async () => {
      await start('kube-apiserver', forNodes);
      await processes.until(async () => isReady(client));
    },
    stop,
  };
}

async function certificate(folder: string): Promise<string | undefined> {
  const text = await readFile(path.join(folder, 'apiserver.crt'), 'utf8').catch(() => '');
  return text.includes('-----END CERTIFICATE-----') ? text : undefined;
}

/** Not asked through `request`, which is patient with a server that is not ready. */
async function isReady(client: KubeClient): Promise<boolean> {
  return answers(async () => client.text({ method: 'GET', path: '/readyz' }));
}

async function nodesReady(client: KubeClient, count: number): Promise<boolean> {
  interface Node {
    status?: { conditions?: { type: string; status: string }[] };
  }
  const { items } = await client.get<{ items: Node[] }>('/api/v1/nodes');
  const ready = items.filter(({ status }) =>
    status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True'),
  );
  return ready.length >= count;
}

async function answers(ask: () => Promise<unknown>): Promise<boolean> {
  try {
    await ask();
    return true;
  } catch (error) {
    if (error instanceof NoAnswer || error instanceof KubeError) return false;
    throw error;
  }
}
