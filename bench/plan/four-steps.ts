import { createHash } from 'node:crypto';
import type { CompileRequest } from '../../activities/contract';
import type { RecoveryPlan } from '../../core/model/plan';
import type { WorkloadSpec } from '../../core/model/workload';
import { canonicalJson } from '../../core/planning/canonical-json';
import { PlanBuilder } from '../../core/planning/plan-builder';

/** Steps of a workload, one after the other; each is one call of a driver, to which the benchmark gives its length. */
export const STEPS_PER_WORKLOAD = 4;

/**
 * A plan of one shape only: priority groups one after the other, and in each every workload at once goes through stop, claim,
 * start and health check. The compiler makes no such plan; the executor does not know who made it.
 */
export function fourStepPlan({ runbook, digest, operation, mode, epochs }: CompileRequest): RecoveryPlan {
  const { primary, recovery } = runbook.sites;
  const build = new PlanBuilder({ primary: primary.name, recovery: recovery.name });
  const priorities = [...new Set(runbook.workloads.map(({ priority }) => priority))].sort((one, other) => one - other);
  for (const priority of priorities) {
    build.segment('start', `Move priority ${priority}`, { priority });
    for (const workload of runbook.workloads.filter((one) => one.priority === priority)) {
      move(build, workload, epochs);
    }
    build.barrier();
  }
  build.segment('commit', 'Commit point');
  const input = { epoch: epochs.to, activeSite: 'recovery', direction: 'none' } as const;
  const commitStep = build.step({ kind: 'commit', target: runbook.group, title: 'commit', input });
  const { segments, steps, rollback } = build;
  const runs = {
    version: 1 as const,
    group: runbook.group,
    operation,
    mode,
    runbookDigest: digest,
    from: 'primary' as const,
    to: 'recovery' as const,
    epochs,
    segments,
    steps,
    rollback,
    commitStep,
    runbook,
  };
  const hash = createHash('sha256').update(canonicalJson(runs)).digest('hex');
  return { ...runs, prechecks: [], estimateSeconds: priorities.length * STEPS_PER_WORKLOAD, hash };
}

function move(build: PlanBuilder, workload: WorkloadSpec, epochs: RecoveryPlan['epochs']): void {
  const { name, volumes, checks } = workload;
  const [volume = ''] = volumes;
  const there = { target: name, workload: name, site: 'recovery' } as const;
  const input = { epoch: epochs.to };
  const stopped = build.step({
    ...there,
    kind: 'stop-workload',
    site: 'primary',
    title: `stop ${name}`,
    input: { epoch: epochs.from },
  });
  const claimed = build.stepAfterOnly({
    kind: 'claim-volume',
    target: volume,
    volume,
    site: 'recovery',
    title: `claim ${volume}`,
    after: [stopped],
    input,
  });
  const started = build.stepAfterOnly({
    ...there,
    kind: 'start-workload',
    title: `start ${name}`,
    after: [claimed],
    input,
  });
  build.stepAfterOnly({
    ...there,
    kind: 'check-health',
    title: `check ${name}`,
    after: [started],
    input: { ...input, checks },
  });
}
