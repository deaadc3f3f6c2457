import type { RecoveryPlan } from '../../model/plan';
import type { RunStatus, StepState } from '../../model/run';
import { blocks, code, join, nothing, safe, short, table, type Markdown } from '../markdown/markdown';
import { firstFew } from './fit-bytes';

const RUNNING_SHOWN = 6;
const SEGMENTS_SHOWN = 8;

/** How many steps are where, in one line. Always fits. */
export function counts({ steps, rollback, phase, children }: RunStatus): Markdown {
  const parts = [
    ...(steps.length > 0 ? [safe`Steps: ${countOf(steps)}.`] : [safe`No plan yet.`]),
    ...(phase === 'rolling-back' || rollback.some(({ status }) => status !== 'pending' && status !== 'not-needed')
      ? [safe`Rollback: ${countOf(rollback.filter(({ status }) => status !== 'not-needed'))}.`]
      : []),
    ...(children.length > 0 ? [safe`${children.length} child workflows.`] : []),
  ];
  return join(parts, ' ');
}

/** What is running, the longest variant first. */
export function runningNow(status: RunStatus, plan: RecoveryPlan | undefined): Markdown[] {
  const running = [...status.rollback, ...status.steps].filter((step) => step.status === 'running');
  const names = firstFew(
    running.slice(0, RUNNING_SHOWN).map(({ id }) => code(id, 120)),
    RUNNING_SHOWN,
    more,
  );
  const folded = running.length > RUNNING_SHOWN ? safe`, ${more(running.length - RUNNING_SHOWN)}` : nothing;
  const line = running.length === 0 ? nothing : safe`**Running:** ${names}${folded}`;
  const segments = segmentTable(status, plan);
  return [blocks([line, segments]), segments, line, nothing];
}

const more = (left: number): Markdown => safe`and ${left} more`;

/** Segments that were begun and are not complete. */
function segmentTable({ steps }: RunStatus, plan: RecoveryPlan | undefined): Markdown {
  if (!plan) return nothing;
  const tallies = plan.segments.map(({ title }) => ({ title, total: 0, begun: 0, complete: 0, failed: 0 }));
  const segmentOf = segmentIndexes(plan);
  for (const { id, status } of steps) {
    const tally = tallies[segmentOf.get(id) ?? -1];
    if (!tally) continue;
    tally.total += 1;
    if (status !== 'pending') tally.begun += 1;
    if (isOver(status)) tally.complete += 1;
    if (status === 'failed') tally.failed += 1;
  }
  const open = tallies.filter(({ begun, complete, total }) => begun > 0 && complete < total);
  const rows = open
    .slice(0, SEGMENTS_SHOWN)
    .map(({ title, total, complete, failed }) => [
      short(title, 100),
      safe`${complete} of ${total}${failed > 0 ? safe`, **${failed} failed**` : nothing}`,
    ]);
  return table(['Segment', 'Done'], rows);
}

/** Details are made anew at every change of a run, and the plan never changes: looked up once. */
const indexesOfPlans = new WeakMap<RecoveryPlan, ReadonlyMap<string, number>>();

function segmentIndexes(plan: RecoveryPlan): ReadonlyMap<string, number> {
  const known = indexesOfPlans.get(plan);
  if (known) return known;
  const ofSegment = new Map(plan.segments.map(({ id }, index) => [id, index]));
  const ofStep = new Map(plan.steps.map(({ id, segment }) => [id, ofSegment.get(segment) ?? -1]));
  indexesOfPlans.set(plan, ofStep);
  return ofStep;
}

const over: readonly StepState['status'][] = ['done', 'skipped', 'marked-done', 'not-needed'];
const isOver = (status: StepState['status']): boolean => over.includes(status);

function countOf(states: readonly StepState[]): Markdown {
  const tally = new Map<string, number>();
  for (const { status } of states) tally.set(status, (tally.get(status) ?? 0) + 1);
  const done = tally.get('done') ?? 0;
  tally.delete('done');
  const rest = [...tally].map(([status, count]) => safe`${count} ${status.replaceAll('-', ' ')}`);
  return join([safe`${done} of ${states.length} done`, ...rest], ', ');
}
