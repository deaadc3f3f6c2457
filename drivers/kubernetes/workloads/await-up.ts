import type { CallContext } from '../../ports';
import type { SiteCluster } from '../cluster';
import { hasEnded, isReady, podFilter, podsOf } from '../kinds/pods-of';
import type { WorkloadKind } from '../kinds/workload-kind';
import type { Pod, WorkloadObject } from '../kube-object';
import { indexed } from '../reading/object-index';
import type { Target } from './target';
import { lastEventsOf, lastWordsOf } from './last-words';
import { hopelessPod, latePod, type HopelessPod } from './why-not-up';

export type Arrival =
  | { readonly kind: 'up'; readonly pods: number; readonly saw: string }
  | { readonly kind: 'failed'; readonly saw: string }
  /** Somebody has stopped or removed it meanwhile. */
  | { readonly kind: 'withdrawn'; readonly saw: string };

const beatMs = 500;
/** Of kinds without a progress deadline, and below the time that a step has: its own end would say less. */
const defaultDeadlineSeconds = 540;
/** A quota that is too small, or an admission that refuses pods, is given this long to be mended by what else is starting. */
const refusedForMs = 10_000;

export interface Awaited extends Target {
  /** As it was written. */
  readonly object: WorkloadObject;
  /** It had no pods before. */
  readonly fromNothing: boolean;
}

/** Waits until the object, in the version that was written or a later one, is up, or will not come up by waiting. */
export async function awaitUp(
  cluster: SiteCluster,
  { kind, name, object: written, fromNothing }: Awaited,
  { signal, progress }: CallContext,
): Promise<Arrival> {
  const filter = await podFilter(cluster, kind, written);
  const objects = cluster.watch<WorkloadObject>(kind.apiVersion, kind.plural);
  const began = Date.now();
  // Kubernetes itself applies the progress deadline to new versions only, not to what is scaled up.
  const deadlineSeconds = Math.min(
    written.spec.progressDeadlineSeconds ?? defaultDeadlineSeconds,
    defaultDeadlineSeconds,
  );
  let lately = { readyPods: 0, at: began };
  const look = (): Arrival | undefined => {
    const object = objects.get(name);
    // The watch may not have seen what was written yet.
    if (object === undefined || (object.metadata.generation ?? 0) < (written.metadata.generation ?? 0))
      return undefined;
    if (object.metadata.uid !== written.metadata.uid) return { kind: 'withdrawn', saw: 'it was removed and made anew' };
    const wanted = kind.wanted(object);
    if (wanted === 0) return { kind: 'withdrawn', saw: 'it was stopped meanwhile' };
    const pods = podsOf(cluster.pods, filter);
    const readyPods = pods.filter(isReady).length;
    if (readyPods > lately.readyPods) lately = { readyPods, at: Date.now() };
    const readiness = kind.readiness(object);
    progress({ doing: `waiting for ${name}: ${readiness.saw}`, done: readyPods, total: wanted });
    if (readiness.kind === 'failed') return { kind: 'failed', saw: readiness.saw };
    if (fromNothing && object.metadata.generation === written.metadata.generation && provenByPods(kind, object, pods)) {
      return { kind: 'up', pods: wanted, saw: `${readyPods} of ${wanted} pods Ready` };
    }
    if (readiness.kind === 'ready' && (kind.scale === undefined || readyPods >= wanted)) {
      return { kind: 'up', pods: kind.throughJobs === true ? 1 : wanted, saw: readiness.saw };
    }
    const refused = object.status?.conditions?.find(
      ({ type, status }) => type === 'ReplicaFailure' && status === 'True',
    );
    if (refused !== undefined && Date.now() - began > refusedForMs) {
      return { kind: 'failed', saw: `its pods are refused: ${refused.message ?? ''}` };
    }
    return undefined;
  };
  const podsNow = (): readonly Pod[] => podsOf(cluster.pods, filter);
  // Those of a workload that crashes change long before the object says so.
  const lookAtPods = () => look() ?? hopelessPod(podsNow(), Date.now());
  const end = new AbortController();
  const either = AbortSignal.any([signal, end.signal]);
  let overdue: (outcome: Arrival | HopelessPod) => void = () => undefined;
  const late = new Promise<Arrival | HopelessPod>((resolve) => (overdue = resolve));
  const beat = setInterval(() => {
    progress({ doing: `waiting for ${name} to be Ready` });
    // Some reasons hold only after a while, in which nothing needs to change.
    const outcome = lookAtPods();
    if (outcome !== undefined) return overdue(outcome);
    if (Date.now() - lately.at < deadlineSeconds * 1000) return;
    overdue({
      kind: 'failed',
      saw: `no further pod became Ready within ${deadlineSeconds} s, ${lately.readyPods} are`,
    });
  }, beatMs);
  try {
    const outcome = await Promise.race([
      late,
      objects.until([{ name }], look, either),
      cluster.pods.until([filter.among], lookAtPods, either),
    ]);
    if (!('kind' in outcome)) return { kind: 'failed', saw: await toldBy(cluster, outcome, signal) };
    if (outcome.kind !== 'failed') return outcome;
    // The watch of the pods may not have begun.
    const read = await cluster.list<Pod>('v1', 'pods').catch(() => []);
    const pod = latePod(podsOf(indexed(read), filter));
    const more = pod === undefined ? await lastEventsOf(cluster, written, signal) : await toldBy(cluster, pod, signal);
    return { kind: 'failed', saw: [outcome.saw, more].filter((part) => part !== '').join('; ') };
  } finally {
    clearInterval(beat);
    end.abort();
  }
}

async function toldBy(cluster: SiteCluster, pod: HopelessPod, signal: AbortSignal): Promise<string> {
  const words = await lastWordsOf(cluster, pod, signal);
  return `pod ${pod.pod.metadata.name}: ${pod.saw}${words === '' ? '' : `; ${words}`}`;
}

/**
 * All pods are of one template, and as many as wanted are Ready. Where there were none, controllers bring up the newest template
 * only: a Deployment that is paused on an older one gets no pods.
 */
function provenByPods({ templateLabel, wanted }: WorkloadKind, object: WorkloadObject, pods: readonly Pod[]): boolean {
  if (templateLabel === undefined) return false;
  const there = pods.filter((pod) => !hasEnded(pod));
  const templates = new Set(there.map(({ metadata }) => metadata.labels?.[templateLabel]));
  return templates.size === 1 && !templates.has(undefined) && there.filter(isReady).length >= wanted(object);
}
