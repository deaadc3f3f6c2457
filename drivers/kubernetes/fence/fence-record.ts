import { SwitchbackFailure } from '../../../core/model/failure';
import { isStatus } from '../client/kube-error';
import type { SiteCluster } from '../cluster';
import { copyLabel } from '../copies/copy-namespace';
import type { WorkloadKind } from '../kinds/workload-kind';
import type { KubeObject } from '../kube-object';
import type { Target } from '../workloads/target';

/**
 * The ConfigMap `switchback-fence-<group>` of a namespace:
 *
 *   epoch, fencing, setBy, at                   the fence: lowest epoch that may write, "fenced" or "unfenced", by which operation
 *   workload.<plural>.<API group>.<name>        one key for each object of the group that the fence covers; the value says its kind
 *   replicas.<plural>.<API group>               of a custom kind that keeps its replicas elsewhere than in spec.replicas: where
 *
 * The admission policy of deploy/kubernetes/fence-policy.yaml reads it for every change of a workload.
 */
export interface FenceRecord {
  readonly epoch: number;
  readonly fencing: 'fenced' | 'unfenced';
  readonly setBy?: string;
  readonly at?: string;
  readonly workloads: readonly CoveredWorkload[];
  /** Of the copy of a drill: the run that it is open for. */
  readonly run?: string;
  /** Absent: there is no ConfigMap yet. */
  readonly resourceVersion?: string;
}

export interface CoveredWorkload {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

const keyPrefix = 'workload.';

/** Where the policy looks for replicas when no key says otherwise. */
const usualReplicas = 'spec.replicas';

/** The policy finds the fences of a namespace by it. */
const fenceLabel = 'switchback.dev/fence';

/** A group as names and labels have it: the mark of a copy is no letter of Kubernetes. */
export const nameIn = (group: string): string => group.replace('~', '.');

const fenceName = (group: string): string => `switchback-fence-${nameIn(group)}`;

export const fencePath = (cluster: SiteCluster, group: string): string =>
  cluster.path('v1', 'configmaps', fenceName(group));

/** Key under which the policy looks for an object. */
export const coverKey = ({ kind, name }: Target): string => `${keyPrefix}${resourceOf(kind)}.${name}`;

function resourceOf({ apiVersion, plural }: WorkloadKind): string {
  const apiGroup = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
  return `${plural}.${apiGroup}`;
}

/** What the fence has to know of a kind to cover objects of it, besides their own keys. */
export function kindKeys({ kind }: Target): Readonly<Record<string, string>> {
  const { replicasAt = usualReplicas } = kind.scale ?? {};
  return replicasAt === usualReplicas ? {} : { [`replicas.${resourceOf(kind)}`]: replicasAt };
}

export const coverValue = ({ kind, name }: Target): string =>
  JSON.stringify({ apiVersion: kind.apiVersion, kind: kind.kind, name } satisfies CoveredWorkload);

/** As of a moment after the call. Throws `FenceUnconfirmed` for a record that cannot be read: taking it for none would let everything write. */
export async function readFence(cluster: SiteCluster, group: string): Promise<FenceRecord> {
  const path = fencePath(cluster, group);
  try {
    return await cluster.shared(`fence ${path}`, async () => recordOf(cluster, await cluster.client.get(path)));
  } catch (error) {
    if (isStatus(error, 404)) return { epoch: 0, fencing: 'unfenced', workloads: [] };
    throw error;
  }
}

/** @throws SwitchbackFailure `Fenced` when the fence of the group at the site is higher than the epoch. */
export function assertEpochAllowed(
  cluster: SiteCluster,
  fence: FenceRecord,
  { group, epoch }: { group: string; epoch: number },
) {
  if (fence.epoch <= epoch) return;
  const message = `site "${cluster.site.name}" is fenced for group "${group}": epoch ${epoch} is lower than ${fence.epoch}`;
  throw new SwitchbackFailure('Fenced', message, { site: cluster.site.name, epoch, fence: fence.epoch });
}

/** A new ConfigMap with this fence, or a merge patch that holds only while the one that was read is unchanged. */
export function fenceObject(group: string, record: FenceRecord): object {
  const { epoch, fencing, setBy = '', at = '', run, resourceVersion } = record;
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: fenceName(group),
      labels: {
        [fenceLabel]: nameIn(group),
        'app.kubernetes.io/managed-by': 'switchback',
        ...(run !== undefined && { [copyLabel.run]: run }),
      },
      ...(resourceVersion !== undefined && { resourceVersion }),
    },
    data: { epoch: String(epoch), fencing, setBy, at },
  };
}

function recordOf(cluster: SiteCluster, { metadata, data = {} }: ConfigMap): FenceRecord {
  const { epoch, fencing, setBy, at } = data;
  const number = Number(epoch);
  if (!Number.isInteger(number) || (fencing !== 'fenced' && fencing !== 'unfenced')) {
    const message = `the ConfigMap ${metadata.name} at site "${cluster.site.name}" cannot be read: epoch ${epoch}, fencing ${fencing}`;
    throw new SwitchbackFailure('FenceUnconfirmed', message, { site: cluster.site.name });
  }
  const workloads = Object.entries(data)
    .filter(([key]) => key.startsWith(keyPrefix))
    .map(([, value]) => JSON.parse(value) as CoveredWorkload);
  const { resourceVersion, labels } = metadata;
  const run = labels?.[copyLabel.run];
  const optional = { ...(setBy && { setBy }), ...(at && { at }), ...(run !== undefined && { run }) };
  return { epoch: number, fencing, ...optional, workloads, resourceVersion };
}
