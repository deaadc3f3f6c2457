import { CONTROL_TASK_QUEUE, protectionWorkflowId } from '../../core/model/names';
import { SwitchbackFailure } from '../../core/model/failure';
import type { ProtectionState } from '../../core/model/protection';
import type { Session } from './session';

interface Protection {
  readonly runbook: string;
  readonly state: ProtectionState;
}

/**
 * Lets the group be looked after with this state: by a new `protection` workflow, which takes the place of the one that runs.
 * The server does both in one go, so that there is never none of them.
 */
export async function protectWith(session: Session, { runbook, state }: Protection): Promise<void> {
  await session.call(`protection group "${state.group}"`, () =>
    session.client.workflow.start('protection', {
      taskQueue: CONTROL_TASK_QUEUE,
      workflowId: protectionWorkflowId(state.group),
      workflowIdConflictPolicy: 'TERMINATE_EXISTING',
      args: [{ runbook, state }],
      staticSummary: `protection group ${state.group}`,
    }),
  );
}

/**
 * From now on nothing is done for the group here, and whoever wants something of it is told so.
 *
 * @throws SwitchbackFailure `GroupBusy` when an operation took the group meanwhile: it is as it was then
 */
export async function leaveMoved(session: Session, exported: Protection, sha256: string): Promise<void> {
  const { runbook, state } = exported;
  const { group } = state;
  const handle = session.client.workflow.getHandle(protectionWorkflowId(group));
  const { runId } = await session.call(`protection group "${group}"`, () => handle.describe());
  const moved = { at: new Date().toISOString(), sha256 };
  await protectWith(session, { runbook, state: { ...state, moved } });
  // What it was told between the export and its end it still says.
  const before = session.client.workflow.getHandle(protectionWorkflowId(group), runId);
  const last = await session.call(`protection group "${group}"`, () => before.query<ProtectionState>('state'));
  if (last.holder === undefined && last.drill === undefined && last.highestEpoch === state.highestEpoch) return;
  await protectWith(session, { runbook, state: last });
  const who = last.holder ?? last.drill;
  const what = who ? `${who.operation} ${who.workflowId} took it` : 'an operation has taken place';
  throw new SwitchbackFailure('GroupBusy', `group "${group}" was not moved: ${what} meanwhile. Export it again.`, {
    group,
  });
}
