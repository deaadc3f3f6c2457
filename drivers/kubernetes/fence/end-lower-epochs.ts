import { SwitchbackFailure } from '../../../core/model/failure';
import type { CallContext, Mutation } from '../../ports';
import type { SiteCluster } from '../cluster';
import { assertOfRun } from '../copies/while-open';
import { hasEnded, podFilter, podsOf } from '../kinds/pods-of';
import type { Pod, WorkloadObject } from '../kube-object';
import { indexed } from '../reading/object-index';
import { epochOf, recording } from '../workloads/annotations';
import { awaitGone, type Leftover } from '../workloads/await-gone';
import { mayStartAgain } from '../workloads/may-start-again';
import { scaleToZero } from '../workloads/scale-to-zero';
import { kindOf, type Target } from '../workloads/target';
import type { FenceRecord } from './fence-record';

/** A workload that is fenced out is not asked for long: it may not write any more. */
const graceMs = 1_000;

interface Ending {
  readonly context: CallContext;
  readonly forcedWithinMs: number;
}

/**
 * The policy keeps instances of lower epochs from being brought up; those that run already are taken away here. Returns when
 * none of them is left; throws `FenceUnconfirmed` when one does not go.
 */
export async function endLowerEpochs(
  cluster: SiteCluster,
  fence: FenceRecord,
  mutation: Mutation,
  ending: Ending,
): Promise<void> {
  const leftover = await endBelow(cluster, fence, mutation, ending);
  if (leftover === undefined) return;
  const message = `site "${cluster.site.name}" refuses new instances below epoch ${fence.epoch}, but an old one may still write: ${leftover}`;
  throw new SwitchbackFailure('FenceUnconfirmed', message, { site: cluster.site.name });
}

/** Ends what the fence covers and is of a lower epoch; gives what did not go. */
export async function endBelow(
  cluster: SiteCluster,
  fence: FenceRecord,
  mutation: Mutation,
  { context, forcedWithinMs }: Ending,
): Promise<Leftover> {
  const lower = (await coveredTargets(cluster, fence)).filter(({ object }) => isLower(object, fence.epoch));
  const [listed, again] = await Promise.all([cluster.list<Pod>('v1', 'pods'), mayStartAgain(cluster, lower)]);
  const pods = indexed(listed);
  const running = await Promise.all(
    lower.map(async (target) => {
      const left = podsOf(pods, await podFilter(cluster, target.kind, target.object)).filter((pod) => !hasEnded(pod));
      const mayRun = left.length > 0 || again.some((one) => one.target === target);
      return target.kind.wanted(target.object) > 0 || mayRun ? [target] : [];
    }),
  );
  const targets = running.flat();
  await Promise.all(
    targets.map((target) =>
      scaleToZero(cluster, target, {
        // A start with the new epoch may have come first.
        assertMayStop: (object) => {
          assertOfRun(object, mutation);
          assertLower(object, fence.epoch);
        },
        annotations: (object) => recording(object, 'stop', mutation),
        signal: context.signal,
      }),
    ),
  );
  if (targets.length === 0) return undefined;
  return awaitGone(cluster, { targets, graceMs, forcedWithinMs, context });
}

const isLower = (object: WorkloadObject, epoch: number): boolean => (epochOf(object) ?? 0) < epoch;

function assertLower(object: WorkloadObject, epoch: number): void {
  if (isLower(object, epoch)) return;
  const message = `${object.metadata.name} was started with epoch ${epochOf(object)} while the fence of epoch ${epoch} was being set`;
  throw new SwitchbackFailure('StaleAttempt', message);
}

/** The objects that the fence names and that are there; one request a kind. */
async function coveredTargets(
  cluster: SiteCluster,
  { workloads }: FenceRecord,
): Promise<readonly (Target & { readonly object: WorkloadObject })[]> {
  const kinds = new Map(workloads.map((one) => [`${one.apiVersion} ${one.kind}`, one]));
  const found = await Promise.all(
    [...kinds.values()].map(async ({ apiVersion, kind: name }) => {
      const kind = await kindOf(cluster, { apiVersion, kind: name });
      const names = new Set(
        workloads.filter((one) => one.apiVersion === apiVersion && one.kind === name).map((one) => one.name),
      );
      const objects = await cluster.list<WorkloadObject>(kind.apiVersion, kind.plural);
      return objects
        .filter(({ metadata }) => names.has(metadata.name))
        .map((object) => ({ kind, name: object.metadata.name, object }));
    }),
  );
  return found.flat();
}
