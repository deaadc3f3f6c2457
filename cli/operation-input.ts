import { SwitchbackFailure } from '../core/model/failure';
import type { Operation } from '../core/model/operation';
import type { OperationInput } from '../workflows/messages';
import type { Keep } from './keep-option';
import type { Windows } from './window-option';

/** Options of `run` that travel in the input of the workflow. */
export interface OperationFlags {
  readonly mode?: 'planned' | 'unplanned';
  readonly recoveryPoint?: string;
  readonly keep?: Keep;
  readonly roundTrip?: true;
  readonly declareLostBy?: string;
  readonly reason?: string;
  readonly window?: Windows;
  readonly expectPlan?: string;
}

/** The one JSON object that the workflow of the operation takes. What was not given is left out. */
export function operationInput(operation: Operation, runbook: string, flags: OperationFlags): Partial<OperationInput> {
  const { mode, recoveryPoint, keep, roundTrip, declareLostBy, reason, expectPlan, window: windows } = flags;
  refuseFlags(operation, flags);
  return {
    runbook,
    ...(reason !== undefined && { reason }),
    ...(windows !== undefined && { windows }),
    ...(expectPlan !== undefined && { expectPlan }),
    ...(mode !== undefined && { mode }),
    ...(recoveryPoint !== undefined && { recoveryPoint }),
    ...keep,
    ...(roundTrip && { roundTrip }),
    ...(declareLostBy !== undefined && { declareLost: declaration(declareLostBy, reason) }),
  };
}

/** Options that not every operation has: whose they are. */
const optionsOf = [
  { flag: 'mode', option: '--mode', of: ['failover'] },
  { flag: 'declareLostBy', option: '--declare-lost-by', of: ['failover'] },
  { flag: 'recoveryPoint', option: '--recovery-point', of: ['failover', 'drill'] },
  { flag: 'keep', option: '--keep', of: ['drill'] },
  { flag: 'roundTrip', option: '--round-trip', of: ['drill'] },
] as const satisfies readonly {
  readonly flag: keyof OperationFlags;
  readonly option: string;
  readonly of: readonly Operation[];
}[];

/** @throws SwitchbackFailure `InvalidInput` */
export function refuseFlags(operation: Operation, flags: OperationFlags): void {
  for (const { flag, option, of } of optionsOf) {
    if (flags[flag] === undefined || of.some((one) => one === operation)) continue;
    const owners = of.map((one) => `a ${one}`).join(' or ');
    throw new SwitchbackFailure('InvalidInput', `${option} is an option of ${owners}, not of a ${operation}.`);
  }
}

function declaration(by: string, reason: string | undefined): { by: string; reason: string } {
  if (reason !== undefined) return { by, reason };
  throw new SwitchbackFailure(
    'InvalidInput',
    '--declare-lost-by needs --reason: how is it known that the site is gone?',
  );
}
