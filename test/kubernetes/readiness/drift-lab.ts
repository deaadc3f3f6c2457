import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Readiness } from '../../../core/model/readiness';
import type { KubeClient } from '../../../drivers/kubernetes/client/kube-client';
import { writeRunbook } from '../../integration/workflows/write-runbook';
import { deployment, makeNamespace, podTemplate } from '../lab/objects';
import { startRunLab, type RunLab } from '../lab/run-lab';
import { startTwoClusters, type TwoClusters } from '../lab/two-clusters';
import { applyManifests } from '../permissions/manifests';
import { pathsOf } from '../shop/shop-objects';

/** Two clusters with fake nodes, a worker that may do what its Role says, and a shop of a queue on a claim and a web front end. */
export interface DriftLab {
  readonly clusters: TwoClusters;
  readonly runs: RunLab;
  readonly namespace: string;
  evaluate(): Promise<Readiness>;
  /** Another user for berlin in the kubeconfig of the worker. Returns what puts it back. */
  asUser(user: object): Promise<() => Promise<void>>;
  /** Returns what puts the runbook back. */
  editRunbook(edit: (yaml: string) => string): Promise<() => Promise<void>>;
  tearDown(): Promise<void>;
}

const namespace = 'drift';
const kubeconfig = 'drift-kubeconfig';

const runbook = `
switchback: 1
group: ${namespace}
objectives: { rpo: 1m, rto: 5m }
sites:
  primary:
    { name: paris, driver: kubernetes, address: 127.0.1.1, kubernetes: { context: alpha, namespace: ${namespace}, kubeconfig: ${kubeconfig} } }
  recovery:
    { name: berlin, driver: kubernetes, address: 127.0.2.1, kubernetes: { context: beta, namespace: ${namespace}, kubeconfig: ${kubeconfig} } }
workloads:
  - { name: queue, priority: 1, kubernetes: { kind: StatefulSet, name: queue } }
  - name: web
    priority: 2
    dependsOn: [queue]
    kubernetes: { kind: Deployment, name: web, replicas: 2 }
    checks: [{ name: start page is served, http: { port: 80, path: /, bodyContains: Shop } }]
`;

export async function startDriftLab(): Promise<DriftLab> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'switchback-drifts-'));
  const clusters = await startTwoClusters();
  await Promise.all([populate(clusters.alpha.client, true), populate(clusters.beta.client, false)]);
  const file = path.join(clusters.folder, kubeconfig);
  const ofWorker = await readFile(path.join(clusters.folder, 'worker-kubeconfig'), 'utf8');
  const { beta, gates } = clusters;
  await writeFile(file, ofWorker.replace(beta.access.server, `https://127.0.0.1:${gates.beta.port}`));
  await writeRunbook(home, runbook);
  const runs = await startRunLab({ home, kubeconfigFolder: clusters.folder, runbook: namespace });
  const edited = async (of: string, edit: (text: string) => string): Promise<() => Promise<void>> => {
    const before = await readFile(of, 'utf8');
    await writeFile(of, edit(before));
    return () => writeFile(of, before);
  };
  return {
    clusters,
    runs,
    namespace,
    evaluate: async () => (await (await runs.run('readiness')).result()) as Readiness,
    asUser: async (user) =>
      edited(file, (text) => {
        const config = JSON.parse(text) as { users: { name: string; user: object }[] };
        const users = config.users.map((one) =>
          one.name === 'beta' ? { ...one, user: { ...one.user, ...user } } : one,
        );
        return JSON.stringify({ ...config, users });
      }),
    editRunbook: async (edit) => edited(path.join(home, 'runbooks', `${namespace}.yaml`), edit),
    tearDown: async () => {
      await runs.tearDown();
      await clusters.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** The claim is bound by hand: nothing provides volumes here. */
async function populate(client: KubeClient, active: boolean): Promise<void> {
  await makeNamespace(client, namespace);
  await applyManifests(client, namespace);
  const paths = pathsOf(namespace);
  const size = { storage: '1Gi' };
  const ways = { accessModes: ['ReadWriteOnce'], storageClassName: '' };
  await client.create('/api/v1/persistentvolumes', {
    metadata: { name: 'queue' },
    spec: { ...ways, capacity: size, hostPath: { path: '/var/lib/queue' } },
  });
  await client.create(`/api/v1/namespaces/${namespace}/persistentvolumeclaims`, {
    metadata: { name: 'queue' },
    spec: { ...ways, resources: { requests: size }, volumeName: 'queue' },
  });
  await client.create(paths.configmaps, { metadata: { name: 'settings' }, data: { currency: 'EUR' } });
  // As a stop of an earlier move has written it down.
  const annotations = active ? {} : { 'switchback.dev/original-replicas': '2' };
  const replicas = active ? 2 : 0;
  const web = deployment('web', replicas) as {
    spec: { template: { spec: { containers: object[] } } };
    metadata: object;
  };
  const [container] = web.spec.template.spec.containers;
  web.spec.template.spec.containers = [{ ...container, envFrom: [{ configMapRef: { name: 'settings' } }] }];
  await client.create(paths.deployments, { ...web, metadata: { ...web.metadata, annotations } });
  await client.create(paths.statefulsets, {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'queue', annotations },
    spec: {
      replicas,
      serviceName: 'queue',
      selector: { matchLabels: { app: 'queue' } },
      template: podTemplate('queue', { claims: ['queue'] }),
    },
  });
}
