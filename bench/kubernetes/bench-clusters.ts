import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { Credentials } from '../../drivers/kubernetes/client/credentials';
import { KubeClient } from '../../drivers/kubernetes/client/kube-client';
import { findBinaries } from '../../lab/kubernetes/binaries/find-binaries';
import { kubeconfig } from '../../lab/kubernetes/cluster/kubeconfig';
import { startCluster, type Cluster } from '../../lab/kubernetes/cluster/start-cluster';

/** Home and refuge of every protection group of the benchmark; names of their contexts as well. */
export const clusterNames = { primary: 'alpha', recovery: 'beta' } as const;
export type ClusterName = (typeof clusterNames)[keyof typeof clusterNames];

/** Who asks: the worker and the floor are one user with the same rights. The bash loop needs more: `kubectl scale` patches scales. */
export const workerUser = 'switchback-worker';

export interface BenchClusters {
  readonly clusters: Readonly<Record<ClusterName, Cluster>>;
  /** As that user. */
  readonly asWorker: Readonly<Record<ClusterName, KubeClient>>;
  /** Has the files `kubeconfig`, of that user, and `admin-kubeconfig`, each with a context for each cluster. */
  readonly folder: string;
}

/** Puts up two clusters side by side, and takes them down again. */
export async function withClusters<Result>(
  say: (line: string) => void,
  use: (bench: BenchClusters) => Promise<Result>,
): Promise<Result> {
  const binaries = await findBinaries({ say });
  const folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-bench-clusters-'));
  const started: Cluster[] = [];
  const clients: KubeClient[] = [];
  try {
    const start = async (name: ClusterName): Promise<Cluster> => {
      const cluster = await startCluster({ name, folder: path.join(folder, name), binaries });
      started.push(cluster);
      await countByUser(cluster.client);
      return cluster;
    };
    const [alpha, beta] = await Promise.all([start('alpha'), start('beta')]);
    await writeFile(path.join(folder, 'kubeconfig'), kubeconfig([alpha.workerAccess, beta.workerAccess]));
    await writeFile(path.join(folder, 'admin-kubeconfig'), kubeconfig([alpha.access, beta.access]));
    const client = (context: ClusterName): KubeClient => {
      const kubernetes = { namespace: 'default', context, kubeconfig: 'kubeconfig' };
      const site = { driver: 'kubernetes', name: context, address: '', kubernetes } as const;
      const made = new KubeClient(new Credentials(site, folder));
      clients.push(made);
      return made;
    };
    return await use({
      clusters: { alpha, beta },
      asWorker: { alpha: client('alpha'), beta: client('beta') },
      folder,
    });
  } finally {
    for (const client of clients) client.close();
    await Promise.all(started.map(async (cluster) => cluster.stop()));
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Gives the user a flow schema of its own, so that the metrics of the API server tell its requests from all others. It has the
 * priority level that the account of a worker in a cluster would have.
 */
async function countByUser(client: KubeClient): Promise<void> {
  const rules = {
    subjects: [{ kind: 'User', user: { name: workerUser } }],
    resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'], namespaces: ['*'], clusterScope: true }],
    nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
  };
  await client.create('/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas', {
    apiVersion: 'flowcontrol.apiserver.k8s.io/v1',
    kind: 'FlowSchema',
    metadata: { name: workerUser },
    spec: {
      priorityLevelConfiguration: { name: 'workload-low' },
      matchingPrecedence: 8000,
      distinguisherMethod: { type: 'ByUser' },
      rules: [rules],
    },
  });
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly subjects?: readonly object[];
}

/** Gives the user in this namespace what deploy/kubernetes gives a worker, and no more. */
export async function grantWorker(client: KubeClient, namespace: string): Promise<void> {
  const rbac = '/apis/rbac.authorization.k8s.io/v1';
  const collections: Readonly<Record<string, string>> = {
    Role: `${rbac}/namespaces/${namespace}/roles`,
    RoleBinding: `${rbac}/namespaces/${namespace}/rolebindings`,
    ClusterRole: `${rbac}/clusterroles`,
    ClusterRoleBinding: `${rbac}/clusterrolebindings`,
  };
  const file = path.join(__dirname, '../../deploy/kubernetes/worker-role.yaml');
  const subjects = [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: workerUser }];
  for (const document of parseAllDocuments(await readFile(file, 'utf8'))) {
    const manifest = document.toJS() as Manifest;
    const collection = collections[manifest.kind];
    if (collection === undefined) continue;
    const granted = manifest.subjects === undefined ? manifest : { ...manifest, subjects };
    // Applied: what is of the whole cluster is there since the first namespace.
    const path = `${collection}/${manifest.metadata.name}`;
    await client.apply(path, granted, { force: 'true' }, new AbortController().signal);
  }
}
