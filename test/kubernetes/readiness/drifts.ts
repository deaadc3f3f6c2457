import type { KubeClient } from '../../../drivers/kubernetes/client/kube-client';
import { isStatus } from '../../../drivers/kubernetes/client/kube-error';
import type { KubeObject } from '../../../drivers/kubernetes/kube-object';
import { until } from '../../integration/faults/until';
import type { Drift } from '../../integration/readiness/drift';
import { makeClientCertificate } from '../lab/client-certificate';
import { cordon } from '../lab/cordon';
import { deployment } from '../lab/objects';
import { pathsOf } from '../shop/shop-objects';
import type { DriftLab } from './drift-lab';

const rbac = '/apis/rbac.authorization.k8s.io/v1';
const paths = (there: DriftLab) => ({
  ...pathsOf(there.namespace),
  claims: `/api/v1/namespaces/${there.namespace}/persistentvolumeclaims`,
  quotas: `/api/v1/namespaces/${there.namespace}/resourcequotas`,
});

const isGone = async (client: KubeClient, object: string): Promise<boolean> =>
  client.get(object).then(
    () => false,
    (error: unknown) => isStatus(error, 404),
  );

/** Deletes an object and waits until it is gone. Returns what makes it anew as it was. */
async function deleted(client: KubeClient, collection: string, name: string): Promise<() => Promise<unknown>> {
  const object = `${collection}/${name}`;
  const before = await client.get<KubeObject & { status?: unknown }>(object);
  const { status: _status, metadata, ...rest } = before;
  const { annotations, labels } = metadata;
  await client.request({ method: 'DELETE', path: object, query: { propagationPolicy: 'Background' } });
  await until(`${object} is gone`, () => isGone(client, object));
  const plain = { name, ...(annotations && { annotations }), ...(labels && { labels }) };
  return async () => client.create(collection, { ...rest, metadata: plain });
}

async function made(client: KubeClient, collection: string, object: { metadata: { name: string } }) {
  await client.create(collection, object);
  const way = `${collection}/${object.metadata.name}`;
  return async () => {
    await client.request({ method: 'DELETE', path: way });
    await until(`${way} is gone`, () => isGone(client, way));
  };
}

const patched = async (client: KubeClient, object: string, there: object, back: object) => {
  await client.patch(object, there);
  return async () => client.patch(object, back);
};

const image = (name: string): object => ({ spec: { template: { spec: { containers: [withImage(name)] } } } });
const withImage = (name: string): object => ({
  name: 'main',
  image: name,
  resources: { requests: { cpu: '100m' } },
  envFrom: [{ configMapRef: { name: 'settings' } }],
});

const temper = (is: string | null): object => ({
  spec: { template: { metadata: { annotations: { 'lab.switchback.dev/temper': is } } } },
});

/** Of a user who may do everything, for ten minutes: the shortest that an API server gives. */
async function tokenOf({ clusters: { beta }, namespace }: DriftLab): Promise<string> {
  const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;
  await beta.client.create(accounts, { metadata: { name: 'short' } });
  await beta.client.create(`${rbac}/clusterrolebindings`, {
    metadata: { name: 'short' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'ServiceAccount', name: 'short', namespace }],
  });
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 600 } };
  const answer = await beta.client.create<{ status: { token: string } }>(`${accounts}/short/token`, request);
  return answer.status.token;
}

