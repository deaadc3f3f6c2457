import { SwitchbackFailure } from '../../core/model/failure';
import type { Operation } from '../../core/model/operation';
import { protectionState } from './resolve-run';
import { RunReader } from './run-reader';
import type { Session } from './session';

/** A run that ended early, and what to start to continue it. */
export interface InterruptedRun {
  readonly workflowId: string;
  readonly operation: Operation;
  readonly runbook: string;
}

/**
 * The run that is meant by its id, or by the name of the group that it left Incomplete.
 *
 * @throws SwitchbackFailure `WrongState` when it still runs, or when the group has nothing to continue
 */
export async function interruptedRun(session: Session, run: string): Promise<InterruptedRun> {
  const workflowId = run.includes('/') ? run : await leftBy(session, run);
  const reader = new RunReader(session, workflowId);
  const { status } = await reader.execution();
  if (status === 'RUNNING') {
    const message = `${workflowId} still runs: watch it with \`switchback watch\`; after a pause, \`switchback resume\` lets it go on.`;
    throw new SwitchbackFailure('WrongState', message);
  }
  const { operation, group: runbook } = await reader.status();
  return { workflowId, operation, runbook };
}

/** Which of the runs of that id: the one that left its group Incomplete, else the newest. */
export async function interruptedRunId(session: Session, workflowId: string): Promise<string> {
  const reader = new RunReader(session, workflowId);
  const { group } = await reader.status();
  const { incomplete } = await protectionState(session, group);
  if (incomplete?.workflowId === workflowId) return incomplete.runId;
  return (await reader.execution()).runId;
}

/** A run that was terminated holds its group until the next one asks for it. */
async function leftBy(session: Session, group: string): Promise<string> {
  const { incomplete, holder, phase } = await protectionState(session, group);
  const found = incomplete?.workflowId ?? holder?.workflowId;
  if (found !== undefined) return found;
  throw new SwitchbackFailure('WrongState', `group "${group}" is ${phase}: no run of it ended early.`);
}
