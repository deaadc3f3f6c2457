import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { SwitchbackFailure } from '../../core/model/failure';
import { findBinaries } from './binaries/find-binaries';
import { kubeconfig } from './cluster/kubeconfig';
import { startCluster, type Cluster } from './cluster/start-cluster';
import { alive, end, forget, identities, readState, writeState, type LabState } from './lab-state';

export interface LabOptions {
  /** Everything of the lab lies in it; it is removed by `down`. */
  readonly folder: string;
  readonly say: (line: string) => void;
}

/** Names of the two clusters, of their contexts and of the beginnings of their nodes. */
const clusterNames = ['alpha', 'beta'] as const;
const goneWithinMs = 10_000;

/** Starts two clusters side by side that outlive this process, and writes one kubeconfig with both. */
export async function labUp({ folder, say }: LabOptions): Promise<void> {
  if (anyAlive(await readState(folder)))
    throw new SwitchbackFailure(
      'LabIncomplete',
      `a lab runs in ${folder} already; end it with \`npm run lab -- down\``,
    );
  const binaries = await findBinaries({ say });
  const start = async (name: string): Promise<Cluster> =>
    startCluster({ name, folder: path.join(folder, name), binaries, detached: true });
  const outcomes = await Promise.allSettled(clusterNames.map(start));
  const clusters = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) {
    await Promise.all(clusters.map(async (cluster) => cluster.stop()));
    throw failed.reason;
  }
  await writeState(folder, {
    startedAt: new Date().toISOString(),
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

/** Ends what `up` has started and nothing else, and removes the folder. */
export async function labDown({ folder, say }: LabOptions): Promise<void> {
  const state = await readState(folder);
  if (state === undefined) return say(`no lab is in ${folder}`);
  const processes = state.clusters.flatMap((cluster) => cluster.processes);
  end(processes);
  const since = performance.now();
  while (alive(processes).length > 0) {
    if (performance.now() - since > goneWithinMs) {
      const left = alive(processes).map(({ pid }) => pid);
      throw new SwitchbackFailure(
        'LabIncomplete',
        `pid ${left.join(', ')} did not end; end it by hand, then run down again`,
      );
    }
    await pause(20);
  }
  await forget(folder);
  say(`the lab is down: ${processes.length} processes ended, ${folder} removed`);
}

/** One line a cluster. True: all of it runs. */
export async function labStatus({ folder, say }: LabOptions): Promise<boolean> {
  const state = await readState(folder);
  if (state === undefined) {
    say(`no lab is in ${folder}; start one with \`npm run lab -- up --nodes fake\``);
    return false;
  }
  for (const { name, server, processes } of state.clusters) {
    say(
      `cluster ${name} at ${server}: ${alive(processes).length} of ${processes.length} processes run since ${state.startedAt}`,
    );
  }
  say(`KUBECONFIG=${kubeconfigFile(folder)}`);
  return state.clusters.every(({ processes }) => alive(processes).length === processes.length);
}

const kubeconfigFile = (folder: string): string => path.join(folder, 'kubeconfig');

const anyAlive = (state: LabState | undefined): boolean =>
  (state?.clusters ?? []).some(({ processes }) => alive(processes).length > 0);
