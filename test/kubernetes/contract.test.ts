import { setTimeout as pause } from 'node:timers/promises';
import type { KubernetesSite, SiteSpec } from '../../core/model/site';
import type { WorkloadSpec } from '../../core/model/workload';
import { KubeError } from '../../drivers/kubernetes/client/kube-error';
import type { KubeObject, Pod, WorkloadObject } from '../../drivers/kubernetes/kube-object';
import { createKubernetesWorkloads } from '../../drivers/kubernetes/kubernetes-workloads';
import type { Cluster } from '../../lab/kubernetes/cluster/start-cluster';
import { describeContract } from '../contract/contract';
import { workloadRules } from '../contract/workload-contract';
import { workloadCopyRules } from '../contract/workload-copy-rules';
import type { WorkloadFixture } from '../contract/workload-fixture';
import { deployment, deploymentsIn, makeNamespace, type PodOptions } from './lab/objects';
import { startTwoClusters, type TwoClusters } from './lab/two-clusters';

let clusters: TwoClusters;
let namespaces = 0;

beforeAll(async () => void (clusters = await startTwoClusters()));
afterAll(async () => clusters.stop());

const tempers = {
  wellBehaved: {},
  another: {},
  stubborn: { temper: 'stubborn' },
  unstoppable: { finalizers: ['lab.switchback.dev/held'] },
  sick: {},
  endsAtOnce: { temper: 'crash-loop' },
} as const satisfies Record<keyof WorkloadFixture['workloads'], PodOptions>;

const nameOf = (key: string): string => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function workload(key: keyof typeof tempers): WorkloadSpec {
  const name = nameOf(key);
  const kubernetes = { kind: 'Deployment', name };
  const spec = { name, priority: 1, dependsOn: [], volumes: [], checks: [], kubernetes };
  return { ...spec, stopGraceSeconds: key === 'stubborn' || key === 'unstoppable' ? 0.3 : 10 };
}

async function setUp(): Promise<WorkloadFixture> {
  namespaces += 1;
  const namespace = `contract-${namespaces}`;
  const clusterOf = ({ name }: SiteSpec): Cluster => (name === 'paris' ? clusters.alpha : clusters.beta);
  const gateOf = ({ name }: SiteSpec) => (name === 'paris' ? clusters.gates.alpha : clusters.gates.beta);
  const options = { kubeconfigFolder: clusters.folder, forcedWithinMs: 2_000 };
  const driver = createKubernetesWorkloads(options);
  const drivers = [driver];
  const [site, peer] = [clusters.site('alpha', namespace), clusters.site('beta', namespace)];
  await Promise.all(
    [site, peer].map(async (each) => {
      const { client } = clusterOf(each);
      await makeNamespace(client, namespace);
      const objects = Object.entries(tempers).map(([key, pod]) => deployment(nameOf(key), 0, pod));
      await Promise.all(objects.map(async (object) => client.create(deploymentsIn(namespace), object)));
    }),
  );
  const endings = recordEndings(clusterOf(site), namespace);
  return {
    group: 'shop',
    site,
    peer,
    copy: site,
    driver,
    lastWords: 'no such database',
    workloads: {
      wellBehaved: workload('wellBehaved'),
      another: workload('another'),
      stubborn: workload('stubborn'),
      unstoppable: workload('unstoppable'),
      sick: workload('sick'),
      endsAtOnce: workload('endsAtOnce'),
    },
    isolate: async (each) => gateOf(each).close(),
    reconnect: async (each) => gateOf(each).open(),
    state: async () => Promise.all([site, peer].map(async (each) => snapshot(clusterOf(each), each))),
    restarted: async () => {
      await reapply(clusterOf(site), namespace);
      const later = createKubernetesWorkloads(options);
      drivers.push(later);
      return later;
    },
    // A fake pod acknowledges what reaches it, and it is reached as long as it is Ready.
    write: async (each, { name }) => {
      const { items } = await clusterOf(each).client.get<{ items: Pod[] }>(`/api/v1/namespaces/${namespace}/pods`);
      return items.some(
        ({ metadata, status }) =>
          metadata.labels?.['app'] === name &&
          metadata.deletionTimestamp === undefined &&
          (status.conditions ?? []).some(({ type, status: value }) => type === 'Ready' && value === 'True'),
      );
    },
    endedBy: async (_site, { name }) => endings.of(name),
    tearDown: async () => {
      endings.stop();
      for (const each of drivers) each.close();
      for (const gate of Object.values(clusters.gates)) gate.open();
      await Promise.all([site, peer].map(async (each) => removeAll(clusterOf(each), namespace)));
    },
  };
}

