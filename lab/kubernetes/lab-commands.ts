import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { SwitchbackFailure } from '../../core/model/failure';
import { findBinaries, findKubelet } from './binaries/find-binaries';
import type { Binaries } from './binaries/versions';
import { kubeconfig } from './cluster/kubeconfig';
import { markedProcesses } from './cluster/marked-processes';
import { releaseCluster } from './cluster/release-cluster';
import { startCluster, type Cluster } from './cluster/start-cluster';
import { buildLabImages } from './images/lab-images';
import { alive, identities, readState, writeState, type NodeKind } from './lab-state';
import { containersOn } from './nodes/containers';
import { fakeNodes } from './nodes/fake-nodes';
import { whyNoRealNodes } from './nodes/machine-needs';
import { nodePlace } from './nodes/node-place';
import type { Nodes } from './nodes/nodes';
import { realNode } from './nodes/real-node';

export interface LabOptions {
  /** Everything of the lab lies in it; it is removed by `down`. */
  readonly folder: string;
  readonly say: (line: string) => void;
}

/** Names of the two clusters, of their contexts and of the beginnings of their nodes. */
const clusterNames = ['alpha', 'beta'] as const;

/** Starts two clusters side by side that outlive this process, and writes one kubeconfig with both. */
export async function labUp({ folder, say }: LabOptions, kind: NodeKind): Promise<void> {
  if (clusterFolders(folder).some((each) => markedProcesses(each).length > 0))
    throw new SwitchbackFailure(
      'LabIncomplete',
      `a lab runs in ${folder} already; end it with \`npm run lab -- down\``,
    );
  const why = kind === 'real' ? whyNoRealNodes() : undefined;
  if (why !== undefined) throw new SwitchbackFailure('LabIncomplete', why);
  const binaries = await findBinaries({ say });
  const startedAt = new Date().toISOString();
  await writeState(folder, { startedAt, nodes: kind, clusters: [] });
  const nodesOf = await preparedNodes({ folder, say }, kind, binaries);
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
  await writeState(folder, {
    startedAt,
    nodes: kind,
    clusters: clusters.map(({ name, access, pids }) => ({ name, server: access.server, processes: identities(pids) })),
  });
  const file = kubeconfigFile(folder);
  await writeFile(file, kubeconfig(clusters.map(({ access }) => access)), { mode: 0o600 });
  for (const { name, access, client } of clusters) {
    client.close();
    say(`cluster ${name} is up at ${access.server}`);
  }
  say(`export KUBECONFIG=${file}   # contexts ${clusterNames.join(' and ')}`);
}

/** Builds what they need, once for both clusters. */
async function preparedNodes({ folder, say }: LabOptions, kind: NodeKind, binaries: Binaries): Promise<() => Nodes> {
  if (kind === 'fake') return () => fakeNodes(binaries);
  const options = { kubelet: await findKubelet({ say }), images: await buildLabImages(imagesFolder(folder)) };
  return () => realNode(options);
}

/** Ends what `up` has started and nothing else, also when it was killed half-way, and removes the folder. */
export async function labDown({ folder, say }: LabOptions): Promise<void> {
  if ((await readState(folder)) === undefined) return say(`no lab is in ${folder}`);
  const ended = await Promise.all(clusterFolders(folder).map(releaseCluster));
  await rm(folder, { recursive: true, force: true });
  say(`the lab is down: ${ended.reduce((sum, count) => sum + count, 0)} processes ended, ${folder} removed`);
}

/** One line a cluster. True: all of it runs. */
export async function labStatus({ folder, say }: LabOptions): Promise<boolean> {
  const state = await readState(folder);
  if (state === undefined) {
    say(`no lab is in ${folder}; start one with \`npm run lab -- up\``);
    return false;
  }
  const { startedAt, nodes, clusters } = state;
  if (clusters.length === 0) {
    say(
      `the lab in ${folder} is being started since ${startedAt}, or was not to its end; \`npm run lab -- down\` ends it`,
    );
    return false;
  }
  for (const { name, server, processes } of clusters) {
    const pods = nodes === 'real' ? `, ${containersOn(nodePlace(path.join(folder, name)))} containers` : '';
    say(
      `cluster ${name} at ${server}: ${alive(processes).length} of ${processes.length} processes run${pods}, since ${startedAt}`,
    );
  }
  say(`KUBECONFIG=${kubeconfigFile(folder)}`);
  return clusters.every(({ processes }) => alive(processes).length === processes.length);
}

const clusterFolders = (folder: string): readonly string[] => clusterNames.map((name) => path.join(folder, name));

const imagesFolder = (folder: string): string => path.join(folder, 'images');

const kubeconfigFile = (folder: string): string => path.join(folder, 'kubeconfig');
