import type { SiteRole } from '../model/site';
import type { WorkloadSpec } from '../model/workload';
import { hasFixedTtl } from '../model/traffic';
import { switchedOffAt } from './instances-seen';
import { movesOf, namesOf, type StepIds } from './parts-move';
import type { PlanContext } from './plan-context';
import { recordBatches } from './record-batches';
import { startOrder, stopOrder } from './workload-order';

/**
 * Stops workloads in stop order, each when the step that `because` names for it was begun. Gives the ids of the stops by
 * workload.
 */
export function stopAt(context: PlanContext, site: SiteRole, because: StepIds): StepIds {
  const ids: StepIds = {};
  let earlier: readonly string[] = [];
  for (const group of stopOrder(context.runbook.workloads, context.policy.stopOrder)) {
    for (const { workload, after } of group.members) {
      const begun = because[workload.name];
      if (begun === undefined) continue;
      ids[workload.name] = context.build.compensation({
        segment: `undo-start-${site}-${group.priority}`,
        kind: 'stop-workload',
        target: workload.name,
        site,
        workload: workload.name,
        title: `stop ${workload.name} at ${context.names[site]} again`,
        compensates: [begun],
        after: [...earlier, ...after.flatMap((name) => ids[name] ?? [])],
        // Of the old site: what was off there is to be off when it starts again.
        input: { epoch: context.epochs.to, ...(site === context.from && switchedOffAt(context, workload, site)) },
      });
    }
    earlier = Object.values(ids);
  }
  return ids;
}

export function fenceAt(
  context: PlanContext,
  site: SiteRole,
  options: { readonly compensates: readonly string[]; readonly after: readonly string[] },
): string {
  const { build, names, epochs } = context;
  return build.compensation({
    segment: 'undo-fence',
    kind: 'fence-site',
    site,
    title: `fence ${names[site]}: nothing below epoch ${epochs.rollback} writes there`,
    compensates: options.compensates,
    after: options.after,
    input: { epoch: epochs.rollback },
  });
}

/** Starts workloads at the old site in order, each healthy before the next. Gives the ids of the health checks. */
export function startAt(
  context: PlanContext,
  workloads: readonly WorkloadSpec[],
  options: {
    readonly epoch: number;
    readonly compensates: (workload: WorkloadSpec) => readonly string[];
    readonly unless: readonly string[];
    readonly requires: (workload: WorkloadSpec) => readonly string[];
  },
): readonly string[] {
  const { build, from: site, names, policy } = context;
  const healthy: StepIds = {};
  const order = startOrder(
    workloads,
    policy.startOrder?.filter((name) => workloads.some((workload) => workload.name === name)),
  );
  let earlier: readonly string[] = [];
  for (const group of order) {
    for (const { workload, after, waitsForEarlierGroups } of group.members) {
      const shared = {
        segment: `undo-stop-${group.priority}-${options.epoch}`,
        target: workload.name,
        site,
        workload: workload.name,
        compensates: options.compensates(workload),
        unless: options.unless,
      };
      const started = build.compensation({
        kind: 'start-workload',
        ...shared,
        title: `start ${workload.name} at ${names[site]} again`,
        after: [...(waitsForEarlierGroups ? earlier : []), ...after.flatMap((name) => healthy[name] ?? [])],
        requires: options.requires(workload),
        input: { epoch: options.epoch },
      });
      healthy[workload.name] = build.compensation({
        kind: 'check-health',
        ...shared,
        title: `check that ${workload.name} at ${names[site]} is healthy`,
        requires: [started],
        input: { epoch: options.epoch, checks: workload.checks },
      });
    }
    earlier = Object.values(healthy);
  }
  return Object.values(healthy);
}

/** Leads customers back, but only to what passed its health checks; then the TTL. */
export function returnTraffic(
  context: PlanContext,
  options: {
    readonly switches: StepIds;
    readonly lowered: StepIds;
    readonly requires: readonly string[];
  },
): void {
  const { build, runbook, from, to, names, epochs } = context;
  for (const batch of recordBatches(runbook.traffic)) {
    const switched = options.switches[batch[0].name];
    const back =
      switched === undefined
        ? undefined
        : build.compensation({
            segment: 'undo-traffic',
            kind: 'switch-traffic',
            target: batch[0].name,
            site: to,
            record: batch[0].name,
            title: `lead ${namesOf(batch)} back to ${names[from]}`,
            compensates: [switched],
            requires: options.requires,
            input: { ...movesOf(batch, { from: to, to: from, ttl: 'move' }), epoch: epochs.rollback },
          });
    for (const record of batch.filter((one) => !hasFixedTtl(one))) {
      const lowered = options.lowered[record.name] ?? switched;
      if (lowered === undefined) continue;
      build.compensation({
        segment: 'undo-traffic',
        kind: 'restore-ttl',
        target: record.name,
        site: to,
        record: record.name,
        title: `give ${record.name} its TTL of ${record.ttlSeconds} s again`,
        compensates: [lowered],
        ...(back !== undefined && { requires: [back] }),
        input: { expected: record.values[from], ttlSeconds: record.ttlSeconds, epoch: epochs.rollback },
      });
    }
  }
}
