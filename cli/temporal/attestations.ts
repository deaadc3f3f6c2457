import type { WorkflowHandle } from '@temporalio/client';
import type { AttestationStatus } from '../../core/model/attestation';
import { SwitchbackFailure } from '../../core/model/failure';
import { attestationWorkflowId, queries } from '../../core/model/names';
import { protectionState } from './resolve-run';
import type { Session } from './session';

interface DrillId {
  readonly workflowId: string;
  readonly runId: string;
}

/**
 * What the workflow says that asks about a drill; undefined when there is none, or when it cannot be asked any more. One that
 * the drill has not started itself, whatever its id, says nothing of it.
 */
export async function attestationOf(session: Session, drill: DrillId): Promise<AttestationStatus | undefined> {
  const workflowId = attestationWorkflowId(drill);
  const handle: WorkflowHandle = session.client.workflow.getHandle(workflowId);
  try {
    const { parentExecution } = await session.call(workflowId, () => handle.describe());
    if (parentExecution?.runId !== drill.runId) return undefined;
    return await session.call(workflowId, () => handle.query<AttestationStatus>(queries.status));
  } catch (error) {
    if (error instanceof SwitchbackFailure && error.code === 'RunNotFound') return undefined;
    throw error;
  }
}

/**
 * The attestation of the drill that is meant by its id, or by the name of a group: of the newest that nobody has attested.
 *
 * @throws SwitchbackFailure `InvalidInput` of what is no drill, `WrongState` when nobody is asked about it
 */
export async function askedAbout(session: Session, run: string): Promise<AttestationStatus> {
  const drill = run.includes('/') ? await endedDrill(session, run) : await newestUnattested(session, run);
  const status = await attestationOf(session, drill);
  if (status !== undefined) return status;
  const message = `nobody is asked about ${drill.workflowId}: nothing was tried in it, it was terminated, or Temporal no longer has its history.`;
  throw new SwitchbackFailure('WrongState', message);
}

async function endedDrill(session: Session, workflowId: string): Promise<DrillId> {
  const handle: WorkflowHandle = session.client.workflow.getHandle(workflowId);
  const { type, status, runId } = await session.call(`run ${workflowId}`, () => handle.describe());
  if (type !== 'drill') {
    throw new SwitchbackFailure(
      'InvalidInput',
      `${workflowId} is a workflow of type ${type}; only drills are attested.`,
    );
  }
  if (status.name === 'RUNNING') {
    throw new SwitchbackFailure('WrongState', `${workflowId} still runs; it is attested when it is over.`);
  }
  return { workflowId, runId };
}

async function newestUnattested(session: Session, group: string): Promise<DrillId> {
  const { drills } = await protectionState(session, group);
  const newest = drills?.unattested.at(-1);
  if (newest) return newest;
  const [last] = drills?.attested ?? [];
  const before = last ? `${last.by} has attested ${last.workflowId} as ${last.verdict} at ${last.at}` : 'none was held';
  throw new SwitchbackFailure('WrongState', `no drill of group "${group}" waits to be attested: ${before}.`);
}
