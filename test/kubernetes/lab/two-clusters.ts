import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { KubernetesSite } from '../../../core/model/site';
import { findBinaries } from '../../../lab/kubernetes/binaries/find-binaries';
import { kubeconfig } from '../../../lab/kubernetes/cluster/kubeconfig';
import { startCluster, type Cluster } from '../../../lab/kubernetes/cluster/start-cluster';
import { unpackLabImages } from '../../../lab/kubernetes/images/lab-images';
import { fakeNodes } from '../../../lab/kubernetes/nodes/fake-nodes';
import { processNode } from '../../../lab/kubernetes/nodes/process-node';
import { Closing } from '../../integration/closing';
import { type Gate, gateBefore } from './gate';

export interface TwoClusters {
  readonly folder: string;
  readonly alpha: Cluster;
  readonly beta: Cluster;
  /** Between the driver and each API server: what is closed here is cut off for the driver, not for the test. */
  readonly gates: { readonly alpha: Gate; readonly beta: Gate };
  /** A site in a namespace of a cluster, as a runbook would name it. */
  readonly site: (cluster: 'alpha' | 'beta', namespace: string) => KubernetesSite;
  /** The same site for a worker that may do only what its Role says. */
  readonly workerSite: (cluster: 'alpha' | 'beta', namespace: string) => KubernetesSite;
  stop(): Promise<void>;
}

export interface TwoClustersOptions {
  /** `process`: pods are processes of this machine, for the volume mover only; needs root. */
  readonly nodes?: 'fake' | 'process';
}

/** Two clusters side by side, and a kubeconfig with both. */
export async function startTwoClusters(options: TwoClustersOptions = {}): Promise<TwoClusters> {
  return Closing.unlessOpen(async (closing) => open(options, closing));
}

async function open({ nodes = 'fake' }: TwoClustersOptions, closing: Closing): Promise<TwoClusters> {
  const binaries = await findBinaries({ say: () => undefined });
  const folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-clusters-'));
  closing.first(async () => rm(folder, { recursive: true, force: true }));
  const images = path.join(folder, 'images');
  if (nodes === 'process') await unpackLabImages(images);
  const start = async (name: string): Promise<Cluster> => {
    const ofCluster = nodes === 'process' ? processNode({ images }) : fakeNodes(binaries);
    return startCluster({ name, folder: path.join(folder, name), binaries, nodes: ofCluster });
  };
  const [alpha, beta] = await closing.opened([start('alpha'), start('beta')], async (cluster) => cluster.stop());
  const openings = [gateBefore(alpha.access.server), gateBefore(beta.access.server)] as const;
  const [toAlpha, toBeta] = await closing.opened(openings, async (gate) => gate.stop());
  const gates = { alpha: toAlpha, beta: toBeta };
  const access = [
    { ...alpha.access, server: `https://127.0.0.1:${gates.alpha.port}` },
    { ...beta.access, server: `https://127.0.0.1:${gates.beta.port}` },
  ];
  await writeFile(path.join(folder, 'kubeconfig'), kubeconfig(access));
  const workers = [alpha, beta].map(({ workerAccess }) => workerAccess);
  await writeFile(path.join(folder, 'worker-kubeconfig'), kubeconfig(workers));
  const site = (cluster: 'alpha' | 'beta', namespace: string, file = 'kubeconfig'): KubernetesSite => ({
    driver: 'kubernetes',
    name: cluster === 'alpha' ? 'paris' : 'berlin',
    address: cluster === 'alpha' ? '127.0.1.1' : '127.0.2.1',
    kubernetes: { context: cluster, namespace, kubeconfig: file },
  });
  return {
    folder,
    alpha,
    beta,
    gates,
    site: (cluster, namespace) => site(cluster, namespace),
    workerSite: (cluster, namespace) => site(cluster, namespace, 'worker-kubeconfig'),
    stop: async () => closing.close(),
  };
}
