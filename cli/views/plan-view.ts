import type { ExpectedLoss, PlanStep, RecoveryPlan } from '../../core/model/plan';
import { estimatedFrom } from '../../core/running/estimate-text';
import { formatSeconds } from '../terminal/format';
import { span, type Line } from '../terminal/line';
import { phaseGroups, type PhaseGroup, type SegmentGroup } from './phase-groups';
import { precheckLines } from './precheck-lines';
import { stepNode, type StepContext } from './plan-step-node';
import { drawTree, node, type TreeNode } from './tree';

/** The plan for people: what stands in the way, what it costs, what happens in which order, what would be undone. `now` is an ISO instant. */
export function planLines(plan: RecoveryPlan, now: string): Line[] {
  return [
    ...headLines(plan),
    [],
    [span('Prechecks', 'bold')],
    ...precheckLines(plan.prechecks),
    ...lossLines(plan.loss),
    [],
    ...drawTree([node([span('Steps', 'bold')], stepTree(plan, now))]),
    [],
    [span('Plan '), span(plan.hash, 'bold')],
  ];
}

function headLines(plan: RecoveryPlan): Line[] {
  const name = (role: RecoveryPlan['from']): string => plan.runbook.sites[role].name;
  const way = plan.from === plan.to ? `at ${name(plan.to)}` : `from ${name(plan.from)} to ${name(plan.to)}`;
  const mode = plan.operation === 'failover' ? `${plan.mode} ` : '';
  const { from, to, rollback } = plan.epochs;
  const estimate = formatSeconds(plan.estimateSeconds);
  return [
    [span(`${mode}${plan.operation} of ${plan.group}`, 'bold'), span(` ${way}`)],
    [span(`  about ${estimate} of machine time (${estimatedFrom(plan)}); waits for people come on top`)],
    [span(`  epochs: ${from} now, ${to} after it, ${rollback} after a rollback`)],
  ];
}

function lossLines(loss: ExpectedLoss | undefined): Line[] {
  if (!loss) return [];
  return [
    [],
    [span('Data that is lost', 'bold')],
    ...loss.volumes.map(({ volume, point, asOf, seconds, records }): Line => {
      const kept = records === undefined ? '' : `, keeps ${records} records`;
      return [
        span('  ! ', 'yellow'),
        span(`${volume}: what was written after ${asOf} (${formatSeconds(seconds)}), from ${point}${kept}`),
      ];
    }),
  ];
}

function stepTree(plan: RecoveryPlan, now: string): TreeNode[] {
  const shown = plan.steps.filter(({ kind }) => kind !== 'barrier');
  const context: StepContext = { plan, now, titles: new Map(shown.map(({ id, title }) => [id, title])) };
  return phaseGroups(plan).flatMap((group) => phaseNodes(group, context));
}

/** A phase; and after the phase of the commit step, the line across. */
function phaseNodes(group: PhaseGroup, context: StepContext): TreeNode[] {
  const [first, ...others] = group.segments;
  if (!first) return [];
  const single = others.length === 0;
  const phase = single
    ? segmentNode(first, context)
    : node(
        [span(capitalised(group.phase), 'bold')],
        group.segments.map((segment) => segmentNode(segment, context)),
      );
  const commits = group.segments.some(({ steps }) => steps.some(({ id }) => id === context.plan.commitStep));
  return commits ? [phase, commitLine] : [phase];
}

const commitLine: TreeNode = {
  lines: [
    [
      span(
        `${'═'.repeat(12)} commit point: until here it can be rolled back, after it only forward ${'═'.repeat(12)}`,
        'yellow',
      ),
    ],
  ],
  children: [],
  across: true,
};

const segmentNode = ({ segment, steps }: SegmentGroup, context: StepContext): TreeNode =>
  node(
    [span(segment.title, 'bold')],
    steps.map((step: PlanStep) => stepNode(step, context)),
  );

const capitalised = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
