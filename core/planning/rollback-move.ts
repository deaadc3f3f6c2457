import type { StepIds } from './parts-move';
import type { PlanContext } from './plan-context';
import { fenceAt, returnTraffic, startAt, stopAt } from './rollback-parts';

/** Ids of the forward steps that change something, by what they changed. */
export interface MoveSteps {
  readonly paused: string;
  readonly lowered: StepIds;
  readonly stops: StepIds;
  readonly warmStops: StepIds;
  readonly fence: string;
  readonly unfence: string;
  readonly claims: StepIds;
  readonly starts: StepIds;
  readonly switches: StepIds;
}

/**
 * The way back of a planned move. The fence of the old site is the pivot: until it was begun, the workloads that were stopped
 * simply start again with their old epoch. From then on the new site is emptied and fenced first, what was written there
 * comes back with the data, and the old site starts with an epoch higher than both.
 */
export function compensateMove(context: PlanContext, steps: MoveSteps): void {
  const { runbook, from, to, epochs } = context;
  const all = runbook.workloads;
  const stopped = Object.values(stopAt(context, to, steps.starts));
  const fenced = fenceAt(context, to, { compensates: [steps.unfence, ...Object.values(steps.starts)], after: stopped });
  const cold = all.filter((workload) => steps.stops[workload.name] !== undefined);
  const warm = all.filter((workload) => !cold.includes(workload));
  // Those that still run have the old epoch, which the new fence shuts out.
  const ended = stopAt(context, from, Object.fromEntries(warm.map(({ name }) => [name, steps.fence])));
  const data = returnData(context, steps, { fenced, ended: Object.values(ended) });
  const early = startAt(context, cold, {
    epoch: epochs.from,
    compensates: (workload) => [steps.stops[workload.name] ?? ''],
    unless: [steps.fence],
    requires: () => [],
  });
  const late = startAt(context, all, {
    epoch: epochs.rollback,
    compensates: (workload) => [steps.fence, steps.warmStops[workload.name]].flatMap((id) => id ?? []),
    unless: [],
    requires: ({ name, volumes }) =>
      [fenced, data.unfence, ended[name], ...volumes.map((volume) => data.claims[volume])].flatMap((id) => id ?? []),
  });
  returnTraffic(context, { switches: steps.switches, lowered: steps.lowered, requires: late });
  const replicas = remakeReplicas(context, steps, data.claims);
  context.build.compensation({
    segment: 'undo-traffic',
    kind: 'resume-replication',
    target: runbook.group,
    title: 'resume scheduled replication',
    compensates: [steps.paused],
    after: [...early, ...late, ...replicas],
    requires: Object.values(data.claims),
    input: { activeSite: from },
  });
}

/** Brings home what was written at the new site, and lets the old one write again. */
function returnData(
  context: PlanContext,
  steps: MoveSteps,
  before: { readonly fenced: string; readonly ended: readonly string[] },
) {
  const { build, runbook, from, to, names, epochs } = context;
  const { fenced, ended } = before;
  const unfence = build.compensation({
    segment: 'undo-fence',
    kind: 'unfence-site',
    site: from,
    title: `let ${names[from]} write with epoch ${epochs.rollback}`,
    compensates: [steps.fence],
    after: ended,
    requires: [fenced],
    input: { epoch: epochs.rollback },
  });
  const claims: StepIds = {};
  for (const { name } of runbook.volumes) {
    const returned = build.compensation({
      segment: 'undo-data',
      kind: 'final-sync',
      target: name,
      site: from,
      volume: name,
      title: `bring back to ${names[from]} what was written to ${name} at ${names[to]}`,
      compensates: [steps.claims[name] ?? ''],
      requires: [fenced],
      input: { source: to, epoch: epochs.rollback, claimedBy: epochs.to },
    });
    claims[name] = build.compensation({
      segment: 'undo-data',
      kind: 'claim-volume',
      target: name,
      site: from,
      volume: name,
      title: `hand ${name} at ${names[from]} to epoch ${epochs.rollback}`,
      compensates: [steps.fence],
      requires: [returned, unfence],
      input: { epoch: epochs.rollback },
    });
  }
  return { unfence, claims };
}

/** The new site had claimed its data: it becomes the replica again at once, not only with the next pass of the schedule. */
function remakeReplicas(context: PlanContext, steps: MoveSteps, claims: StepIds): readonly string[] {
  const { build, runbook, from, to, names, epochs } = context;
  return runbook.volumes.map(({ name }) =>
    build.compensation({
      segment: 'undo-replicas',
      kind: 'sync',
      target: name,
      site: to,
      volume: name,
      title: `make ${name} at ${names[to]} the replica again`,
      compensates: [steps.claims[name] ?? ''],
      requires: [claims[name] ?? ''],
      input: { source: from, epoch: epochs.rollback },
    }),
  );
}
