import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { containersOn } from './nodes/containers';
import type { ClusterState, NodeKind } from '../lab-state';
import { alive, identities } from '../lab-state';
import type { Binaries } from './binaries/versions';
import { findKubelet } from './binaries/find-binaries';
import { kubeconfig } from './cluster/kubeconfig';
import { startCluster, type Cluster } from './cluster/start-cluster';
import { buildLabImages } from './images/lab-images';
import { fakeNodes } from './nodes/fake-nodes';
import { nodePlace } from './nodes/node-place';
import type { Nodes } from './nodes/nodes';
import { realNode } from './nodes/real-node';

/** Names of the two clusters, of their contexts and of the beginnings of their nodes. */
const clusterNames = ['alpha', 'beta'] as const;

export const clusterFolders = (folder: string): readonly string[] =>
  clusterNames.map((name) => path.join(folder, name));

const imagesFolder = (folder: string): string => path.join(folder, 'images');

const kubeconfigFile = (folder: string): string => path.join(folder, 'kubeconfig');

interface ClustersOptions {
  /** That of the lab. */
  readonly folder: string;
  readonly say: (line: string) => void;
  readonly nodes: NodeKind;
  readonly binaries: Binaries;
}

/** Starts two clusters side by side that outlive this process, and writes one kubeconfig with both. Both are there, or none. */
export async function startClusters(options: ClustersOptions): Promise<readonly Cluster[]> {
  const { folder, binaries } = options;
  const nodesOf = await preparedNodes(options);
  const start = async (name: string): Promise<Cluster> =>
    startCluster({ name, folder: path.join(folder, name), binaries, nodes: nodesOf(), detached: true });
  const outcomes = await Promise.allSettled(clusterNames.map(start));
  // Each runtime has its own copy by now.
  await rm(imagesFolder(folder), { recursive: true, force: true });
  const clusters = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) {
    await Promise.all(clusters.map(async (cluster) => cluster.stop()));
    throw failed.reason;
  }
  await writeFile(kubeconfigFile(folder), kubeconfig(clusters.map(({ access }) => access)), { mode: 0o600 });
  return clusters;
}

/** Builds what they need, once for both clusters. */
async function preparedNodes({ folder, say, nodes, binaries }: ClustersOptions): Promise<() => Nodes> {
  if (nodes === 'fake') return () => fakeNodes(binaries);
  const options = { kubelet: await findKubelet({ say }), images: await buildLabImages(imagesFolder(folder)) };
  return () => realNode(options);
}

export const clusterState = ({ name, access, pids }: Cluster): ClusterState => ({
  name,
  server: access.server,
  processes: identities(pids),
});

export const kubeconfigSetting = (folder: string): string =>
  `export KUBECONFIG=${kubeconfigFile(folder)}   # contexts ${clusterNames.join(' and ')}`;

/** "cluster alpha at https://127.0.0.1:6443: 8 of 8 processes run, 4 containers" */
export function clusterLine(folder: string, nodes: NodeKind, { name, server, processes }: ClusterState): string {
  const pods = nodes === 'real' ? `, ${containersOn(nodePlace(path.join(folder, name)))} containers` : '';
  return `cluster ${name} at ${server}: ${alive(processes).length} of ${processes.length} processes run${pods}`;
}
