import type { Phase } from './phase';

/** What follows when a step has failed after its tries. */
export interface FailurePolicy {
  /** So often it is tried again by itself before `then`. */
  readonly retries: number;
  /** Pause before each of these tries, in seconds. */
  readonly everySeconds: number;
  /** continue: the step is left out, unless it guards data or fencing; then a person is asked. */
  readonly then: 'ask' | 'rollback' | 'continue';
}

/** The phases that a policy may be given for. At gates people decide anyway. */
export type PolicyPhase = Exclude<Phase, 'gates'>;

interface Possible {
  /** Some steps of it come before the commit point. */
  readonly rollback: boolean;
  /** Some steps of it guard neither data nor fencing. */
  readonly continue: boolean;
}

export const policyPhases = {
  verify: { rollback: true, continue: true },
  prepare: { rollback: true, continue: true },
  stop: { rollback: true, continue: false },
  data: { rollback: true, continue: false },
  start: { rollback: true, continue: true },
  traffic: { rollback: true, continue: true },
  commit: { rollback: false, continue: false },
  replicate: { rollback: false, continue: false },
  finish: { rollback: false, continue: true },
} as const satisfies Record<PolicyPhase, Possible>;
