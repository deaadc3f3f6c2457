import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { findBinaries, findKubelet } from '../../../lab/kubernetes/binaries/find-binaries';
import { startCluster, type Cluster } from '../../../lab/kubernetes/cluster/start-cluster';
import { buildLabImages } from '../../../lab/kubernetes/images/lab-images';
import { realNode } from '../../../lab/kubernetes/nodes/real-node';

export interface RealClusters {
  readonly folder: string;
  readonly alpha: Cluster;
  readonly beta: Cluster;
  stop(): Promise<void>;
}

/** Two clusters side by side whose pods are containers of this machine. */
export async function startRealClusters(): Promise<RealClusters> {
  // A short name, for the sockets in it.
  const folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-real-'));
  const say = (): void => undefined;
  const [binaries, kubelet] = [await findBinaries({ say }), await findKubelet({ say })];
  const images = await buildLabImages(path.join(folder, 'images'));
  const start = async (name: string): Promise<Cluster> =>
    startCluster({ name, folder: path.join(folder, name), binaries, nodes: realNode({ kubelet, images }) });
  const [alpha, beta] = await Promise.all([start('alpha'), start('beta')]);
  return {
    folder,
    alpha,
    beta,
    stop: async () => {
      await Promise.all([alpha.stop(), beta.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
