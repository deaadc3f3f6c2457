import { drillPolicyOf } from '../../model/operation-policy';
import { awaitLag, passGates, verifySites } from '../parts-before';
import { startWorkloads, type StepIds } from '../parts-move';
import type { PlanContext } from '../plan-context';

/** How long the copy of a drill is held, as it was asked for with the run. */
export interface Keep {
  readonly seconds?: number;
  /** ISO instant. */
  readonly until?: string;
}

/**
 * The standby site is rehearsed on a copy that nothing else knows of: made from a recovery point, started in order, checked,
 * held for people to look at, removed. Whatever happens, the rollback removes it; what an earlier drill left goes first.
 */
export function compileDrill(context: PlanContext, keep: Keep): string {
  const { build, runbook, to, names } = context;
  verifySites(context, [to]);
  build.barrier();
  passGates(context, context.policy.gates);
  const copies = makeCopies(context);
  const { starts } = startWorkloads(context, runbook.workloads, {
    site: to,
    epoch: context.epochs.to,
    needs: (workload) => workload.volumes.flatMap((name) => copies.volumes[name] ?? []),
    isolated: true,
  });
  watchReplication(context, keep);
  build.segment('commit', `Remove the copy at ${names[to]}`);
  const removed = build.step({ ...removal(context), input: input(context) });
  build.barrier();
  build.compensation({
    segment: 'undo-drill',
    ...removal(context),
    compensates: [copies.prepared, ...Object.values(copies.volumes), ...Object.values(starts)],
    input: input(context),
  });
  return removed;
}

const input = ({ epochs }: PlanContext) => ({ epoch: epochs.to, isolated: true }) as const;

const removal = ({ to, names }: PlanContext) =>
  ({ kind: 'remove-drill', site: to, title: `remove the copy at ${names[to]}` }) as const;

function makeCopies(context: PlanContext): { readonly prepared: string; readonly volumes: StepIds } {
  const { build, runbook, to, names, loss } = context;
  build.segment('prepare', `Make room for the copy at ${names[to]}`);
  const prepared = build.step({
    kind: 'prepare-drill',
    site: to,
    title: `remove what an earlier drill left at ${names[to]}`,
    input: input(context),
  });
  build.barrier();
  const volumes: StepIds = {};
  if (runbook.volumes.length === 0) return { prepared, volumes };
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
  return { prepared, volumes };
}

/** Production goes on meanwhile: what the copy takes must not keep the standby from following it. */
function watchReplication(context: PlanContext, { seconds = 0, until }: Keep): void {
  const { build, runbook, from, to, names } = context;
  const held = until !== undefined || seconds > 0;
  if (held) {
    build.segment('replicate', `Hold the copy at ${names[to]}`);
    build.step({
      kind: 'hold-drill',
      title: `hold the copy at ${names[to]} ${until === undefined ? `for ${seconds} s` : `until ${until}`}`,
      input: until === undefined ? { seconds } : { until },
    });
    build.barrier();
  }
  if (runbook.volumes.length === 0) return;
  build.segment('replicate', 'Watch replication');
  awaitLag(context, from, to, objectiveOf(context));
  build.barrier();
}

const objectiveOf = ({ from, runbook }: PlanContext): number =>
  from === 'primary' ? runbook.objectives.rpoSeconds : runbook.failbackPolicy.rpoSeconds;

/** What was asked for with the run goes before what the runbook says. */
export const keepOf = (runbook: PlanContext['runbook'], asked: Keep): Keep =>
  asked.seconds === undefined && asked.until === undefined ? { seconds: drillPolicyOf(runbook).keepSeconds } : asked;
