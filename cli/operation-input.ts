import { SwitchbackFailure } from '../core/model/failure';
import type { Operation } from '../core/model/operation';
import type { OperationInput } from '../workflows/messages';
import type { Windows } from './window-option';

/** Options of `run` that travel in the input of the workflow. */
export interface OperationFlags {
  readonly mode?: 'planned' | 'unplanned';
  readonly recoveryPoint?: string;
  readonly declareLostBy?: string;
  readonly reason?: string;
  readonly window?: Windows;
  readonly expectPlan?: string;
}

/** The one JSON object that the workflow of the operation takes. What was not given is left out. */
export function operationInput(operation: Operation, runbook: string, flags: OperationFlags): Partial<OperationInput> {
  const { mode, recoveryPoint, declareLostBy, reason, expectPlan, window: windows } = flags;
  refuseFailoverFlags(operation, flags);
  return {
    runbook,
    ...(reason !== undefined && { reason }),
    ...(windows !== undefined && { windows }),
    ...(expectPlan !== undefined && { expectPlan }),
    ...(mode !== undefined && { mode }),
    ...(recoveryPoint !== undefined && { recoveryPoint }),
    ...(declareLostBy !== undefined && { declareLost: declaration(declareLostBy, reason) }),
  };
}

/** @throws SwitchbackFailure `InvalidInput` */
export function refuseFailoverFlags(
  operation: Operation,
  { mode, recoveryPoint, declareLostBy }: OperationFlags,
): void {
  if (operation === 'failover') return;
  if (mode === undefined && recoveryPoint === undefined && declareLostBy === undefined) return;
  throw new SwitchbackFailure(
    'InvalidInput',
    `--mode, --recovery-point and --declare-lost-by are options of a failover, not of a ${operation}.`,
  );
}

function declaration(by: string, reason: string | undefined): { by: string; reason: string } {
  if (reason !== undefined) return { by, reason };
  throw new SwitchbackFailure(
    'InvalidInput',
    '--declare-lost-by needs --reason: how is it known that the site is gone?',
  );
}
