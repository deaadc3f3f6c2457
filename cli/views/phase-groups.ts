import type { Phase } from '../../core/model/phase';
import type { PlanStep, RecoveryPlan, Segment } from '../../core/model/plan';

/** The steps of a plan as people see them: phases, in them priority groups, in them steps. Barriers are left out. */
export interface PhaseGroup {
  readonly phase: Phase;
  readonly segments: readonly SegmentGroup[];
}

export interface SegmentGroup {
  readonly segment: Segment;
  readonly steps: readonly PlanStep[];
}

/** Neighbouring segments of one phase belong together; segments without a step to show are left out. */
export function phaseGroups(plan: Pick<RecoveryPlan, 'segments' | 'steps'>): readonly PhaseGroup[] {
  const bySegment = new Map<string, PlanStep[]>();
  for (const step of plan.steps) {
    if (step.kind === 'barrier') continue;
    const steps = bySegment.get(step.segment);
    if (steps) steps.push(step);
    else bySegment.set(step.segment, [step]);
  }
  const groups: { phase: Phase; segments: SegmentGroup[] }[] = [];
  for (const segment of plan.segments) {
    const steps = bySegment.get(segment.id);
    if (!steps) continue;
    const last = groups.at(-1);
    if (last?.phase === segment.phase) last.segments.push({ segment, steps });
    else groups.push({ phase: segment.phase, segments: [{ segment, steps }] });
  }
  return groups;
}
