import { SwitchbackFailure } from '../../../core/model/failure';
import type { SiteCluster } from '../cluster';
import type { KubeObject, LabelSelector, Pod, WorkloadObject } from '../kube-object';
import type { ObjectIndex, Subject } from '../reading/object-index';
import { selects } from './label-selector';
import type { WorkloadKind } from './workload-kind';

/** Chooses the pods of an object among those of its namespace. */
export interface PodFilter {
  /** No pod beyond this subject is of the object: the others need not be looked at. */
  readonly among: Subject;
  readonly includes: (pod: Pod) => boolean;
}

/** The pods of an object, of a watch or of a list that was indexed. */
export const podsOf = (pods: Pick<ObjectIndex<Pod>, 'of'>, { among, includes }: PodFilter): readonly Pod[] =>
  pods.of(among).filter(includes);

/** A pod that has ended keeps its object, and neither runs nor holds its volumes. */
export const hasEnded = ({ status }: Pod): boolean => status.phase === 'Succeeded' || status.phase === 'Failed';

export const isReady = ({ status, metadata }: Pod): boolean =>
  metadata.deletionTimestamp === undefined &&
  (status.conditions ?? []).some(({ type, status: value }) => type === 'Ready' && value === 'True');

/** The filter of an object; of a CronJob it knows the Jobs that there are now. */
export async function podFilter(cluster: SiteCluster, kind: WorkloadKind, object: WorkloadObject): Promise<PodFilter> {
  if (kind.throughJobs) {
    const jobs = new Set((await jobsOf(cluster, object)).map(({ metadata }) => metadata.uid));
    const includes = ({ metadata }: Pod) => (metadata.ownerReferences ?? []).some(({ uid }) => jobs.has(uid));
    return { among: 'all', includes };
  }
  const selector = kind.scale === undefined ? object.spec.selector : scaleSelector(cluster, kind, object);
  const [label] = Object.entries(selector?.matchLabels ?? {});
  return {
    among: label === undefined ? 'all' : { label },
    includes: ({ metadata }) => selects(selector, metadata.labels),
  };
}

/** The Jobs that a CronJob has made and that are still there. */
export async function jobsOf(cluster: SiteCluster, cronJob: KubeObject): Promise<readonly KubeObject[]> {
  const jobs = await cluster.list<KubeObject>('batch/v1', 'jobs');
  return jobs.filter(({ metadata }) =>
    (metadata.ownerReferences ?? []).some(({ uid }) => uid === cronJob.metadata.uid),
  );
}

/** @throws SwitchbackFailure `RequestRefused` when its pods are not known: none would be found, and it would count as stopped. */
function scaleSelector(cluster: SiteCluster, kind: WorkloadKind, object: WorkloadObject): LabelSelector {
  const selector = kind.scale?.selector(object);
  if (selector !== undefined) return selector;
  const message = `${kind.kind} ${object.metadata.name} at site "${cluster.site.name}" does not say which pods are its own: the selector of its scale is empty; look whether its controller runs there`;
  throw new SwitchbackFailure('RequestRefused', message, { site: cluster.site.name });
}

export const mayHaveClaims = ({ spec }: WorkloadObject): boolean =>
  (spec.template?.spec?.volumes ?? []).length + (spec.volumeClaimTemplates ?? []).length > 0;

/** Names of the claims that the pods of an object mount, one by one for a StatefulSet. */
export function claimsOf({ metadata, spec }: WorkloadObject): (pod: Pod) => readonly string[] {
  const fixed = (spec.template?.spec?.volumes ?? []).flatMap((volume) => volume.persistentVolumeClaim?.claimName ?? []);
  // "<claim template>-<set>-<ordinal>"
  const templates = (spec.volumeClaimTemplates ?? []).map((claim) => `${claim.metadata.name}-${metadata.name}-`);
  const isOurs = (claim: string): boolean =>
    fixed.includes(claim) ||
    templates.some((prefix) => claim.startsWith(prefix) && /^\d+$/.test(claim.slice(prefix.length)));
  return (pod) =>
    (pod.spec.volumes ?? []).flatMap((volume) => volume.persistentVolumeClaim?.claimName ?? []).filter(isOurs);
}
