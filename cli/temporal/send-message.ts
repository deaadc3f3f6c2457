import type { WorkflowHandle } from '@temporalio/client';
import { SwitchbackFailure } from '../../core/model/failure';
import type { JsonObject } from '../../core/model/json';
import type { MessageName } from '../../workflows/messages';
import type { Session } from './session';

/** What became of a message. Refused: it changed nothing, and `because` says why. */
export type Sent = { readonly accepted: true } | { readonly accepted: false; readonly because: string };

/** Sends a message to a run as an update, so that a refusal is known at once. */
export async function sendMessage(
  session: Session,
  workflowId: string,
  message: { readonly name: MessageName | 'attest'; readonly payload: JsonObject },
): Promise<Sent> {
  const handle: WorkflowHandle = session.client.workflow.getHandle(workflowId);
  try {
    await session.call(`run ${workflowId}`, () => handle.executeUpdate(message.name, { args: [message.payload] }));
    return { accepted: true };
  } catch (error) {
    if (!(error instanceof SwitchbackFailure)) throw error;
    if (causedBy(error, 'WorkflowUpdateFailedError')) return { accepted: false, because: error.message };
    if (error.code !== 'RunNotFound') throw error;
    // A run that has ended takes no updates, which the server reports as if it had never been there.
    const { status } = await session.call(`run ${workflowId}`, () => handle.describe());
    return { accepted: false, because: `the run has ended (${status.name.toLowerCase()})` };
  }
}

const causedBy = (error: Error, name: string): boolean => error.cause instanceof Error && error.cause.name === name;
