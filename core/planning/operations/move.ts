import type { WorkloadSpec } from '../../model/workload';
import {
  awaitLag,
  capturePoints,
  lowerTtls,
  passGates,
  pauseReplication,
  stageStandby,
  syncAhead,
  verifySites,
} from '../parts-before';
import { proveData, verifyData } from '../parts-data';
import { moveTraffic, restoreTtls, startWorkloads, stopWorkloads, warmWorkloads } from '../parts-move';
import type { PlanContext } from '../plan-context';
import { compensateMove } from '../rollback-move';

/**
 * Both sites are up: planned failover and failback. Stop at the old site, prove it, prove the data, start at the new one,
 * prove its health, move traffic, prove that, commit. No data is lost.
 */
export function compileMove(context: PlanContext): string {
  const { build, runbook, from, to, names, epochs, operation } = context;
  const warm = warmWorkloads(context);
  const cold = runbook.workloads.filter((workload) => !warm.includes(workload));

  verifySites(context, ['primary', 'recovery']);
  const lag = operation === 'failback' ? runbook.failbackPolicy.rpoSeconds : runbook.objectives.rpoSeconds;
  awaitLag(context, from, to, lag);
  capturePoints(context, [from, to], { reason: `before ${operation}` });
  build.barrier();
  passGates(context, context.policy.gates);

  build.segment('prepare', 'Prepare the move');
  const paused = pauseReplication(context);
  stageStandby(context);
  const lowered = lowerTtls(context);
  syncAhead(context, [paused]);
  build.barrier();

  const warmStart = startWarm(context, warm);
  const stops = stopWorkloads(context, cold, { site: from, epoch: epochs.from });
  const data = proveData(context, Object.values(stops), warmStart.unfence);
  const { starts } = startWorkloads(context, cold, {
    site: to,
    epoch: epochs.to,
    needs: (workload) => [data.unfence, ...workload.volumes.flatMap((name) => data.claims[name] ?? [])],
  });
  const switches = moveTraffic(context, 'move');
  // The old site is fenced by now: a stop with its old epoch would be refused.
  const warmStops = warm.length > 0 ? stopWorkloads(context, warm, { site: from, epoch: epochs.to }) : {};
  verifyData(context);

  build.segment('commit', 'Commit point');
  const commit = build.step({
    kind: 'commit',
    target: runbook.group,
    title: `commit: ${names[to]} is the active site from now on`,
    input: { epoch: epochs.to, activeSite: to, direction: 'none' },
  });
  build.barrier();
  finish(context);

  compensateMove(context, {
    paused,
    lowered,
    stops,
    warmStops,
    fence: data.fence,
    unfence: data.unfence,
    claims: data.claims,
    starts: { ...warmStart.starts, ...starts },
    switches,
  });
  return commit;
}

function startWarm(
  context: PlanContext,
  warm: readonly WorkloadSpec[],
): { readonly unfence?: string; readonly starts: Record<string, string> } {
  if (warm.length === 0) return { starts: {} };
  const { build, to, names, epochs } = context;
  build.segment('start', `Let ${names[to]} start ahead`);
  const unfence = build.step({
    kind: 'unfence-site',
    site: to,
    title: `let ${names[to]} write with epoch ${epochs.to}`,
    input: { epoch: epochs.to },
  });
  build.barrier();
  const { starts } = startWorkloads(context, warm, { site: to, epoch: epochs.to, needs: () => [unfence] });
  return { unfence, starts };
}

/** After the commit point, forward only: replicate home again after a failback, and give the records their TTL. */
function finish(context: PlanContext): void {
  const { build, runbook, from, to, operation } = context;
  if (operation === 'failback') {
    build.segment('replicate', 'Protect again');
    build.step({
      kind: 'start-replication',
      target: runbook.group,
      title: `replicate from ${context.names[to]} to ${context.names[from]} again`,
      input: { direction: 'primary-to-recovery', epoch: context.epochs.to },
    });
    build.barrier();
    build.segment('replicate', 'Wait for the objective');
    awaitLag(context, to, from, runbook.objectives.rpoSeconds);
    build.barrier();
  }
  if (runbook.traffic.length === 0) return;
  build.segment('finish', 'Tidy up');
  restoreTtls(context);
  build.barrier();
}
