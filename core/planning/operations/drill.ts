import { drillPolicyOf } from '../../model/operation-policy';
import type { PlanStep } from '../../model/plan';
import type { SiteRole } from '../../model/site';
import { traitsOf } from '../../model/step-kinds';
import { awaitLag, passGates, verifySites } from '../parts-before';
import { startWorkloads, type StepIds } from '../parts-move';
import { copyContext, type PlanContext } from '../plan-context';
import { returnCopy } from './round-trip';

/** How long the copy of a drill is held, as it was asked for with the run. */
export interface Keep {
  readonly seconds?: number;
  /** ISO instant. */
  readonly until?: string;
}

/** What was asked for with the run, or what the runbook says of drills. */
export interface DrillChoices {
  readonly keep: Keep;
  /** The way back is rehearsed as well, on a second copy at the other site. */
  readonly roundTrip: boolean;
}

/**
 * The standby site is rehearsed on a copy that nothing else knows of: made from a recovery point, started in order, checked,
 * held for people to look at, removed. Whatever happens, the rollback removes it; what an earlier drill left goes first.
 */
export function compileDrill(context: PlanContext, { keep, roundTrip }: DrillChoices): string {
  const { build, runbook, from, to } = context;
  const sites = roundTrip ? [to, from] : [to];
  verifySites(context, sites);
  build.barrier();
  passGates(context, context.policy.gates);
  prepareSites(context, sites);
  const volumes = copyVolumes(context);
  startWorkloads(copyContext(context), runbook.workloads, {
    site: to,
    epoch: context.epochs.to,
    needs: (workload) => workload.volumes.flatMap((name) => volumes[name] ?? []),
  });
  if (roundTrip) returnCopy(context);
  holdCopy(context, roundTrip ? from : to, keep);
  watchReplication(context);
  return removeCopies(context, [...sites].reverse());
}

const input = ({ epochs }: PlanContext) => ({ epoch: epochs.to, isolated: true }) as const;

function prepareSites(context: PlanContext, sites: readonly SiteRole[]): void {
  const { build, names } = context;
  build.segment('prepare', `Make room for copies at ${sites.map((site) => names[site]).join(' and ')}`);
  for (const site of sites) {
    build.step({
      kind: 'prepare-drill',
      site,
      title: `remove what an earlier drill left at ${names[site]}`,
      input: input(context),
    });
  }
  build.barrier();
}

/** Gives the ids of the copies by volume. */
function copyVolumes(context: PlanContext): StepIds {
  const { build, runbook, to, names, loss } = context;
  const volumes: StepIds = {};
  if (runbook.volumes.length === 0) return volumes;
  build.segment('data', 'Copy the data of the recovery point');
  for (const { name } of runbook.volumes) {
    const point = loss?.volumes.find(({ volume }) => volume === name)?.point ?? 'latest';
    volumes[name] = build.step({
      kind: 'copy-for-drill',
      target: name,
      site: to,
      volume: name,
      title: `copy ${name} at ${names[to]} from ${point}`,
      input: { ...input(context), point },
    });
  }
  build.barrier();
  return volumes;
}

/** One after the other; the last removal is the commit step. The rollback removes what there is at each site, at once. */
function removeCopies(context: PlanContext, sites: readonly SiteRole[]): string {
  const { build, names } = context;
  const removal = (site: SiteRole) =>
    ({ kind: 'remove-drill', site, title: `remove the copy at ${names[site]}`, input: input(context) }) as const;
  for (const site of sites) {
    const changed = build.steps.filter((step) => step.site === site && changesCopy(step));
    build.compensation({ segment: 'undo-drill', ...removal(site), compensates: changed.map(({ id }) => id) });
  }
  build.segment('commit', `Remove the ${sites.length > 1 ? 'copies' : 'copy'}`);
  let removed = '';
  for (const site of sites) {
    removed = build.step({ ...removal(site), after: removed === '' ? [] : [removed] });
  }
  build.barrier();
  return removed;
}

const changesCopy = ({ kind, input: { isolated } }: PlanStep): boolean =>
  isolated === true && traitsOf(kind).effect !== 'none';

/** People may look at what is healthy for so long. */
function holdCopy(context: PlanContext, site: SiteRole, { seconds = 0, until }: Keep): void {
  if (until === undefined && seconds === 0) return;
  const { build, names } = context;
  build.segment('replicate', `Hold the copy at ${names[site]}`);
  build.step({
    kind: 'hold-drill',
    site,
    title: `hold the copy at ${names[site]} ${until === undefined ? `for ${seconds} s` : `until ${until}`}`,
    input: until === undefined ? { seconds } : { until },
  });
  build.barrier();
}

/** Production goes on meanwhile: what a copy takes must not keep the standby from following it. */
function watchReplication(context: PlanContext): void {
  const { build, runbook, from, to, names } = context;
  if (runbook.volumes.length === 0) return;
  const seconds = objectiveOf(context);
  build.segment('replicate', 'Watch replication');
  awaitLag(context, from, to, seconds);
  build.barrier();
  build.segment('replicate', 'Look at the lag since the drill began');
  build.step({
    kind: 'verify-lag',
    target: runbook.group,
    title: `see how far ${names[to]} was behind at worst; ${seconds} s allowed`,
    input: { seconds },
  });
  build.barrier();
}

const objectiveOf = ({ from, runbook }: PlanContext): number =>
  from === 'primary' ? runbook.objectives.rpoSeconds : runbook.failbackPolicy.rpoSeconds;

/** What was asked for with the run goes before what the runbook says. */
export function drillChoices(runbook: PlanContext['runbook'], asked: Partial<DrillChoices>): DrillChoices {
  const { keepSeconds, roundTrip = false } = drillPolicyOf(runbook);
  const { keep = {} } = asked;
  const said = keep.seconds === undefined && keep.until === undefined ? { seconds: keepSeconds } : keep;
  return { keep: said, roundTrip: asked.roundTrip ?? roundTrip };
}
