import type { SiteRole } from './site';

export type Operation = 'failover' | 'reprotect' | 'failback' | 'drill';

/** planned: both sites up, no data loss. unplanned: the active site is lost, loss bounded by the recovery point. */
export type FailoverMode = 'planned' | 'unplanned';

export type ProtectionPhase = 'Protected' | 'FailedOver' | 'ReverseProtected' | 'Recovering' | 'Incomplete';

export type ReplicationDirection = 'primary-to-recovery' | 'recovery-to-primary' | 'none';

/** What an operation does when it begins in one phase: where the group is when it completed, and which site is active. */
export interface OperationCourse {
  readonly from: ProtectionPhase;
  readonly to: ProtectionPhase;
  readonly activeBefore: SiteRole;
  readonly activeAfter: SiteRole;
}

export interface OperationTraits {
  /** By the phase that it begins in; in every other it is not possible. The first is the one that plans are made ahead for. */
  readonly courses: readonly [OperationCourse, ...OperationCourse[]];
  /** Services and their traffic go from one site to the other. */
  readonly movesActiveSite: boolean;
  /** It works on copies that nothing else knows of, beside the group and without its lock. */
  readonly isolated: boolean;
}

/** design table of states: every operation is one row. */
export const operationTraits: Readonly<Record<Operation, OperationTraits>> = {
  failover: {
    courses: [{ from: 'Protected', to: 'FailedOver', activeBefore: 'primary', activeAfter: 'recovery' }],
    movesActiveSite: true,
    isolated: false,
  },
  reprotect: {
    courses: [{ from: 'FailedOver', to: 'ReverseProtected', activeBefore: 'recovery', activeAfter: 'recovery' }],
    movesActiveSite: false,
    isolated: false,
  },
  failback: {
    courses: [{ from: 'ReverseProtected', to: 'Protected', activeBefore: 'recovery', activeAfter: 'primary' }],
    movesActiveSite: true,
    isolated: false,
  },
  drill: {
    courses: [
      { from: 'Protected', to: 'Protected', activeBefore: 'primary', activeAfter: 'primary' },
      { from: 'ReverseProtected', to: 'ReverseProtected', activeBefore: 'recovery', activeAfter: 'recovery' },
    ],
    movesActiveSite: false,
    isolated: true,
  },
};

/** In the order in which they are shown. */
export const operationNames = Object.keys(operationTraits) as [Operation, ...Operation[]];

/** What it does when it begins in that phase; of one that it cannot begin in, what it would do from the first. */
export function courseOf(operation: Operation, phase: ProtectionPhase | undefined): OperationCourse {
  const { courses } = operationTraits[operation];
  return courses.find(({ from }) => from === phase) ?? courses[0];
}

/** The phases that it may begin in. */
export const phasesToBegin = (operation: Operation): readonly ProtectionPhase[] =>
  operationTraits[operation].courses.map(({ from }) => from);

/** Three epochs of a run: what is active now, what the other side becomes, and what the old side gets after a rollback. */
export interface RunEpochs {
  readonly from: number;
  readonly to: number;
  readonly rollback: number;
}
