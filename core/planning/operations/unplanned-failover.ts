import { capturePoints, passGates, pauseReplication, verifySites } from '../parts-before';
import { claimVolume } from '../parts-data';
import { moveTraffic, restoreTtls, startWorkloads, type StepIds } from '../parts-move';
import type { PlanContext } from '../plan-context';
import { fenceAt, returnTraffic, startAt, stopAt } from '../rollback-parts';

/**
 * The active site is lost: fence it, or let a named person declare it lost; start the recovery site from a recovery point
 * whose loss is known and was shown before anything changes.
 */
export function compileUnplannedFailover(context: PlanContext): string {
  const { build, runbook, from, to, names, epochs } = context;
  verifySites(context, [to]);
  build.barrier();
  passGates(context, context.policy.gates);

  build.segment('prepare', `Shut ${names[from]} out`);
  const paused = pauseReplication(context);
  const fence = build.step({
    kind: 'fence-site',
    site: from,
    title: `fence ${names[from]}: nothing below epoch ${epochs.to} writes there`,
    after: [paused],
    input: { epoch: epochs.to, allowUnconfirmed: true },
  });
  build.step({
    kind: 'declare-lost',
    target: names[from],
    title: `${names[from]} cannot be fenced: declare it lost?`,
    after: [fence],
    input: { fenceStep: fence },
  });
  build.barrier();
  const data = restoreData(context);
  const { starts } = startWorkloads(context, runbook.workloads, {
    site: to,
    epoch: epochs.to,
    needs: (workload) => [data.unfence, ...workload.volumes.flatMap((name) => data.claims[name] ?? [])],
  });
  const switches = moveTraffic(context, 'move');
  build.segment('commit', 'Commit point');
  const commit = build.step({
    kind: 'commit',
    target: runbook.group,
    title: `commit: ${names[to]} is the active site from now on`,
    input: { epoch: epochs.to, activeSite: to, direction: 'none' },
  });
  build.barrier();
  if (runbook.traffic.length > 0) {
    build.segment('finish', 'Tidy up');
    restoreTtls(context);
    build.barrier();
  }
  compensate(context, { paused, fence, starts, switches, ...data });
  return commit;
}

function restoreData(context: PlanContext) {
  const { build, runbook, to, names, epochs, loss } = context;
  build.segment('data', 'Take the data of the recovery point');
  const unfence = build.step({
    kind: 'unfence-site',
    site: to,
    title: `let ${names[to]} write with epoch ${epochs.to}`,
    input: { epoch: epochs.to },
  });
  const captures = capturePoints(context, [to], { reason: 'before failover' });
  const restores: Record<string, string> = {};
  const claims: Record<string, string> = {};
  for (const { name } of runbook.volumes) {
    const point = loss?.volumes.find((volume) => volume.volume === name)?.point ?? 'latest';
    restores[name] = build.step({
      kind: 'restore-point',
      target: name,
      site: to,
      volume: name,
      title: `restore ${name} at ${names[to]} from ${point}`,
      after: [captures[`${name}@${to}`] ?? ''].filter(Boolean),
      input: { point, epoch: epochs.to },
    });
    claims[name] = claimVolume(context, name, [restores[name], unfence]);
  }
  build.barrier();
  return { unfence, captures, restores, claims };
}

interface UnplannedSteps {
  readonly paused: string;
  readonly fence: string;
  readonly unfence: string;
  readonly captures: Readonly<Record<string, string>>;
  readonly restores: Readonly<Record<string, string>>;
  readonly claims: Readonly<Record<string, string>>;
  readonly starts: Record<string, string>;
  readonly switches: StepIds;
}

function compensate(context: PlanContext, steps: UnplannedSteps): void {
  const { build, runbook, from, to, names, epochs, observation } = context;
  const stopped = Object.values(stopAt(context, to, steps.starts));
  const opened = [steps.unfence, ...Object.values(steps.restores), ...Object.values(steps.starts)];
  const fenced = fenceAt(context, to, { compensates: opened, after: stopped });
  const kept = keepWritten(context, { claims: steps.claims, fenced });
  const replicas = runbook.volumes.map(({ name }) =>
    build.compensation({
      segment: 'undo-data',
      kind: 'restore-point',
      target: name,
      site: to,
      volume: name,
      title: `make ${name} at ${names[to]} the replica again that it was`,
      compensates: [steps.restores[name] ?? '', steps.claims[name] ?? ''],
      requires: [fenced, kept[name]].flatMap((id) => id ?? []),
      input: { pointOf: steps.captures[`${name}@${to}`] ?? '', epoch: epochs.rollback },
    }),
  );
  const home = observation.sites[from].health.reachable ? reviveOldSite(context, { fence: steps.fence, fenced }) : [];
  returnTraffic(context, { switches: steps.switches, lowered: {}, requires: home });
  build.compensation({
    segment: 'undo-traffic',
    kind: 'resume-replication',
    target: runbook.group,
    title: 'resume scheduled replication',
    compensates: [steps.paused],
    after: [...home, ...replicas],
    requires: replicas,
    input: { activeSite: from },
  });
}

/** What customers wrote at the new site cannot be joined to the data of the old one: it is kept, for people to look at. */
function keepWritten(
  context: PlanContext,
  steps: { readonly claims: Readonly<Record<string, string>>; readonly fenced: string },
): Readonly<Record<string, string>> {
  const { build, runbook, to, names, epochs } = context;
  const ids = runbook.volumes.map(({ name }) => {
    const id = build.compensation({
      segment: 'undo-data',
      kind: 'capture-point',
      target: name,
      site: to,
      volume: name,
      title: `keep what was written to ${name} at ${names[to]}`,
      compensates: [steps.claims[name] ?? ''],
      requires: [steps.fenced],
      input: { consistency: 'crash', reason: 'before rollback of failover', epoch: epochs.rollback },
    });
    return [name, id] as const;
  });
  return Object.fromEntries(ids);
}

/** The old site answers after all: what the fence shut out is stopped and starts again with an epoch that may write. */
function reviveOldSite(
  context: PlanContext,
  steps: { readonly fence: string; readonly fenced: string },
): readonly string[] {
  const { build, runbook, from, names, epochs } = context;
  const ids: Record<string, string> = {};
  for (const workload of runbook.workloads) ids[workload.name] = steps.fence;
  const stopped = stopAt(context, from, ids);
  const unfence = build.compensation({
    segment: 'undo-revive',
    kind: 'unfence-site',
    site: from,
    title: `let ${names[from]} write with epoch ${epochs.rollback}`,
    compensates: [steps.fence],
    after: Object.values(stopped),
    requires: [steps.fenced],
    input: { epoch: epochs.rollback },
  });
  const claims: Record<string, string> = {};
  for (const { name } of runbook.volumes) {
    claims[name] = build.compensation({
      segment: 'undo-revive',
      kind: 'claim-volume',
      target: name,
      site: from,
      volume: name,
      title: `hand ${name} at ${names[from]} to epoch ${epochs.rollback}`,
      compensates: [steps.fence],
      requires: [unfence],
      input: { epoch: epochs.rollback },
    });
  }
  return startAt(context, runbook.workloads, {
    epoch: epochs.rollback,
    compensates: () => [steps.fence],
    unless: [],
    requires: ({ name, volumes }) =>
      [steps.fenced, unfence, stopped[name], ...volumes.map((volume) => claims[volume])].flatMap((id) => id ?? []),
  });
}
