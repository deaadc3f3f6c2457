import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { findBinaries, findKubelet } from '../../../lab/kubernetes/binaries/find-binaries';
import { startCluster, type Cluster } from '../../../lab/kubernetes/cluster/start-cluster';
import { buildLabImages } from '../../../lab/kubernetes/images/lab-images';
import { realNode } from '../../../lab/kubernetes/nodes/real-node';
import { Closing } from '../../integration/closing';

export interface RealClusters {
  readonly folder: string;
  readonly alpha: Cluster;
  readonly beta: Cluster;
  stop(): Promise<void>;
}

/** Two clusters side by side whose pods are containers of this machine. */
export async function startRealClusters(): Promise<RealClusters> {
  return Closing.unlessOpen(open);
}

async function open(closing: Closing): Promise<RealClusters> {
  // A short name, for the sockets in it.
  const folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-real-'));
  closing.first(async () => rm(folder, { recursive: true, force: true }));
  const say = (): void => undefined;
  const [binaries, kubelet] = [await findBinaries({ say }), await findKubelet({ say })];
  const images = await buildLabImages(path.join(folder, 'images'));
  const start = async (name: string): Promise<Cluster> => {
    const nodes = realNode({ kubelet, images });
    return startCluster({ name, folder: path.join(folder, name), binaries, nodes });
  };
  const [alpha, beta] = await closing.opened([start('alpha'), start('beta')], async (cluster) => cluster.stop());
  return { folder, alpha, beta, stop: async () => closing.close() };
}
