import { readFile, writeFile } from 'node:fs/promises';
import { SwitchbackFailure } from '../core/model/failure';
import { operationTraits } from '../core/model/operation';
import type { RecoveryPlan } from '../core/model/plan';
import { planDifferences } from '../core/planning/compare-plans';
import { compilePlan, type PlanRequest } from './temporal/operations';
import type { Session } from './temporal/session';

/** A plan in a file: what was asked for, and what came of it. */
export interface SavedPlan {
  readonly request: PlanRequest;
  readonly plan: RecoveryPlan;
}

const FILE_VERSION = 1;

/** Whether it has what is read of it. Checked by hand: the command line loads no schema to print its help. */
function isSavedPlan(value: unknown): value is SavedPlan {
  const { switchbackPlan, request, plan } = (value ?? {}) as {
    readonly switchbackPlan?: unknown;
    readonly request?: Partial<PlanRequest>;
    readonly plan?: Partial<RecoveryPlan>;
  };
  return (
    switchbackPlan === FILE_VERSION &&
    typeof request?.runbook === 'string' &&
    Object.hasOwn(operationTraits, request.operation ?? '') &&
    typeof plan?.hash === 'string' &&
    typeof plan.epochs === 'object' &&
    [plan.steps, plan.rollback].every((steps) => Array.isArray(steps) && steps.every(isStep))
  );
}

const isStep = (step: unknown): boolean => {
  const { id, input } = (step ?? {}) as Partial<RecoveryPlan['steps'][number]>;
  return typeof id === 'string' && typeof input === 'object';
};

/** Never over another file: a plan that somebody has looked at is evidence. @throws SwitchbackFailure `InvalidInput` */
export async function savePlan(file: string, { request, plan }: SavedPlan): Promise<void> {
  const text = JSON.stringify(
    { switchbackPlan: FILE_VERSION, savedAt: new Date().toISOString(), request, plan },
    null,
    2,
  );
  try {
    await writeFile(file, `${text}\n`, { flag: 'wx' });
  } catch (error) {
    throw new SwitchbackFailure('InvalidInput', `The plan cannot be written to ${file}: ${messageOf(error)}`, { file });
  }
}

/** @throws SwitchbackFailure `InvalidInput` when the file holds no plan */
export async function readPlan(file: string): Promise<SavedPlan> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (!isSavedPlan(value)) throw new Error('it is not of the form that `plan --out` writes');
    return value;
  } catch (error) {
    const because = messageOf(error);
    const message = `${file} holds no saved plan: ${because}. Make one with \`switchback plan <runbook> --operation <operation> --out ${file}\`.`;
    throw new SwitchbackFailure('InvalidInput', message, { file });
  }
}

/** Refuses a plan that is not what would run now, and says what has changed. @throws SwitchbackFailure `PlanChanged` */
export async function refuseStale(session: Session, file: string, { request, plan }: SavedPlan): Promise<void> {
  const now = await compilePlan(session, request);
  const differences = planDifferences(plan, now);
  if (differences.length === 0 && plan.hash === now.hash) return;
  const gates = now.steps.flatMap(({ input: { gate } }) => (gate?.kind === 'approval' ? [gate.name] : []));
  const asked = gates.length === 0 ? '' : ` What was approved of it counts no more: ${gates.join(', ')}.`;
  const what = differences.length === 0 ? 'it is another plan' : differences.join('; ');
  throw new SwitchbackFailure(
    'PlanChanged',
    `${file} is not what would run now: ${what}.${asked} Look at the new plan and save it again.`,
    { file, saved: plan.hash, now: now.hash },
  );
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
