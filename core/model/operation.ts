import type { SiteRole } from './site';

export type Operation = 'failover' | 'reprotect' | 'failback';

/** planned: both sites up, no data loss. unplanned: the active site is lost, loss bounded by the recovery point. */
export type FailoverMode = 'planned' | 'unplanned';

export type ProtectionPhase = 'Protected' | 'FailedOver' | 'ReverseProtected' | 'Recovering' | 'Incomplete';

export type ReplicationDirection = 'primary-to-recovery' | 'recovery-to-primary' | 'none';

/** Where an operation may begin, and where the group is when it completed. */
export interface OperationStates {
  readonly from: readonly ProtectionPhase[];
  readonly to: ProtectionPhase;
  readonly activeBefore: SiteRole;
  readonly activeAfter: SiteRole;
}

/** design table of states: every operation is one row. */
export const operationStates: Readonly<Record<Operation, OperationStates>> = {
  failover: { from: ['Protected'], to: 'FailedOver', activeBefore: 'primary', activeAfter: 'recovery' },
  reprotect: { from: ['FailedOver'], to: 'ReverseProtected', activeBefore: 'recovery', activeAfter: 'recovery' },
  failback: { from: ['ReverseProtected'], to: 'Protected', activeBefore: 'recovery', activeAfter: 'primary' },
};

/** Three epochs of a run: what is active now, what the other side becomes, and what the old side gets after a rollback. */
export interface RunEpochs {
  readonly from: number;
  readonly to: number;
  readonly rollback: number;
}