/** What a driver could have changed: what is wanted of each object, what is written on it, and the records. */
async function snapshot({ client }: Cluster, { kubernetes: { namespace } }: KubernetesSite): Promise<unknown> {
  const deployments = await client.get<{ items: WorkloadObject[] }>(deploymentsIn(namespace));
  const maps = await client.get<{ items: (KubeObject & { data: object })[] }>(
    `/api/v1/namespaces/${namespace}/configmaps`,
  );
  return {
    deployments: deployments.items.map(({ metadata: { name, labels, annotations = {} }, spec }) => {
      // The deployment controller writes its own.
      const { ['deployment.kubernetes.io/revision']: _revision, ...written } = annotations;
      return { name, labels, annotations: written, spec };
    }),
    maps: maps.items
      .filter(({ metadata }) => metadata.name !== 'kube-root-ca.crt')
      .map(({ metadata: { name, labels }, data }) => ({ name, labels, data })),
  };
}

/** A GitOps controller finds its old manifest gone and applies it again: without annotations, and with replicas. */
async function reapply({ client }: Cluster, namespace: string): Promise<void> {
  const path = `${deploymentsIn(namespace)}/well-behaved`;
  await client.request({ method: 'DELETE', path, body: { propagationPolicy: 'Background' } });
  await until(async () => (await client.get(path).catch((error: KubeError) => error.status)) === 404);
  await expect(client.create(deploymentsIn(namespace), deployment('well-behaved', 1))).rejects.toMatchObject({
    status: 403,
    message: expect.stringContaining('switchback-fence: well-behaved was last started with epoch 0'),
  });
}

/** With which grace period the last pod of each app went. */
function recordEndings({ client }: Cluster, namespace: string) {
  const stop = new AbortController();
  const last = new Map<string, 'request' | 'force'>();
  const follow = async (): Promise<void> => {
    const path = `/api/v1/namespaces/${namespace}/pods`;
    for await (const { object } of client.watch<Pod>(path, {}, stop.signal)) {
      const seconds = (object.metadata as { deletionGracePeriodSeconds?: number }).deletionGracePeriodSeconds;
      // 0 is what the node confirms the end with.
      if (seconds !== undefined && seconds > 0) {
        last.set(object.metadata.labels?.['app'] ?? '', seconds === 1 ? 'force' : 'request');
      }
    }
  };
  follow().catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  return {
    of: async (app: string): Promise<'request' | 'force'> => {
      await until(async () => last.has(app));
      return last.get(app) ?? 'request';
    },
    stop: () => stop.abort(),
  };
}

async function removeAll({ client }: Cluster, namespace: string): Promise<void> {
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  await client.request({ method: 'DELETE', path: deploymentsIn(namespace), body: { propagationPolicy: 'Background' } });
  const { items } = await client.get<{ items: Pod[] }>(pods);
  await Promise.all(
    items.map(async ({ metadata: { name } }) => {
      const gone = (error: unknown): void => {
        if (!(error instanceof KubeError && error.status === 404)) throw error;
      };
      await client.patch(`${pods}/${name}`, { metadata: { finalizers: null } }).catch(gone);
      await client.text({ method: 'DELETE', path: `${pods}/${name}`, body: { gracePeriodSeconds: 0 } }).catch(gone);
    }),
  );
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await pause(20);
}

const copies: readonly unknown[] = workloadCopyRules;

// Copies of drills are refused at Kubernetes sites.
describeContract(
  'Kubernetes workloads',
  workloadRules.filter((rule) => !copies.includes(rule)),
  setUp,
);
