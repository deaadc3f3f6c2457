import type { StepKind } from './step-kinds';

/** Steps that mark where the service stands. The first kind of `recovered` that the plan has at all is the proof asked for. */
export const milestones = {
  stopped: 'stop-workload',
  touched: ['stop-workload', 'start-workload'],
  recovered: ['verify-traffic', 'check-health', 'start-workload'],
} as const satisfies Record<string, StepKind | readonly StepKind[]>;
