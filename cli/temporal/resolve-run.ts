import type { WorkflowHandle } from '@temporalio/client';
import { protectionWorkflowId } from '../../core/model/names';
import { SwitchbackFailure } from '../../core/model/failure';
import type { ProtectionState } from '../../core/model/protection';
import type { Session } from './session';

/** The workflow id of a run: as it is when it has a slash; the name of a group stands for its running or else newest run. */
export async function resolveRun(session: Session, run: string): Promise<string> {
  if (run.includes('/')) return run;
  const state = await protectionState(session, run);
  const found = state.holder?.workflowId ?? state.runs[0]?.workflowId;
  if (found !== undefined) return found;
  throw new SwitchbackFailure('RunNotFound', `group "${run}" has had no run yet; start one with \`switchback run\`.`);
}

/** The state of a group, as its protection workflow answers it. */
export async function protectionState(session: Session, group: string): Promise<ProtectionState> {
  const handle: WorkflowHandle = session.client.workflow.getHandle(protectionWorkflowId(group));
  const what = `protection group "${group}"`;
  const state = await session.call(what, () => handle.query<ProtectionState | null>('state'));
  if (state !== null) return state;
  throw new SwitchbackFailure('NoWorker', `${what}: its state is not established yet; the sites are being looked at.`);
}
