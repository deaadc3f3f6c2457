import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { SwitchbackFailure } from '../../../core/model/failure';
import { Credentials } from '../../../drivers/kubernetes/client/credentials';
import { KubeClient } from '../../../drivers/kubernetes/client/kube-client';
import { KubeError, NoAnswer } from '../../../drivers/kubernetes/client/kube-error';
import type { Binaries } from '../binaries/versions';
import { clusterFiles, writeClusterFiles } from './cluster-files';
import { freePorts } from './cluster-ports';
import { ClusterProcesses } from './cluster-processes';
import { kubeconfig, type ClusterAccess } from './kubeconfig';
import { installFencePolicy, makeNodes } from './furnish-cluster';

export interface ClusterOptions {
  /** Its name: that of its context, and the beginning of those of its nodes. */
  readonly name: string;
  /** Folder of its own; what was there is removed. */
  readonly folder: string;
  readonly binaries: Binaries;
  readonly nodes?: number;
  /** Outlives this process. */
  readonly detached?: boolean;
}

/** A control plane with fake nodes, on loopback. */
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
  /** Ends its processes, each by its id. Its folder stays. */
  stop(): Promise<void>;
}

/** Another program may take a free port between its choice and its use. */
const triesForFreePorts = 3;
const readyWithinMs = 90_000;

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
  const { name, folder, binaries, nodes = 2, detached = false } = options;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const files = clusterFiles(folder);
  const tokens = await writeClusterFiles(files);
  const ports = await freePorts();
  const server = `https://127.0.0.1:${ports.api}`;
  const certificateAuthority = path.join(folder, 'ca.crt');
  const access = { name, server, certificateAuthority, token: tokens.admin };
  await writeFile(files.kubeconfig, kubeconfig([access]), { mode: 0o600 });
  const processes = new ClusterProcesses(binaries, { files, ports }, detached);
  const endWithUs = (): void => processes.signalAll();
  if (!detached) process.once('exit', endWithUs);
  const client = new KubeClient(
    new Credentials(
      {
        driver: 'kubernetes',
        name,
        address: '',
        kubernetes: { namespace: 'default', context: name, kubeconfig: files.kubeconfig },
      },
      folder,
    ),
  );
  const stop = async (): Promise<void> => {
    client.close();
    await processes.kill();
    process.removeListener('exit', endWithUs);
  };
  try {
    await processes.start('etcd');
    await processes.start('kube-apiserver');
    // It makes its own certificate; the copy says that it is complete.
    await until(processes, async () => (await certificate(files.certificates)) !== undefined);
    await copyFile(path.join(files.certificates, 'apiserver.crt'), certificateAuthority);
    await until(processes, async () => isReady(client));
    await Promise.all([
      processes.start('kube-controller-manager'),
      processes.start('kube-scheduler'),
      processes.start('kwok'),
      installFencePolicy(client),
      makeNodes(client, name, nodes),
    ]);
    await until(processes, async () => nodesReady(client, nodes));
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
      await processes.start('kube-apiserver');
      await until(processes, async () => isReady(client));
    },
    stop,
  };
}

async function until(processes: ClusterProcesses, condition: () => Promise<boolean>): Promise<void> {
  const since = performance.now();
  while (!(await condition())) {
    await processes.assertAlive();
    if (performance.now() - since > readyWithinMs) {
      throw new SwitchbackFailure('LabIncomplete', `the cluster was not ready after ${readyWithinMs / 1000} s`);
    }
    await pause(25);
  }
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
