import { SwitchbackFailure } from '../../../core/model/failure';
import { productionOf } from '../../../core/model/drill';
import { isStatus } from '../client/kube-error';
import type { SiteCluster } from '../cluster';
import type { KubeObject } from '../kube-object';

/** Labels of the namespace of a copy; objects of the copy have that of the run. */
export const copyLabel = {
  group: 'switchback.dev/drill',
  /** The namespace that it is a copy of. */
  of: 'switchback.dev/drill-of',
  run: 'switchback.dev/drill-run',
} as const;

/** A namespace that is there, and whose copy it is. */
export interface CopyNamespace {
  readonly uid: string;
  /** Undefined: nobody has labelled it as the copy of this group. */
  readonly run: string | undefined;
  readonly terminating: boolean;
  /** What keeps it from being gone, as its conditions say. */
  readonly saw: string;
}

interface Namespace extends KubeObject {
  readonly status?: {
    readonly conditions?: readonly { readonly status: string; readonly message?: string }[];
  };
}

export const namespacePath = (name: string): string => `/api/v1/namespaces/${encodeURIComponent(name)}`;

/** The namespace of the copy as it is now; undefined when there is none. */
export async function readCopy(cluster: SiteCluster, copy: string): Promise<CopyNamespace | undefined> {
  const path = namespacePath(cluster.namespace);
  const found = await cluster
    .shared(`copy ${path}`, async () => cluster.client.get<Namespace>(path))
    .catch((error: unknown) => {
      if (isStatus(error, 404)) return undefined;
      throw error;
    });
  if (found === undefined) return undefined;
  const { uid, labels = {}, deletionTimestamp } = found.metadata;
  const ours =
    labels[copyLabel.group] === productionOf(copy) && labels[copyLabel.of] === cluster.site.kubernetes.namespace;
  const conditions = (found.status?.conditions ?? []).filter(({ status }) => status === 'True');
  const saw = conditions.map(({ message = '' }) => message).join('; ');
  return { uid, run: ours ? labels[copyLabel.run] : undefined, terminating: deletionTimestamp !== undefined, saw };
}

/** What is not labelled as the copy of this group was made by somebody else. */
export function foreignNamespace({ site, namespace }: SiteCluster): SwitchbackFailure {
  const message =
    `namespace "${namespace}" at site "${site.name}" is where the copy of a drill would live, ` +
    'and it was not made by Switchback for this group: nothing of it is touched. Remove or rename it';
  return new SwitchbackFailure('RequestRefused', message, { site: site.name, namespace });
}
