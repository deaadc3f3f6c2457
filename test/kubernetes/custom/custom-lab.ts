import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Runbook } from '../../../core/model/runbook';
import { writeRunbook } from '../../integration/workflows/write-runbook';
import { startRunLab, type RunLab } from '../lab/run-lab';
import { makeNamespace } from '../lab/objects';
import { startTwoClusters, type TwoClusters } from '../lab/two-clusters';
import { startController } from './custom-controller';
import { collectionOf, customObject, define, pools, rollouts } from './custom-objects';

export const namespace = 'shop';

/** Two custom kinds, and one of Kubernetes itself, moved by a worker that may do only what its Roles say. */
const yaml = `switchback: 1
group: custom
objectives: { rpo: 1m, rto: 5m }
sites:
  primary:
    name: paris
    driver: kubernetes
    address: 127.0.1.1
    kubernetes: { context: alpha, namespace: ${namespace}, kubeconfig: worker-kubeconfig }
  recovery:
    name: berlin
    driver: kubernetes
    address: 127.0.2.1
    kubernetes: { context: beta, namespace: ${namespace}, kubeconfig: worker-kubeconfig }
workloads:
  - name: web
    kubernetes: { kind: Rollout, apiVersion: example.com/v1, name: web }
  - name: cache
    kubernetes: { kind: Pool, apiVersion: example.com/v1, name: cache }
`;

export interface CustomLab {
  readonly clusters: TwoClusters;
  readonly runbook: Runbook;
  readonly run: RunLab;
  tearDown(): Promise<void>;
}

/** The active site has three of the one and two of the other, the standby none; an operator of each kind runs at both. */
export async function startCustomLab(): Promise<CustomLab> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'switchback-custom-'));
  const clusters = await startTwoClusters();
  const controllers: (() => Promise<void>)[] = [];
  for (const { client, name } of [clusters.alpha, clusters.beta]) {
    await makeNamespace(client, namespace);
    for (const definition of [rollouts, pools]) {
      await define(client, definition);
      controllers.push(startController(client, namespace, definition));
    }
    const active = name === 'alpha';
    await client.create(collectionOf(namespace, 'rollouts'), customObject(rollouts, 'web', active ? 3 : 0));
    await client.create(collectionOf(namespace, 'pools'), customObject(pools, 'cache', active ? 2 : 0));
  }
  const runbook = await writeRunbook(home, yaml);
  const run = await startRunLab({ home, kubeconfigFolder: clusters.folder, runbook: 'custom' });
  return {
    clusters,
    runbook,
    run,
    tearDown: async () => {
      await run.tearDown();
      await Promise.all(controllers.map(async (stop) => stop()));
      await clusters.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}
