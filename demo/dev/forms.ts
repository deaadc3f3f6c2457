import { shellQuoted } from '../../cli/views/answer-command';
import { CONTROL_TASK_QUEUE } from '../../core/model/names';
import { operationNames, phasesToBegin, type Operation } from '../../core/model/operation';
import type { ProtectionState } from '../../core/model/protection';
import type { Runbook } from '../../core/model/runbook';
import { effectivePhase } from '../../core/running/protection-rules';
import type { OperationInput } from '../../workflows/messages';

/** What a person types into the form "Start a Workflow" of the Web UI, and the command that does the same. */
export interface OperationForm {
  readonly operation: Operation;
  /** Absent: it can be started now. */
  readonly notNow?: string;
  readonly workflowId: string;
  readonly taskQueue: string;
  readonly workflowType: Operation;
  readonly input: Partial<OperationInput>;
  readonly command: string;
}

const someone = 'you@example.com';
/** A window that is open now, and for as long as anybody may take to start the run. */
const windowDays = 1;

/** The form of every operation, those that can be started now first. `now`: ISO instant. */
export function operationForms(runbook: Runbook, state: ProtectionState, now: string): readonly OperationForm[] {
  const forms = operationNames.map((operation) => formOf(operation, runbook, state, now));
  return [...forms.filter((form) => form.notNow === undefined), ...forms.filter((form) => form.notNow !== undefined)];
}

function formOf(operation: Operation, runbook: Runbook, state: ProtectionState, now: string): OperationForm {
  const notNow = whyNotNow(operation, state);
  const gates = openWindows(operation, runbook);
  const start = `${now.slice(0, 16)}Z`;
  const windows = Object.fromEntries(gates.map((gate) => [gate, { start, durationSeconds: windowDays * 86_400 }]));
  const flags = gates.map((gate) => ` --window ${shellQuoted(`${gate}=${start}/${windowDays}d`)}`).join('');
  return {
    operation,
    ...(notNow !== undefined && { notNow }),
    workflowId: `${operation}/${runbook.group}/by-hand`,
    taskQueue: CONTROL_TASK_QUEUE,
    workflowType: operation,
    input: { runbook: runbook.group, requestedBy: someone, ...(gates.length > 0 && { windows }) },
    command: `npx switchback run ${operation} ${runbook.group}${flags} --watch`,
  };
}

function whyNotNow(operation: Operation, state: ProtectionState): string | undefined {
  if (state.holder) return `${state.holder.workflowId} is running`;
  const phase = effectivePhase(state);
  const from = phasesToBegin(operation);
  return from.includes(phase) ? undefined : `the group is ${phase}, not ${from.join(' or ')}`;
}

/** Windows of the operation for which the runbook names no start. */
const openWindows = (operation: Operation, { operations }: Runbook): readonly string[] =>
  (operations[operation]?.gates ?? []).flatMap((gate) =>
    gate.kind === 'window' && gate.start === undefined ? [gate.name] : [],
  );
