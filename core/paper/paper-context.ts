import { copyOf } from '../model/drill';
import type { PlanStep, RecoveryPlan } from '../model/plan';
import { peerRole, type SiteRole, type SiteSpec } from '../model/site';
import type { TrafficSpec } from '../model/traffic';
import type { VolumeSpec } from '../model/volume';
import type { WorkloadSpec } from '../model/workload';

/** What the text of every step may look at. */
export interface PaperContext {
  readonly plan: RecoveryPlan;
  /** Folder of the runbook file: programs of local workloads are looked up there. */
  readonly runbookFolder: string;
  /** The same question of another domain: core has no hash of its own. */
  readonly sha256: (text: string) => string;
}

/** File with the settings and epochs, which every terminal reads before anything else. */
export const settingsFile = ({ plan }: Pick<PaperContext, 'plan'>): string =>
  `./switchback-${plan.group}-${plan.operation}.sh`;

/** What stands for an epoch in commands: nobody knows its number before the sites were looked at. */
export function epochWord({ epochs }: Pick<RecoveryPlan, 'epochs'>, epoch: number | undefined): string {
  const { from, to, rollback } = epochs;
  if (epoch === undefined || epoch === from) return '$FROM';
  if (epoch === to) return '$TO';
  if (epoch === rollback) return '$ROLLBACK';
  return `$((TO + ${epoch - to}))`;
}

/** The group, or for what is done to the copy of a drill the name of the copy. */
export const groupOf = ({ plan }: PaperContext, step?: Pick<PlanStep, 'input'>): string =>
  step?.input.isolated ? copyOf(plan.group) : plan.group;

/** The key by which a by-hand change is known afterwards, like the operation key of a run. */
export const handKey = (context: PaperContext, step: Pick<PlanStep, 'id'>): string => `paper/$TO/${step.id}`;

export const siteOf = ({ plan }: PaperContext, role: SiteRole): SiteSpec => plan.runbook.sites[role];

/** The site of a step, and the other one. Steps of a site have one. */
export function sitesOf(
  context: PaperContext,
  step: Pick<PlanStep, 'site'>,
): { readonly site: SiteSpec; readonly other: SiteSpec } {
  const role = step.site ?? context.plan.to;
  return { site: siteOf(context, role), other: siteOf(context, peerRole(role)) };
}

export const workloadOf = ({ plan }: PaperContext, { workload }: PlanStep): WorkloadSpec =>
  found(plan.runbook.workloads, workload);

export const volumeOf = ({ plan }: PaperContext, { volume }: PlanStep): VolumeSpec =>
  found(plan.runbook.volumes, volume);

export const recordOf = ({ plan }: PaperContext, name: string | undefined): TrafficSpec =>
  found(plan.runbook.traffic, name);

function found<Named extends { readonly name: string }>(all: readonly Named[], name: string | undefined): Named {
  const one = all.find((candidate) => candidate.name === name);
  if (one === undefined) throw new Error(`the plan names "${name ?? ''}", which its runbook has not`);
  return one;
}
