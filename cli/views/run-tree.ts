import type { PlanStep } from '../../core/model/plan';
import type { StepState, StepStatus } from '../../core/model/run';
import { count, formatSeconds, secondsBetween } from '../terminal/format';
import { span, type Line } from '../terminal/line';
import { phaseGroups, type SegmentGroup } from './phase-groups';
import type { RunSnapshot } from './run-snapshot';
import { stepLine } from './step-lines';
import { stepSymbols } from './symbols';
import { drawTree, node, type TreeNode } from './tree';

/** A group of steps in the live tree, and how it stands. */
interface RunGroup {
  readonly title: string;
  readonly steps: readonly PlanStep[];
  readonly states: ReadonlyMap<string, StepState>;
  readonly status: StepStatus;
}

type Shown = 'open' | 'unfinished' | 'folded';

/**
 * The groups and steps of a run in at most `rows` lines. Folded to fit: finished groups first, then those that have not begun,
 * then the finished steps of what is running. Then the oldest finished groups are told in one line, and the last of those to
 * come. What is running or has failed is folded last.
 */
export function runTree(snapshot: RunSnapshot, rows: number): Line[] {
  const groups = runGroups(snapshot);
  const shown: Shown[] = groups.map(() => 'open');
  const height = (): number =>
    groups.reduce((sum, group, index) => sum + groupNode(group, shown[index] ?? 'open', snapshot).height, 0);
  for (const [index, next] of foldings(groups)) {
    if (height() <= rows) break;
    shown[index] = next;
  }
  const nodes = groups.map((group, index) => groupNode(group, shown[index] ?? 'open', snapshot).node);
  const lines = drawTree(gathered(groups, nodes, height() - rows));
  return lines.length <= rows ? lines : cut(lines, rows);
}

/** So many lines less, as far as groups before and behind what is running can be told together. */
function gathered(groups: readonly RunGroup[], nodes: readonly TreeNode[], tooMany: number): readonly TreeNode[] {
  const begun = groups.findIndex(({ status }) => status !== 'done');
  const done = togetherOf(begun === -1 ? groups.length : begun, tooMany);
  const last = [...groups].reverse().findIndex(({ status }) => status !== 'pending');
  const pending = togetherOf(last === -1 ? 0 : last, done === 0 ? tooMany : tooMany - done + 1);
  const together = (status: StepStatus, words: string): TreeNode =>
    node([span(`${stepSymbols[status].text} `, stepSymbols[status].format), span(words, 'dim')]);
  return [
    ...(done > 0 ? [together('done', `${count(done, 'group')} done`)] : []),
    ...nodes.slice(done, nodes.length - pending),
    ...(pending > 0 ? [together('pending', `${count(pending, 'group')} to come`)] : []),
  ];
}

/** How many of the groups one line is to tell of, so that there are so many lines less: none, or at least two. */
const togetherOf = (groups: number, tooMany: number): number =>
  tooMany <= 0 || groups < 2 ? 0 : Math.min(groups, tooMany + 1);

/** What to fold, in this order, until everything fits. */
function foldings(groups: readonly RunGroup[]): (readonly [index: number, shown: Shown])[] {
  const indexes = (wanted: (status: StepStatus) => boolean): number[] =>
    groups.flatMap(({ status }, index) => (wanted(status) ? [index] : []));
  const finished = indexes((status) => status === 'done');
  const pending = indexes((status) => status === 'pending').reverse();
  const active = indexes((status) => status === 'running' || status === 'failed');
  return [
    ...[...finished, ...pending].map((index) => [index, 'folded'] as const),
    ...active.map((index) => [index, 'unfinished'] as const),
  ];
}

function runGroups(snapshot: RunSnapshot): RunGroup[] {
  const { plan, status } = snapshot;
  if (!plan) return [];
  const states = new Map(status.steps.map((state) => [state.id, state]));
  const forward = phaseGroups(plan).flatMap(({ segments }) => segments.map((group) => runGroup(group, states)));
  const undone = new Map(status.rollback.map((state) => [state.id, state]));
  if (!status.rollback.some((state) => state.status !== 'pending')) return forward;
  const steps = plan.rollback.filter(({ id }) => undone.get(id)?.status !== 'not-needed');
  return [...forward, { title: 'Roll back', steps, states: undone, status: groupStatus(steps, undone) }];
}

const runGroup = ({ segment, steps }: SegmentGroup, states: ReadonlyMap<string, StepState>): RunGroup => ({
  title: segment.title,
  steps,
  states,
  status: groupStatus(steps, states),
});

const finishedStatuses: ReadonlySet<StepStatus> = new Set([
  'done',
  'skipped',
  'marked-done',
  'not-needed',
  'cancelled',
]);

function groupStatus(steps: readonly PlanStep[], states: ReadonlyMap<string, StepState>): StepStatus {
  const statuses = steps.map(({ id }) => states.get(id)?.status ?? 'pending');
  if (statuses.includes('failed')) return 'failed';
  if (statuses.every((status) => finishedStatuses.has(status))) return 'done';
  return statuses.every((status) => status === 'pending') ? 'pending' : 'running';
}

function groupNode(group: RunGroup, shown: Shown, snapshot: RunSnapshot): { node: TreeNode; height: number } {
  const statusOf = ({ id }: PlanStep): StepStatus => group.states.get(id)?.status ?? 'pending';
  const steps =
    shown === 'open'
      ? group.steps
      : group.steps.filter((step) => shown === 'unfinished' && ['running', 'failed'].includes(statusOf(step)));
  const hidden = group.steps.length - steps.length;
  const children = steps.map((step) => node(stepLine(step, group.states.get(step.id), snapshot)));
  return { node: node(groupLine(group, hidden), children), height: 1 + children.length };
}

function groupLine(group: RunGroup, hidden: number): Line {
  const symbol = stepSymbols[group.status];
  const done = group.steps.filter(({ id }) => finishedStatuses.has(group.states.get(id)?.status ?? 'pending')).length;
  const seconds = groupSeconds(group);
  return [
    span(`${symbol.text} `, symbol.format),
    span(group.title, group.status === 'pending' ? 'dim' : 'bold'),
    ...(hidden > 0 ? [span(` ${done} of ${count(group.steps.length, 'step')} done`, 'dim')] : []),
    ...(seconds === undefined ? [] : [span(` ${formatSeconds(seconds)}`, 'dim')]),
  ];
}

/** From the first start to the last end of a finished group. */
function groupSeconds({ status, steps, states }: RunGroup): number | undefined {
  const results = steps.flatMap(({ id }) => states.get(id)?.result ?? []);
  const starts = results.map(({ startedAt }) => startedAt).sort();
  const ends = results.map(({ finishedAt }) => finishedAt).sort();
  const [first, last] = [starts[0], ends.at(-1)];
  return status !== 'done' || first === undefined || last === undefined ? undefined : secondsBetween(first, last);
}

/** The last resort: the lines around the first that is running or has failed. */
function cut(lines: readonly Line[], rows: number): Line[] {
  const room = Math.max(1, rows - 2);
  const active = lines.findIndex((line) => line.some(({ text }) => /^[▶✗] $/.test(text)));
  const from = Math.max(0, Math.min(lines.length - room, active - Math.floor(room / 3)));
  const after = lines.length - from - room;
  return [
    [span(from > 0 ? `… ${count(from, 'line')} above` : '', 'dim')],
    ...lines.slice(from, from + room),
    [span(after > 0 ? `… ${count(after, 'line')} below` : '', 'dim')],
  ];
}
