import { SwitchbackFailure } from '../../../core/model/failure';
import type { WorkloadObservation } from '../../../core/model/workload';
import { againOnConflict } from '../client/again-on-conflict';
import { assertOfRun } from '../copies/while-open';
import { coverWorkloads } from '../fence/cover-workloads';
import { assertEpochAllowed, readFence } from '../fence/fence-record';
import { hasEnded, podFilter, podsOf } from '../kinds/pods-of';
import type { Pod, WorkloadObject } from '../kube-object';
import { indexed, type ObjectIndex } from '../reading/object-index';
import { annotation, epochOf, leftOffWith, recordedReplicas, recording, undoneBy } from './annotations';
import { listAutoscalers, putAutoscalersBack, type Autoscaler } from './autoscalers';
import { awaitUp, type Arrival, type Awaited } from './await-up';
import { change } from './scale-to-zero';
import { staleEpoch } from './stop';
import {
  declared,
  describeDeclared,
  findTargets,
  readTarget,
  title,
  titleOf,
  type Attempt,
  type Target,
} from './target';

/** What was seen of the namespace when the call began. */
interface Seen {
  readonly pods: ObjectIndex<Pod>;
  readonly autoscalers: readonly Autoscaler[];
}

type FoundTarget = Target & { readonly object: WorkloadObject };

/**
 * Contract: drivers/ports.ts. Running means: as many pods as were recorded are Ready. What somebody has switched off is left so, and
 * marked as started: the answer is then that it is stopped.
 */
export async function startWorkload(attempt: Attempt): Promise<WorkloadObservation> {
  const { cluster, spec, mutation, context } = attempt;
  context.signal.throwIfAborted();
  const workload = declared(spec);
  // All at once: what others ask at the same moment is read for all of them by the same requests.
  const [fence, targets, pods, autoscalers] = await Promise.all([
    readFence(cluster, mutation.group),
    findTargets(cluster, workload),
    cluster.list<Pod>('v1', 'pods'),
    listAutoscalers(cluster),
  ]);
  assertEpochAllowed(cluster, fence, mutation);
  if (targets.length === 0) {
    throw failed(
      attempt,
      `there is no ${describeDeclared(workload)} in namespace ${cluster.namespace}; create it there with no replicas`,
    );
  }
  await coverWorkloads(cluster, mutation.group, fence, targets);
  const started = await Promise.all(
    targets.map(async (target) => startTarget(attempt, target, { pods: indexed(pods), autoscalers })),
  );
  const arrivals = await Promise.all(
    started.map(async (target) => ({
      target,
      arrival: isOff(target) ? leftOff : await awaitUp(cluster, target, context),
    })),
  );
  for (const { target, arrival } of arrivals) {
    if (arrival.kind !== 'up') throw failed(attempt, `${titleOf(target)}: ${arrival.saw}`);
  }
  const replicas = arrivals.reduce((sum, { arrival }) => sum + (arrival.kind === 'up' ? arrival.pods : 0), 0);
  const saw = arrivals.map(({ target, arrival }) => `${titleOf(target)}: ${arrival.saw}`).join('; ');
  const switchedOff = arrivals.filter(({ target }) => isOff(target)).map(({ target }) => target.name);
  return {
    workload: spec.name,
    site: cluster.site.name,
    status: switchedOff.length < arrivals.length ? 'running' : 'stopped',
    epoch: mutation.epoch,
    replicas,
    saw,
    ...(switchedOff.length > 0 && { switchedOff }),
  };
}

const isOff = ({ kind, object }: FoundTarget): boolean => kind.wanted(object) === 0;

const leftOff: Arrival = { kind: 'up', pods: 0, saw: 'it was switched off where it ran before, and is left so' };

/** One change that holds only while the object is as it was read. Returns it as written, or as it runs already. */
async function startTarget(attempt: Attempt, target: FoundTarget, seen: Seen): Promise<Awaited> {
  const { cluster, mutation, context } = attempt;
  let fromNothing = false;
  let known: WorkloadObject | undefined = target.object;
  const object = await againOnConflict(context.signal, async () => {
    const now = known ?? (await readTarget(cluster, target));
    known = undefined;
    if (now === undefined) throw failed(attempt, `${titleOf(target)} was removed meanwhile`);
    assertOfRun(now, mutation);
    if (!mayStart(attempt, target, now)) return now;
    await assertNoPods(attempt, target, now, seen.pods);
    const runs = target.kind.wanted(now) > 0;
    const original = runs ? undefined : wantedOf(attempt, now);
    if (original === '0' && leftOffWith(now) === mutation.epoch) return now;
    const annotations = {
      ...recording(now, 'start', mutation),
      [annotation.epoch]: String(mutation.epoch),
      ...(original === '0' && { [annotation.replicas]: original }),
    };
    const metadata = { resourceVersion: now.metadata.resourceVersion, annotations };
    fromNothing = !runs;
    // Of what runs already and was never started by Switchback, only the epoch is written.
    return change(cluster, target, metadata, original === undefined ? {} : target.kind.started(original));
  });
  await putAutoscalersBack(cluster, target, context.signal, seen.autoscalers);
  return { ...target, object, fromNothing };
}

/** False: it runs already with this epoch. Refuses what a start must not do to what is there. */
function mayStart(attempt: Attempt, { kind }: Target, object: WorkloadObject): boolean {
  const { epoch, operationKey } = attempt.mutation;
  const found = epochOf(object);
  if (found !== undefined && found > epoch) throw staleEpoch(attempt, found);
  if (kind.wanted(object) > 0) {
    if (found === epoch) return false;
    if (found === undefined) return true;
    throw failed(attempt, `an instance of epoch ${found} still runs; stop it first`);
  }
  const stoppedBy = undoneBy(object, 'start', operationKey);
  if (stoppedBy === undefined) return true;
  const because = `it was started by ${operationKey} and has since been stopped by ${stoppedBy}`;
  throw new SwitchbackFailure('StaleAttempt', `${title(attempt)}: ${because}`, { stoppedBy });
}

/** Pods of an instance that was stopped and has not ended yet would write beside the new ones. */
async function assertNoPods(
  attempt: Attempt,
  { kind }: Target,
  object: WorkloadObject,
  pods: ObjectIndex<Pod>,
): Promise<void> {
  if (kind.wanted(object) > 0) return;
  const left = podsOf(pods, await podFilter(attempt.cluster, kind, object)).find((pod) => !hasEnded(pod));
  if (left === undefined) return;
  throw failed(attempt, `pod ${left.metadata.name} of an earlier instance still runs; stop it first`);
}

/**
 * As many as at the active site. What the site itself has recorded may be of long ago, and counts only where nothing is known of
 * that one; that it was off here, not even then, when it is known to be on there.
 */
function wantedOf({ spec }: Attempt, object: WorkloadObject): string {
  const { active, replicas = 1 } = spec.kubernetes ?? {};
  const { name } = object.metadata;
  if (active?.switchedOff?.includes(name)) return '0';
  const there = active?.wanted?.[name] ?? active?.replicas;
  if (there !== undefined) return String(there);
  const own = recordedReplicas(object);
  const wasOffHere = own !== undefined && Number(own) === 0;
  return own === undefined || (wasOffHere && active !== undefined) ? String(replicas) : own;
}

function failed(attempt: Attempt, saw: string): SwitchbackFailure {
  const details = { workload: attempt.spec.name, site: attempt.cluster.site.name };
  return new SwitchbackFailure('StartFailed', `${title(attempt)} could not be started: ${saw}`, details);
}
