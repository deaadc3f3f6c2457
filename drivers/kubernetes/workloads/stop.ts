import { SwitchbackFailure } from '../../../core/model/failure';
import type { WorkloadObservation } from '../../../core/model/workload';
import { assertOfRun } from '../copies/while-open';
import { coverWorkloads } from '../fence/cover-workloads';
import { assertEpochAllowed, readFence } from '../fence/fence-record';
import type { WorkloadObject } from '../kube-object';
import { epochOf, isSwitchedOff, lastDone, recording, undoneBy } from './annotations';
import { listAutoscalers } from './autoscalers';
import { awaitGone } from './await-gone';
import { scaleToZero } from './scale-to-zero';
import { declared, describeDeclared, findTargets, title, type Attempt, type Target } from './target';

/** Contract: drivers/ports.ts. Stopped means: no instance is wanted, no pod of it is left, and no pod uses its volumes. */
export async function stopWorkload(attempt: Attempt, forcedWithinMs: number): Promise<WorkloadObservation> {
  const { cluster, spec, mutation, context } = attempt;
  context.signal.throwIfAborted();
  const workload = declared(spec);
  const [fence, targets, autoscalers] = await Promise.all([
    readFence(cluster, mutation.group),
    findTargets(cluster, workload),
    listAutoscalers(cluster),
  ]);
  assertEpochAllowed(cluster, fence, mutation);
  if (targets.length === 0) {
    throw failed(
      attempt,
      `there is no ${describeDeclared(workload)} in namespace ${cluster.namespace}, so its pods are not known`,
    );
  }
  for (const target of targets) assertMayStop(attempt, target, target.object);
  await coverWorkloads(cluster, mutation.group, fence, targets);
  await Promise.all(
    targets.map((target) =>
      scaleToZero(cluster, target, {
        assertMayStop: (object) => assertMayStop(attempt, target, object),
        wasOff: (object) => wasOff(attempt, target, object),
        annotations: (object) => recording(object, 'stop', mutation),
        signal: context.signal,
        autoscalers,
      }),
    ),
  );
  const graceMs = spec.stopGraceSeconds * 1000;
  const leftover = await awaitGone(cluster, { targets, graceMs, forcedWithinMs, afterTold: true, context });
  if (leftover !== undefined) throw failed(attempt, leftover);
  const saw = `${describeDeclared(workload)}: no instance is wanted, and no pod is left`;
  return { workload: spec.name, site: cluster.site.name, status: 'stopped', replicas: 0, saw };
}

function assertMayStop(attempt: Attempt, { kind }: Target, object: WorkloadObject): void {
  assertOfRun(object, attempt.mutation);
  if (kind.wanted(object) === 0) return;
  const { epoch, operationKey } = attempt.mutation;
  const found = epochOf(object) ?? 0;
  if (found > epoch) throw staleEpoch(attempt, found);
  const startedBy = undoneBy(object, 'stop', operationKey);
  if (startedBy === undefined) return;
  const because = `it was stopped by ${operationKey} and has since been started by ${startedBy}`;
  throw new SwitchbackFailure('StaleAttempt', `${title(attempt)}: ${because}`, { startedBy });
}

/**
 * Somebody had switched it off before this stop. Of an object that no run has touched only the plan can say so: at a standby all of
 * them are without instances.
 */
function wasOff({ spec, mutation }: Attempt, { name }: Target, object: WorkloadObject): boolean {
  const isLate =
    (epochOf(object) ?? 0) > mutation.epoch || undoneBy(object, 'stop', mutation.operationKey) !== undefined;
  if (isLate || !isSwitchedOff(object)) return false;
  const last = lastDone(object);
  return last === 'start' || (last === undefined && spec.kubernetes?.active?.switchedOff?.includes(name) === true);
}

export function staleEpoch(attempt: Attempt, found: number): SwitchbackFailure {
  const { epoch } = attempt.mutation;
  const message = `${title(attempt)} is of epoch ${found}; the request carries ${epoch}`;
  return new SwitchbackFailure('StaleEpoch', message, { epoch, found });
}

function failed(attempt: Attempt, saw: string): SwitchbackFailure {
  const details = { workload: attempt.spec.name, site: attempt.cluster.site.name };
  return new SwitchbackFailure('StopFailed', `${title(attempt)} could not be proven stopped: ${saw}`, details);
}
