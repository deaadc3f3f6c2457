import { courseOf, operationTraits } from '../model/operation';
import type { PlanStep, RecoveryPlan, RollbackStep } from '../model/plan';
import { traitsOf } from '../model/step-kinds';
import { beginSection } from './begin-section';
import { giveBackSection } from './give-back';
import type { Paper, PaperSection, PaperStep, Written } from './paper';
import type { PaperContext } from './paper-context';
import { stepPapers } from './step-papers';
import { wavesOf } from './waves';

export interface PaperRequest extends PaperContext {
  /** ISO instant. */
  readonly printedAt: string;
  readonly assumptions: readonly string[];
}

/** The plan on paper. Pure: the same plan gives the same paper. */
export function makePaper(request: PaperRequest): Paper {
  const { plan, printedAt, assumptions } = request;
  const { sites } = plan.runbook;
  const begin = beginSection(request);
  const numbers = numbersOf(plan);
  const segments = plan.segments.map((segment, index) =>
    segmentSection(request, {
      title: `Part ${index + 2}: ${segment.title}`,
      steps: stepsOf(plan, segment.id),
      numbers,
    }),
  );
  return {
    group: plan.group,
    operation: plan.operation,
    mode: plan.mode,
    from: sites[plan.from].name,
    to: sites[plan.to].name,
    printedAt,
    planHash: plan.hash,
    runbookDigest: plan.runbookDigest,
    assumptions,
    sections: [
      begin,
      ...segments.filter(({ waves }) => waves.length > 0),
      ...(plan.rollback.length > 0 ? [undoSection(request, numbers)] : []),
      ...(operationTraits[plan.operation].isolated ? [] : [giveBackSection(plan, courseOf(plan.operation, undefined))]),
    ],
  };
}

type Numbers = ReadonlyMap<string, string>;

const stepsOf = ({ steps }: RecoveryPlan, segment: string): readonly PlanStep[] =>
  steps.filter((step) => step.segment === segment);

/** Segments after what comes before the plan, steps in the order of the plan; the barrier of a segment has the last number. */
function numbersOf(plan: RecoveryPlan): Numbers {
  const numbers = new Map<string, string>();
  plan.segments.forEach((segment, index) => {
    wavesOf(stepsOf(plan, segment.id))
      .flat()
      .forEach(({ id }, position) => numbers.set(id, `${index + 2}.${position + 1}`));
  });
  wavesOf(plan.rollback)
    .flat()
    .forEach(({ id }, position) => numbers.set(id, `U${position + 1}`));
  return numbers;
}

function segmentSection(
  context: PaperContext,
  { title, steps, numbers }: { readonly title: string; readonly steps: readonly PlanStep[]; readonly numbers: Numbers },
): PaperSection {
  const commit = steps.some(({ id }) => id === context.plan.commitStep);
  return {
    title,
    tells: commit ? ['After the commit point nothing is undone any more: what fails is mended, forward.'] : [],
    waves: wavesOf(steps).map((wave) => wave.map((step) => paperStep(context, step, numbers))),
  };
}

function paperStep(context: PaperContext, step: PlanStep, numbers: Numbers): PaperStep {
  const written = stepPapers[step.kind](context, step);
  const after = step.dependsOn.flatMap((id) => (isBarrier(context.plan, id) ? [] : (numbers.get(id) ?? [])));
  const undo = context.plan.rollback.filter(({ compensates }) => compensates.includes(step.id));
  return {
    ...common(context, step, { written, numbers }),
    when: after.length > 0 ? [`${after.join(', ')} done`] : [],
    undo: undo.flatMap(({ id }) => numbers.get(id) ?? []),
  };
}

const isBarrier = ({ steps }: RecoveryPlan, id: string): boolean =>
  steps.some((step) => step.id === id && step.kind === 'barrier');

function undoSection(context: PaperContext, numbers: Numbers): PaperSection {
  return {
    title: 'The way back, until the commit point',
    tells: [
      'When a step cannot be done, or whoever leads says so. From the top to the bottom, only those whose condition holds: a step counts as begun from the first command that was typed. Where one of these steps fails, do not do those that need it; the others go on.',
    ],
    waves: wavesOf(context.plan.rollback).map((wave) => wave.map((step) => compensation(context, step, numbers))),
  };
}

function compensation(context: PaperContext, step: RollbackStep, numbers: Numbers): PaperStep {
  const named = (ids: readonly string[]): string => ids.flatMap((id) => numbers.get(id) ?? []).join(', ');
  const written = stepPapers[step.kind](context, step);
  return {
    ...common(context, step, { written, numbers }),
    when: [
      `only when one of these was begun: ${named(step.compensates)}`,
      ...(step.unless.length > 0 ? [`not when one of these was begun: ${named(step.unless)}`] : []),
      ...(step.requires.length > 0
        ? [`only when these went well, as far as they were needed: ${named(step.requires)}`]
        : []),
      ...(step.dependsOn.length > 0 ? [`after ${named(step.dependsOn)}`] : []),
    ],
    undo: [],
  };
}

function common(
  { plan }: PaperContext,
  step: PlanStep,
  { written, numbers }: { readonly written: Written; readonly numbers: Numbers },
): Omit<PaperStep, 'when' | 'undo'> {
  const site = step.site && plan.runbook.sites[step.site].name;
  const { runs } = traitsOf(step.kind);
  return {
    number: numbers.get(step.id) ?? '',
    id: step.id,
    title: step.title,
    who: written.who ?? (runs === 'site' && site !== undefined ? `the operator of ${site}` : 'whoever leads'),
    ...(site !== undefined && { where: `${site} (${step.site}${step.input.isolated ? ', the copy' : ''})` }),
    tells: written.tells ?? [],
    blocks: written.blocks ?? [],
    ...(written.approval !== undefined && { approval: written.approval }),
  };
}
