import type { CallContext } from '../../ports';
import { isStatus } from '../client/kube-error';
import type { SiteCluster } from '../cluster';
import { claimsOf, hasEnded, jobsOf, mayHaveClaims, podFilter, podsOf, type PodFilter } from '../kinds/pods-of';
import type { Pod, WorkloadObject } from '../kube-object';
import { indexed, type ObjectIndex } from '../reading/object-index';
import { onlyReads } from '../volumes/claim-users';
import { mayStartAgain } from './may-start-again';
import type { Target } from './target';

export interface Departure {
  readonly targets: readonly (Target & { readonly object: WorkloadObject })[];
  readonly graceMs: number;
  /** How long a pod may take that was told to end at once. */
  readonly forcedWithinMs: number;
  /** The grace time of a pod begins when its controller has told it to end: for that, while anything goes on, is waited first. */
  readonly afterTold?: boolean;
  readonly context: CallContext;
}

/** What is still in the way; undefined: nothing runs, and nobody uses the volumes. */
export type Leftover = string | undefined;

const beatMs = 500;
/** Between two reads of the pods; the next pause is twice as long, up to the longest. */
const firstPauseMs = 50;
const longestPauseMs = 1_000;

/**
 * Waits until the pods of the targets are gone and no pod uses their volumes, as a read of the API server says after the watch
 * does, and until no controller may bring new ones up. After the grace time the pods are told to end at once: their node still
 * confirms that they have ended. A pod object is never removed without that, because its processes might run on.
 */
export async function awaitGone(cluster: SiteCluster, departure: Departure): Promise<Leftover> {
  const { targets, graceMs, forcedWithinMs, afterTold = false, context } = departure;
  const filters = await Promise.all(targets.map(({ kind, object }) => podFilter(cluster, kind, object)));
  const wait: Wait = { cluster, filters, targets, context };
  if (afterTold && !targets.some(({ kind }) => kind.throughJobs)) await toldToEnd(wait);
  const politely = await goneWithin(wait, graceMs);
  if (politely === undefined) return undefined;
  await endAtOnce(wait);
  return goneWithin(wait, forcedWithinMs);
}

interface Wait extends Pick<Departure, 'targets' | 'context'> {
  readonly cluster: SiteCluster;
  readonly filters: readonly PodFilter[];
}

/** Those that have not ended, each once. */
function oursOf({ filters }: Wait, pods: Pick<ObjectIndex<Pod>, 'of'>): readonly Pod[] {
  const ours = filters.flatMap((filter) => podsOf(pods, filter)).filter((pod) => !hasEnded(pod));
  return filters.length > 1 ? [...new Set(ours)] : ours;
}

/** A controller that scales many down at once takes minutes; one that does nothing for so long is not waited for. */
const idleMs = 15_000;

/** Returns when every pod was told to end, or when nothing has changed among the pods of the namespace for a while. */
async function toldToEnd(wait: Wait): Promise<void> {
  const { cluster, filters, context } = wait;
  const since = performance.now();
  const idle = new AbortController();
  const beat = setInterval(() => {
    context.progress({ doing: 'waiting until the pods are told to end' });
    if (performance.now() - Math.max(since, cluster.pods.eventAt) > idleMs) idle.abort();
  }, beatMs);
  try {
    await cluster.pods.until(
      filters.map(({ among }) => among),
      () => oursOf(wait, cluster.pods).every(({ metadata }) => metadata.deletionTimestamp !== undefined) || undefined,
      AbortSignal.any([context.signal, idle.signal]),
    );
  } catch (error) {
    if (!idle.signal.aborted) throw error;
  } finally {
    clearInterval(beat);
  }
}

async function goneWithin(wait: Wait, milliseconds: number): Promise<Leftover> {
  const { cluster, filters, context } = wait;
  const { signal } = context;
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), milliseconds);
  const tell = (): void => {
    const left = oursOf(wait, cluster.pods);
    context.progress({
      doing: left[0] === undefined ? 'waiting for pods to end' : `waiting for ${namesOf(left)} to end`,
    });
  };
  const beat = setInterval(tell, beatMs);
  try {
    tell();
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      await cluster.pods.until(
        filters.map(({ among }) => among),
        () => (oursOf(wait, cluster.pods).length > 0 ? undefined : true),
        AbortSignal.any([signal, late.signal]),
      );
      const left = await leftover(wait);
      if (left === undefined || late.signal.aborted) return left;
      // The watch is behind what was just read, or a stranger holds a volume, which it does not show.
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  } catch (error) {
    signal.throwIfAborted();
    if (!late.signal.aborted) throw error;
    return leftover(wait);
  } finally {
    clearTimeout(timer);
    clearInterval(beat);
  }
}

/** By a read, not by the watch: a watch that has fallen silent would prove anything. */
async function leftover(wait: Wait): Promise<Leftover> {
  const { cluster, targets } = wait;
  const pods = await cluster.list<Pod>('v1', 'pods');
  const ours = oursOf(wait, indexed(pods));
  if (ours.length > 0) return `${namesOf(ours)} did not end${finalizersOf(ours)}`;
  const claims = targets.filter(({ object }) => mayHaveClaims(object)).map(({ object }) => claimsOf(object));
  // What copies a volume away only reads it, and ends by itself.
  for (const pod of pods.filter((one) => !hasEnded(one) && !onlyReads(one))) {
    const held = claims.flatMap((claimsIn) => claimsIn(pod));
    if (held.length > 0) return `pod ${pod.metadata.name} uses the volume claim ${held.join(', ')}`;
  }
  return (await mayStartAgain(cluster, targets))[0]?.because;
}

async function endAtOnce(wait: Wait): Promise<void> {
  const { cluster, targets, context } = wait;
  const { signal } = context;
  const remove = async (path: string, body: object): Promise<void> => {
    await cluster.client.text({ method: 'DELETE', path, body, signal }).catch((error: unknown) => {
      // 404: it has ended meanwhile; 409: another one has its name by now.
      if (!isStatus(error, 404) && !isStatus(error, 409)) throw error;
    });
  };
  for (const { kind, object } of targets) {
    if (kind.throughJobs !== true) continue;
    const jobs = await jobsOf(cluster, object);
    const body = { propagationPolicy: 'Background' };
    await Promise.all(jobs.map(({ metadata }) => remove(cluster.path('batch/v1', 'jobs', metadata.name), body)));
  }
  const pods = oursOf(wait, indexed(await cluster.list<Pod>('v1', 'pods')));
  await Promise.all(
    pods.map(({ metadata: { name, uid } }) =>
      remove(cluster.path('v1', 'pods', name), { gracePeriodSeconds: 1, preconditions: { uid } }),
    ),
  );
}

/** "pods ledger-1, ledger-2 and 3 more" */
function namesOf(pods: readonly Pod[]): string {
  const shown = pods.slice(0, 3).map(({ metadata }) => metadata.name);
  const more = pods.length > shown.length ? ` and ${pods.length - shown.length} more` : '';
  return `${pods.length === 1 ? 'pod' : 'pods'} ${shown.join(', ')}${more}`;
}

function finalizersOf(pods: readonly Pod[]): string {
  const finalizers = new Set(
    pods.flatMap(({ metadata }) => (metadata as { finalizers?: readonly string[] }).finalizers ?? []),
  );
  return finalizers.size === 0 ? '' : `, held by the finalizer ${[...finalizers].join(', ')}`;
}
