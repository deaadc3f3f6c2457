import { CONTROL_TASK_QUEUE, groupUpdates, protectionWorkflowId } from '../../core/model/names';
import type { ProtectionState } from '../../core/model/protection';
import { fingerprint, type ReplaceRequest } from '../../core/running/imported-state';
import type { Session } from './session';

/**
 * Lets the group be looked after with this state. The `protection` workflow judges that itself as it takes it; where there is none,
 * one begins with it.
 *
 * @throws SwitchbackFailure `GroupBusy` when the group is held, or is not any more as it was seen; `WrongState` when it knows of
 * runs that it was not told to forget
 */
export async function protectWith(session: Session, request: ReplaceRequest): Promise<void> {
  const { runbook, state } = request;
  // Loaded when it is needed, as the connection is.
  const { WithStartWorkflowOperation } = await import('@temporalio/client');
  const startWorkflowOperation = new WithStartWorkflowOperation('protection', {
    taskQueue: CONTROL_TASK_QUEUE,
    workflowId: protectionWorkflowId(state.group),
    workflowIdConflictPolicy: 'USE_EXISTING',
    args: [{ runbook, state }],
    staticSummary: `protection group ${state.group}`,
  });
  await session.call(`protection group "${state.group}"`, () =>
    session.client.workflow.executeUpdateWithStart(groupUpdates.replace, { startWorkflowOperation, args: [request] }),
  );
}

interface Exported {
  readonly runbook: string;
  readonly state: ProtectionState;
}

/**
 * From now on nothing is done for the group here, and whoever wants something of it is told so.
 *
 * @throws SwitchbackFailure `GroupBusy` when an operation took the group meanwhile
 */
export async function leaveMoved(session: Session, { runbook, state }: Exported, sha256: string): Promise<void> {
  const moved = { at: new Date().toISOString(), sha256 };
  await protectWith(session, { runbook, state: { ...state, moved }, seen: fingerprint(state), forget: true });
}
