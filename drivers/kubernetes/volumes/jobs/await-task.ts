import { SwitchbackFailure } from '../../../../core/model/failure';
import type { CallContext } from '../../../ports';
import { withinTime } from '../../../within-time';
import type { SiteCluster } from '../../cluster';
import type { KubeList, KubeObject, Pod } from '../../kube-object';
import { lastWordsOf } from '../../workloads/last-words';
import { type HopelessPod, hopelessPod } from '../../workloads/why-not-up';
import { named } from '../volume-place';
import { jobName, type MoverTask } from './mover-job';
import { type PodResult, resultOf } from './pod-result';
import { isPodOf, podsOfPass } from './pods-of-task';
import { orOverdue } from './overdue';
import { progressOf } from './progress';
import { readJob } from './start-task';

/** Images are pulled and volumes attached in it. */
const upWithinMs = 300_000;
/** A Job whose pod is refused says so in its events. */
const podWithinMs = 3_000;
const beatMs = 1_000;

/** Waits until the pod of the task runs, and returns it. @throws SwitchbackFailure `MoverFailed` */
export async function awaitRunning(task: MoverTask, context: CallContext): Promise<Pod> {
  const up = await watched(task, context, (pod) => {
    const ended = resultOf(pod);
    if (ended !== undefined) return { pod, ended };
    return pod.status.containerStatuses?.[0]?.state?.running === undefined ? undefined : { pod };
  });
  if (up === 'gone') throw await moverFailed(task, removed.reason);
  if ('ended' in up) throw await moverFailed(task, `it ended: ${up.ended.reason}`, { pod: up.pod, container: 'mover' });
  return up.pod;
}

/** Waits until the pod of the task has ended. @throws SwitchbackFailure `MoverFailed` when it does not come up */
export async function awaitEnd(task: MoverTask, context: CallContext): Promise<PodResult> {
  const result = await watched(task, context, resultOf);
  return orOverdue(task, result === 'gone' ? removed : result);
}

const removed: PodResult = { succeeded: false, values: {}, reason: 'somebody has removed it' };

class Hopeless extends Error {
  constructor(readonly at: HopelessPod) {
    super(at.saw);
  }
}

/** What `look` says of the pod; "gone": it was there, or its Job was, and is no more. */
async function watched<Result>(
  task: MoverTask,
  context: CallContext,
  look: (pod: Pod) => Result | undefined,
): Promise<Result | 'gone'> {
  const { cluster } = task.place;
  const [ours, isOurs] = [podsOfPass(task), isPodOf(task)];
  const stopBeating = beat(task, context);
  const lookAt = (): Result | 'gone' | undefined => {
    const pod = cluster.pods.of(ours).find(isOurs);
    if (pod === undefined) return 'gone';
    const result = look(pod);
    if (result !== undefined) return result;
    const hopeless = hopelessPod([pod], Date.now());
    if (hopeless !== undefined) throw new Hopeless(hopeless);
    return undefined;
  };
  try {
    if (!(await isThere(task, context))) return 'gone';
    const runs = (): true | undefined =>
      lookAt() !== undefined || cluster.pods.of(ours).find(isOurs)?.status.phase === 'Running' ? true : undefined;
    await inTime(upWithinMs, context, task, async (signal) => cluster.pods.until([ours], runs, signal));
    return await cluster.pods.until([ours], lookAt, context.signal);
  } catch (error) {
    if (error instanceof Hopeless) throw await moverFailed(task, error.at.saw, error.at);
    throw error;
  } finally {
    stopBeating();
  }
}

/** A pod that nobody may make, because of a quota or a policy, is told by events of the Job alone. */
async function isThere(task: MoverTask, context: CallContext): Promise<boolean> {
  const { cluster } = task.place;
  const ours = podsOfPass(task);
  const seen = (): true | undefined => (cluster.pods.of(ours).some(isPodOf(task)) ? true : undefined);
  for (const until = performance.now() + upWithinMs; performance.now() < until;) {
    const there = await withinTime({ ms: podWithinMs, signal: context.signal }, async (signal, late) =>
      cluster.pods.until([ours], seen, signal).catch((error: unknown) => {
        if (late() && !context.signal.aborted) return undefined;
        throw error;
      }),
    );
    if (there === true) return true;
    if ((await readJob(task)) === undefined) return false;
    const refused = await refusals(cluster, jobName(task));
    if (refused !== undefined) throw await moverFailed(task, refused);
  }
  throw await moverFailed(task, 'its Job has made no pod');
}

async function inTime<Result>(
  ms: number,
  context: CallContext,
  task: MoverTask,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  return withinTime({ ms, signal: context.signal }, async (signal, late) =>
    work(signal).catch(async (error: unknown) => {
      if (!late() || context.signal.aborted) throw error;
      const pod = task.place.cluster.pods.of(podsOfPass(task)).find(isPodOf(task));
      throw await moverFailed(task, `it does not run after ${ms / 1000} s`, pod && { pod });
    }),
  );
}

interface Event extends KubeObject {
  readonly reason?: string;
  readonly message?: string;
}

async function refusals(cluster: SiteCluster, job: string): Promise<string | undefined> {
  const query = { fieldSelector: `involvedObject.name=${job},reason=FailedCreate` };
  const { items } = await cluster.client.get<KubeList<Event>>(cluster.path('v1', 'events'), { query });
  return items.at(-1)?.message;
}

/** Long work beats, and now and then it tells how far it is, as the log of the pod does. */
function beat(task: MoverTask, context: CallContext): () => void {
  let doing = `waiting for the pod of ${jobName(task)}`;
  let asking = false;
  const timer = setInterval(() => {
    context.progress({ doing });
    if (asking) return;
    asking = true;
    void progressOf(task)
      .then((progress) => {
        if (progress === undefined) return;
        doing = progress.doing;
        context.progress(progress);
      })
      .finally(() => (asking = false));
  }, beatMs);
  return () => clearInterval(timer);
}

async function moverFailed(task: MoverTask, saw: string, of?: Omit<HopelessPod, 'saw'>): Promise<SwitchbackFailure> {
  const { place } = task;
  const words = of === undefined ? '' : await lastWordsOf(place.cluster, { ...of, saw });
  const message = `the pod of Job ${jobName(task)} for ${named(place)} did not come up: ${saw}${words === '' ? '' : `\n${words}`}`;
  return new SwitchbackFailure('MoverFailed', message, {
    volume: place.volume.name,
    site: place.cluster.site.name,
    job: jobName(task),
  });
}
