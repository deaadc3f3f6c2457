import type { RecordMove, StepInput } from '../model/plan';
import type { SiteRole } from '../model/site';
import { hasFixedTtl } from '../model/traffic';
import type { WorkloadSpec } from '../model/workload';
import { instancesAtActive, isLeftOff, switchedOffAt } from './instances-seen';
import { checksAt, ofCopy, type PlanContext } from './plan-context';
import { recordBatches, type RecordBatch } from './record-batches';
import { holdsUpNextStopGroup, startOrder, stopOrder } from './workload-order';

/** Ids of the steps of a workload, by its name. */
export type StepIds = Record<string, string>;

/** Stops the workloads at a site, later priority groups first. */
export function stopWorkloads(
  context: PlanContext,
  workloads: readonly WorkloadSpec[],
  options: { readonly site: SiteRole; readonly epoch: number },
): StepIds {
  const { build, names, policy } = context;
  const ids: StepIds = {};
  const override = keep(policy.stopOrder, workloads);
  for (const group of stopOrder(workloads, override)) {
    build.segment('stop', `Stop priority ${group.priority} at ${names[options.site]}`, { priority: group.priority });
    for (const { workload, after } of group.members) {
      ids[workload.name] = build.step({
        kind: 'stop-workload',
        target: workload.name,
        site: options.site,
        workload: workload.name,
        title: `stop ${workload.name} at ${names[options.site]}`,
        after: after.flatMap((name) => ids[name] ?? []),
        input: {
          epoch: options.epoch,
          ...switchedOffAt(context, workload, options.site),
          ...ofCopy(context),
        },
      });
    }
    const holding = group.members.filter(({ workload }) => override !== undefined || holdsUpNextStopGroup(workload));
    build.barrier(holding.flatMap(({ workload }) => ids[workload.name] ?? []));
  }
  return ids;
}

/** Starts the workloads at a site in order; each is healthy before what waits for it starts. Gives the ids of the starts. */
export function startWorkloads(
  context: PlanContext,
  workloads: readonly WorkloadSpec[],
  options: {
    readonly site: SiteRole;
    readonly epoch: number;
    /** What each start waits for besides the order: fence, claimed volumes. */
    readonly needs: (workload: WorkloadSpec) => readonly string[];
  },
): { readonly starts: StepIds; readonly healthy: StepIds } {
  const { build, names, policy } = context;
  const starts: StepIds = {};
  const healthy: StepIds = {};
  for (const group of startOrder(workloads, keep(policy.startOrder, workloads))) {
    build.segment('start', `Start priority ${group.priority} at ${names[options.site]}`, { priority: group.priority });
    for (const { workload, after, waitsForEarlierGroups } of group.members) {
      const draft = {
        kind: 'start-workload',
        target: workload.name,
        site: options.site,
        workload: workload.name,
        title: isLeftOff(context, workload)
          ? `leave ${workload.name} at ${names[options.site]} switched off`
          : `start ${workload.name} at ${names[options.site]}`,
        after: [...options.needs(workload), ...after.flatMap((name) => healthy[name] ?? [])],
        input: {
          epoch: options.epoch,
          ...instancesAtActive(context, workload),
          ...ofCopy(context),
        },
      } as const;
      const started = waitsForEarlierGroups ? build.step(draft) : build.stepAfterOnly(draft);
      starts[workload.name] = started;
      healthy[workload.name] = build.stepAfterOnly({
        kind: 'check-health',
        target: workload.name,
        site: options.site,
        workload: workload.name,
        title: `check that ${workload.name} at ${names[options.site]} is healthy`,
        after: [started],
        input: { epoch: options.epoch, checks: checksAt(context, workload.checks), ...ofCopy(context) },
      });
    }
    build.barrier();
  }
  return { starts, healthy };
}

/** Moves every record to the new site and looks at what customers see. Gives the ids of the switches, by record. */
export function moveTraffic(context: PlanContext, ttl: 'move' | 'normal'): StepIds {
  const { build, runbook, from, to, names, epochs } = context;
  if (runbook.traffic.length === 0) return {};
  build.segment('traffic', `Lead customers to ${names[to]}`);
  const switches: StepIds = {};
  for (const batch of recordBatches(runbook.traffic)) {
    const switched = build.step({
      kind: 'switch-traffic',
      target: batch[0].name,
      site: to,
      record: batch[0].name,
      title: `lead ${namesOf(batch)} to ${names[to]}`,
      input: { ...movesOf(batch, { from, to, ttl }), epoch: epochs.to },
    });
    for (const record of batch) {
      switches[record.name] = switched;
      build.stepAfterOnly({
        kind: 'verify-traffic',
        target: record.name,
        site: to,
        record: record.name,
        title: `see from outside that ${record.name} leads to ${names[to]}`,
        after: [switched],
        input: { next: record.values[to] },
      });
    }
  }
  build.barrier();
  return switches;
}

export const namesOf = (batch: RecordBatch): string => batch.map(({ name }) => name).join(', ');

/** What leads the records of a batch from one site to the other: the first as the step's own, the others beside it. */
export function movesOf(
  batch: RecordBatch,
  { from, to, ttl }: { readonly from: SiteRole; readonly to: SiteRole; readonly ttl: 'move' | 'normal' },
): StepInput {
  const [{ record: _own, ...first }, ...others] = batch.map((record) => ({
    record: record.name,
    expected: record.values[from],
    next: record.values[to],
    ttlSeconds: ttl === 'move' ? record.moveTtlSeconds : record.ttlSeconds,
  })) as [RecordMove, ...RecordMove[]];
  return { ...first, ...(others.length > 0 && { alsoMoves: others }) };
}

/** Gives every record its normal TTL again, after the commit point. */
export function restoreTtls(context: PlanContext): void {
  const { build, runbook, to, epochs } = context;
  for (const record of runbook.traffic.filter((one) => !hasFixedTtl(one))) {
    build.step({
      kind: 'restore-ttl',
      target: record.name,
      site: to,
      record: record.name,
      title: `give ${record.name} its TTL of ${record.ttlSeconds} s again`,
      input: { expected: record.values[to], ttlSeconds: record.ttlSeconds, epoch: epochs.to },
    });
  }
}

/** Workloads that may start at the new site before the old ones stop: stateless, as is all that they depend on. */
export function warmWorkloads(context: PlanContext): readonly WorkloadSpec[] {
  if (context.policy.strategy !== 'warm') return [];
  const byName = new Map(context.runbook.workloads.map((workload) => [workload.name, workload]));
  const stateless = (workload: WorkloadSpec): boolean =>
    workload.volumes.length === 0 &&
    workload.dependsOn.every((name) => {
      const other = byName.get(name);
      return other !== undefined && stateless(other);
    });
  return context.runbook.workloads.filter(stateless);
}

/** An order override of the runbook, reduced to the workloads at hand. */
const keep = (
  order: readonly string[] | undefined,
  workloads: readonly WorkloadSpec[],
): readonly string[] | undefined => order?.filter((name) => workloads.some((workload) => workload.name === name));