/** What can drift of two clusters. */
export const kubernetesDrifts: readonly Drift<DriftLab>[] = [
  {
    name: 'the standby has another image',
    seed: async (there) =>
      patched(
        there.clusters.beta.client,
        `${paths(there).deployments}/web`,
        image('example.invalid/app:0'),
        image('example.invalid/app:1'),
      ),
    state: 'AtRisk',
    code: 'ImageDiffers',
    names: 'web/main has image example.invalid/app:0, the active site example.invalid/app:1',
    doThis: 'deploy the same release at both sites',
  },
  {
    name: 'a ConfigMap is missing at the standby',
    seed: async (there) => deleted(there.clusters.beta.client, paths(there).configmaps, 'settings'),
    state: 'NotReady',
    code: 'PartMissing',
    names: 'web at berlin ConfigMap settings is not there',
    doThis: 'put it there',
  },
  {
    name: 'a claim is missing at the standby',
    seed: async (there) => {
      const { client } = there.clusters.beta;
      const again = await deleted(client, paths(there).claims, 'queue');
      return async () => {
        // What had it before is not to be had by another one unless it is let go.
        await client.patch('/api/v1/persistentvolumes/queue', { spec: { claimRef: null } });
        await again();
        await until('it is bound', async () => {
          const claim = await client.get<{ status?: { phase?: string } }>(`${paths(there).claims}/queue`);
          return claim.status?.phase === 'Bound';
        });
      };
    },
    state: 'NotReady',
    code: 'PartMissing',
    names: 'queue at berlin claim queue is not there',
    doThis: 'put it there',
  },
  {
    name: 'the storage class of a claim is missing at the standby',
    seed: async (there) =>
      made(there.clusters.beta.client, paths(there).claims, {
        metadata: { name: 'spool' },
        spec: { storageClassName: 'fast', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
      } as { metadata: { name: string } }),
    state: 'NotReady',
    code: 'StandbySiteHealthy',
    names: 'volume claims of berlin spool is Pending, storage class fast',
    doThis: 'create the storage class',
  },
  {
    name: 'a workload is missing at the standby',
    seed: async (there) => deleted(there.clusters.beta.client, paths(there).deployments, 'web'),
    state: 'NotReady',
    code: 'StandbyStopped',
    names: 'there is no Deployment web',
    doThis: 'bring back what is missing',
  },
  {
    name: 'the quota of the standby has become too small',
    seed: async (there) => {
      const { client } = there.clusters.beta;
      const quota = { metadata: { name: 'small' }, spec: { hard: { pods: '3' } } };
      const undo = await made(client, paths(there).quotas, quota);
      await until('what is used is known', async () => {
        const { status } = await client.get<{ status?: { used?: object } }>(`${paths(there).quotas}/small`);
        return status?.used !== undefined;
      });
      return undo;
    },
    state: 'NotReady',
    code: 'StandbySiteHealthy',
    names: 'quota of berlin what is stopped needs 4 pods: quota small allows pods 3',
    doThis: 'raise the quota',
  },
  {
    name: 'permissions of the worker are revoked at the standby',
    seed: async (there) => deleted(there.clusters.beta.client, paths(there).rolebindings, 'switchback-worker'),
    state: 'NotReady',
    code: 'StandbySiteHealthy',
    names: 'permissions of berlin not allowed in namespace drift',
    doThis: 'deploy/kubernetes/worker-role.yaml',
  },
  {
    name: 'the fence policy is gone at the standby',
    seed: async (there) =>
      deleted(
        there.clusters.beta.client,
        '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies',
        'switchback-fence',
      ),
    state: 'NotReady',
    code: 'StandbySiteHealthy',
    names: 'fence policy of berlin',
    doThis: 'kubectl apply -f deploy/kubernetes/fence-policy.yaml',
  },
  {
    name: 'no node of the standby takes pods',
    seed: async ({ clusters: { beta } }) => {
      await cordon(beta.client, true);
      return async () => cordon(beta.client, null);
    },
    state: 'NotReady',
    code: 'StandbySiteHealthy',
    names: 'nodes of berlin 0 of 2 nodes',
    doThis: 'kubectl get nodes',
  },
  {
    name: 'the API server of the standby does not answer',
    seed: async ({ clusters: { gates } }) => {
      gates.beta.close();
      return () => Promise.resolve(gates.beta.open());
    },
    state: 'NotReady',
    code: 'StandbySiteHealthy',
    names: 'API server of berlin',
    doThis: 'check the network to the API server',
  },
  {
    name: 'the token of the worker expires within twice the RTO',
    seed: async (there) => there.asUser({ token: await tokenOf(there) }),
    state: 'AtRisk',
    code: 'CredentialExpires',
    names: 'token of the kubeconfig drift-kubeconfig it expires at',
    doThis: 'renew it',
  },
  {
    name: 'the client certificate of the worker expires within twice the RTO',
    seed: async (there) => {
      const undo = [
        await there.asUser(await makeClientCertificate()),
        await there.editRunbook((yaml) => yaml.replace('rto: 5m', 'rto: 20h')),
      ];
      return async () => {
        for (const one of undo) await one();
      };
    },
    state: 'AtRisk',
    code: 'CredentialExpires',
    names: 'client certificate of the kubeconfig drift-kubeconfig it expires at',
    doThis: 'renew it',
  },
  {
    name: 'fewer instances are up at the active site than are wanted',
    seed: async (there) => {
      const { client } = there.clusters.alpha;
      const web = `${paths(there).deployments}/web`;
      const undo = await patched(client, web, temper('never-ready'), temper(null));
      await until('the new release is begun', async () => {
        const { status } = await client.get<{ status?: { updatedReplicas?: number } }>(web);
        return status?.updatedReplicas === 1;
      });
      return undo;
    },
    state: 'AtRisk',
    code: 'InstancesNotUp',
    names: 'web at paris',
    doThis: 'find out why they do not come up',
  },
  {
    name: 'the active site has other replicas than the runbook says',
    seed: async (there) =>
      patched(
        there.clusters.alpha.client,
        `${paths(there).deployments}/web`,
        { spec: { replicas: 3 } },
        { spec: { replicas: 2 } },
      ),
    state: 'AtRisk',
    code: 'ReplicasDiffer',
    names: '3 are wanted there, the runbook says 2',
    doThis: 'write the number of today',
  },
  {
    name: 'something runs at the active site that the runbook does not name',
    seed: async (there) =>
      made(
        there.clusters.alpha.client,
        paths(there).deployments,
        deployment('mail', 1) as { metadata: { name: string } },
      ),
    state: 'AtRisk',
    code: 'NothingLeftBehind',
    names: 'Deployment mail',
    doThis: 'name it under `workloads`',
  },
  {
    name: 'only the cluster says that anything works',
    seed: async ({ editRunbook }) => editRunbook((yaml) => yaml.replace(/^ +checks: .*\n/m, '')),
    state: 'AtRisk',
    code: 'HealthSelfReported',
    names: 'web: only that its instances are Ready',
    doThis: 'add a check that asks what customers ask',
  },
];
