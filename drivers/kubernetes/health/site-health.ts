import type { HealthFinding, KubernetesSite, SiteHealth } from '../../../core/model/site';
import { isStatus } from '../client/kube-error';
import { atSite, type SiteCluster } from '../cluster';
import type { KubeList, KubeObject } from '../kube-object';
import { builtInKind } from '../kinds/kinds';
import {
  permissions,
  permissionsForCustomKinds,
  permissionsForDrills,
  permissionsForSnapshots,
  permissionsForStaging,
  permissionsForVolumes,
} from './permissions';
import { quotaHeadroom } from './quota';
import { snapshotsOf } from './snapshots';

type Look = (cluster: SiteCluster) => Promise<HealthFinding>;

interface Node extends KubeObject {
  readonly spec?: { readonly unschedulable?: boolean };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

interface Claim extends KubeObject {
  readonly spec: { readonly storageClassName?: string };
  readonly status?: { readonly phase?: string };
}

const looks: Readonly<Record<string, Look>> = {
  namespace,
  nodes,
  permissions,
  quota: quotaHeadroom,
  claims,
  'fence policy': fencePolicy('fence policy', 'switchback-fence'),
};

/** Contract: drivers/ports.ts. */
export async function checkSiteHealth(
  cluster: SiteCluster,
  { drill, kubernetes }: KubernetesSite,
): Promise<SiteHealth> {
  const observedAt = new Date().toISOString();
  const site = cluster.site.name;
  const customKinds = (kubernetes.customKinds ?? []).filter(
    ({ apiVersion, kind }) => builtInKind(kind, apiVersion) === undefined,
  );
  try {
    const version = await atSite(cluster, async () => cluster.client.get<{ gitVersion: string }>('/version'));
    const server = { name: 'API server', ok: true, saw: `Kubernetes ${version.gitVersion}` };
    const wanted = {
      ...looks,
      ...(customKinds.length > 0 && {
        'permissions for custom kinds': permissionsForCustomKinds(customKinds),
        'fence policy for custom kinds': fencePolicy('fence policy for custom kinds', 'switchback-fence-custom'),
      }),
      ...(kubernetes.mover && { 'permissions for volumes': permissionsForVolumes }),
      ...(kubernetes.mover?.snapshots && {
        'permissions for snapshots': permissionsForSnapshots,
        snapshots: snapshotsOf(kubernetes.mover.snapshots),
      }),
      ...(kubernetes.staged && { 'permissions for staging': permissionsForStaging(kubernetes.staged) }),
      ...(drill && { 'permissions for drills': permissionsForDrills }),
    };
    const findings = await Promise.all(
      Object.entries(wanted).map(async ([name, look]) => finding(cluster, name, look)),
    );
    return { site, reachable: true, findings: [server, ...findings], observedAt };
  } catch (error) {
    const saw = error instanceof Error ? error.message : String(error);
    const fix = 'check the network to the API server, and the kubeconfig of the worker of this site';
    return { site, reachable: false, findings: [{ name: 'API server', ok: false, saw, fix }], observedAt };
  }
}

/** What cannot be looked at is not in order. */
async function finding(cluster: SiteCluster, name: string, look: Look): Promise<HealthFinding> {
  try {
    return await atSite(cluster, async () => look(cluster));
  } catch (error) {
    const saw = error instanceof Error ? error.message : String(error);
    return {
      name,
      ok: false,
      saw,
      fix: 'give the worker the permissions of deploy/kubernetes, or mend what the answer says',
    };
  }
}

async function namespace(cluster: SiteCluster): Promise<HealthFinding> {
  const name = 'namespace';
  const fix = `kubectl create namespace ${cluster.namespace}`;
  try {
    const path = `/api/v1/namespaces/${encodeURIComponent(cluster.namespace)}`;
    const { status } = await cluster.client.get<KubeObject & { status?: { phase?: string } }>(path);
    const phase = status?.phase ?? 'Active';
    if (phase === 'Active') return { name, ok: true, saw: `${cluster.namespace} is there` };
    return { name, ok: false, saw: `${cluster.namespace} is ${phase}`, fix: `wait until it is gone, then ${fix}` };
  } catch (error) {
    if (!isStatus(error, 404)) throw error;
    return { name, ok: false, saw: `there is no namespace ${cluster.namespace}`, fix };
  }
}

async function nodes(cluster: SiteCluster): Promise<HealthFinding> {
  const name = 'nodes';
  const { items } = await cluster.shared('nodes', async () => cluster.client.get<KubeList<Node>>('/api/v1/nodes'));
  const able = items.filter(
    ({ spec, status }) =>
      spec?.unschedulable !== true &&
      (status?.conditions ?? []).some(({ type, status: value }) => type === 'Ready' && value === 'True'),
  );
  const saw = `${able.length} of ${items.length} nodes are Ready and take pods`;
  if (able.length > 0) return { name, ok: true, saw };
  return { name, ok: false, saw, fix: 'look at `kubectl get nodes`: nothing can start there' };
}

/** A claim that waits for its first pod is bound then, when its storage class is there. */
async function claims(cluster: SiteCluster): Promise<HealthFinding> {
  const name = 'volume claims';
  const all = await cluster.list<Claim>('v1', 'persistentvolumeclaims');
  const unbound = all.filter(({ status }) => status?.phase !== 'Bound');
  const path = '/apis/storage.k8s.io/v1/storageclasses';
  const classes = unbound.length === 0 ? [] : (await cluster.client.get<KubeList<KubeObject>>(path)).items;
  const wrong = unbound.flatMap(({ metadata, spec, status }) => {
    const waits = status?.phase === 'Pending' && classes.some((one) => one.metadata.name === spec.storageClassName);
    return waits
      ? []
      : [`${metadata.name} is ${status?.phase ?? 'Pending'}, storage class ${spec.storageClassName ?? 'none'}`];
  });
  if (wrong.length === 0) return { name, ok: true, saw: `${all.length - unbound.length} of ${all.length} are bound` };
  const fix = 'look at `kubectl describe pvc`; create the storage class that is missing';
  return { name, ok: false, saw: wrong.join('; '), fix };
}

function fencePolicy(name: string, policy: string): Look {
  const fix = 'let an administrator run `kubectl apply -f deploy/kubernetes/fence-policy.yaml`';
  const root = '/apis/admissionregistration.k8s.io/v1';
  return async ({ client }) => {
    for (const kind of ['validatingadmissionpolicies', 'validatingadmissionpolicybindings']) {
      try {
        await client.get(`${root}/${kind}/${policy}`);
      } catch (error) {
        if (!isStatus(error, 404)) throw error;
        return { name, ok: false, saw: `${kind} has no ${policy}: a fence would keep nothing out`, fix };
      }
    }
    return { name, ok: true, saw: 'workloads that are fenced cannot be brought up' };
  };
}
