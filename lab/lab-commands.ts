import { rm } from 'node:fs/promises';
import { SwitchbackFailure } from '../core/model/failure';
import { findBinaries } from './kubernetes/binaries/find-binaries';
import { releaseCluster } from './kubernetes/cluster/release-cluster';
import { whyNoRealNodes } from './kubernetes/nodes/machine-needs';
import {
  clusterFolders,
  clusterLine,
  clusterState,
  kubeconfigSetting,
  startClusters,
} from './kubernetes/start-clusters';
import { alive, readState, writeState, type LabState, type NodeKind, type Route53State } from './lab-state';
import { endMarkedProcesses, markedProcesses } from './processes/marked-processes';
import { backgroundFolder, startInBackground } from './route53/background';
import { route53Lines } from './route53/background-lines';
import { runbooksIn, writeZones } from './route53/write-zones';
import { readLabRunbook } from './route53/lab-runbook';

export interface LabOptions {
  /** Everything of the lab lies in it; it is removed by `down`. */
  readonly folder: string;
  readonly say: (line: string) => void;
}

/** Starts two clusters and Route 53, which outlive this process. A machine without Python gets the clusters alone, and is told so. */
export async function labUp({ folder, say }: LabOptions, nodes: NodeKind): Promise<void> {
  if (partFolders(folder).some((each) => markedProcesses(each).length > 0))
    throw new SwitchbackFailure(
      'LabIncomplete',
      `a lab runs in ${folder} already; end it with \`npm run lab -- down\``,
    );
  const why = nodes === 'real' ? whyNoRealNodes() : undefined;
  if (why !== undefined) throw new SwitchbackFailure('LabIncomplete', why);
  const binaries = await findBinaries({ say });
  const startedAt = new Date().toISOString();
  await writeState(folder, { startedAt, nodes });
  const [clusters, route53] = await Promise.allSettled([
    startClusters({ folder, say, nodes, binaries }),
    startInBackground({ folder, say }),
  ]);
  if (clusters.status === 'rejected' || route53.status === 'rejected') {
    if (clusters.status === 'fulfilled') await Promise.all(clusters.value.map(async (cluster) => cluster.stop()));
    await endMarkedProcesses(backgroundFolder(folder));
    throw [clusters, route53].find((outcome) => outcome.status === 'rejected')?.reason;
  }
  const started = { clusters: clusters.value.map(clusterState), route53: route53.value };
  await writeState(folder, { startedAt, nodes, started });
  for (const { name, access, client } of clusters.value) {
    client.close();
    say(`cluster ${name} is up at ${access.server}`);
  }
  for (const line of [kubeconfigSetting(folder), ...route53Lines(route53.value)]) say(line);
}

/** Ends what `up` has started and nothing else, also when it was killed half-way, and removes the folder. */
export async function labDown({ folder, say }: LabOptions): Promise<void> {
  if ((await readState(folder)) === undefined) return say(`no lab is in ${folder}`);
  const ended = await Promise.all([
    ...clusterFolders(folder).map(releaseCluster),
    endMarkedProcesses(backgroundFolder(folder)),
  ]);
  await rm(folder, { recursive: true, force: true });
  say(`the lab is down: ${ended.reduce((sum, count) => sum + count, 0)} processes ended, ${folder} removed`);
}

/** One line a part, and the settings to use it. True: all that was started runs. */
export async function labStatus({ folder, say }: LabOptions): Promise<boolean> {
  const state = await readState(folder);
  if (state === undefined) {
    say(`no lab is in ${folder}; start one with \`npm run lab -- up\``);
    return false;
  }
  const { startedAt, nodes, started } = state;
  if (started === undefined) {
    say(
      `the lab in ${folder} is being started since ${startedAt}, or was not to its end; \`npm run lab -- down\` ends it`,
    );
    return false;
  }
  for (const cluster of started.clusters) say(`${clusterLine(folder, nodes, cluster)}, since ${startedAt}`);
  for (const line of [kubeconfigSetting(folder), ...route53Lines(started.route53)]) say(line);
  const processes = [...started.clusters, started.route53].flatMap((part) =>
    'processes' in part ? part.processes : [],
  );
  return alive(processes).length === processes.length;
}

/** Makes the hosted zones that the runbooks name, with their records, and writes runbooks that ask the name server of the lab. */
export async function labZones({ folder, say }: LabOptions, files: readonly string[]): Promise<void> {
  const runbooks = await Promise.all(files.map(readLabRunbook));
  const { endpoint, nameServer } = runningRoute53(folder, await readState(folder));
  for (const { id, name, sets } of await writeZones({ folder, endpoint, nameServer, runbooks }))
    say(`hosted zone ${id} of ${name}: ${sets.map(({ Name, Type }) => `${Name} ${Type}`).join(', ')}`);
  say(`export SWITCHBACK_RUNBOOKS=${runbooksIn(folder)}   # they ask the name server ${nameServer}`);
}

function runningRoute53(folder: string, state: LabState | undefined): Extract<Route53State, { kind: 'started' }> {
  const route53 = state?.started?.route53;
  if (route53?.kind === 'started') return route53;
  const why = route53?.why ?? `no lab is up in ${folder}; start one with \`npm run lab -- up\``;
  throw new SwitchbackFailure('LabIncomplete', why);
}

const partFolders = (folder: string): readonly string[] => [...clusterFolders(folder), backgroundFolder(folder)];
