import { operationNames } from '../../core/model/operation';
import type { LeftAs } from '../../core/model/left-as';
import type { RunStatus } from '../../core/model/run';
import { SwitchbackFailure } from '../../core/model/failure';
import type { GroupStatus } from '../views/group-status';
import { nextDrills } from '../schedules/schedule-store';
import { protectionState } from './resolve-run';
import { RunReader } from './run-reader';
import type { Session } from './session';

const PROTECTION_PREFIX = 'protection/';

/** Names of all groups that have a protection workflow, sorted. */
export async function listGroups(session: Session): Promise<readonly string[]> {
  const ids = await listIds(session, `WorkflowType = "protection"`);
  return ids
    .filter((id) => id.startsWith(PROTECTION_PREFIX))
    .map((id) => id.slice(PROTECTION_PREFIX.length))
    .sort();
}

/** The state of the given groups and what runs of them now. What does not answer says so and stops nothing else. */
export async function groupStatuses(session: Session, groups: readonly string[]): Promise<readonly GroupStatus[]> {
  const [running, drills] = await Promise.all([runningOperations(session), nextDrills(session)]);
  return Promise.all(
    groups.map(async (group) => {
      const status = await groupStatus(session, group, running);
      const nextDrill = drills.get(group);
      return { ...status, ...(nextDrill !== undefined && { nextDrill }) };
    }),
  );
}

async function groupStatus(session: Session, group: string, running: readonly RunStatus[]): Promise<GroupStatus> {
  const runs = running.filter((run) => run.group === group);
  try {
    const state = await protectionState(session, group);
    const left = state.incomplete && (await leftBy(session, state.incomplete.workflowId));
    return { group, state, runs, ...(left && { left }) };
  } catch (error) {
    if (error instanceof SwitchbackFailure && error.code !== 'RunNotFound') {
      return { group, runs, trouble: error.message };
    }
    throw error;
  }
}

/** What runs where after a run that ended early; undefined when it was terminated, or cannot be asked any more. */
const leftBy = (session: Session, workflowId: string): Promise<LeftAs | undefined> =>
  new RunReader(session, workflowId).status().then(
    ({ left }) => left,
    () => undefined,
  );

async function runningOperations(session: Session): Promise<readonly RunStatus[]> {
  const ids = await listIds(session, `WorkflowType IN (${operationNames.map((one) => `"${one}"`).join(', ')})`);
  const statuses = await Promise.all(ids.map((id) => new RunReader(session, id).status().catch(() => undefined)));
  return statuses.filter((status) => status !== undefined);
}

function listIds(session: Session, condition: string): Promise<readonly string[]> {
  return session.call('the list of workflows', async () => {
    const ids: string[] = [];
    for await (const { workflowId } of session.client.workflow.list({
      query: `${condition} AND ExecutionStatus = "Running"`,
    })) {
      ids.push(workflowId);
    }
    return ids;
  });
}
