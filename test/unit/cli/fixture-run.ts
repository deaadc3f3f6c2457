import type { RunStatus, StepState, StepStatus } from '../../../core/model/run';
import type { RunSnapshot } from '../../../cli/views/run-snapshot';
import { fixturePlan } from './fixture-plan';

export const NOW = '2026-11-21T10:01:00.000Z';
const STARTED = '2026-11-21T10:00:00.000Z';

/** A state of the step that fits its status. */
function stepState(id: string, status: StepStatus): StepState {
  if (status === 'pending') return { id, status };
  const scheduledAt = '2026-11-21T10:00:40.000Z';
  if (status === 'running') return { id, status, scheduledAt };
  if (status === 'failed') {
    return { id, status, scheduledAt, error: { code: 'StopFailed', message: 'pid 4711 is still there', attempts: 5 } };
  }
  const result = {
    summary: 'as it should be',
    facts: {},
    startedAt: scheduledAt,
    finishedAt: '2026-11-21T10:00:41.500Z',
    attempt: 1,
    worker: 'w1',
  };
  return { id, status, scheduledAt, result };
}

/** The run of the fixture plan with these steps in these states, all before the first of them done, the rest pending. */
export function fixtureSnapshot(
  states: Readonly<Record<string, StepStatus>>,
  status: Partial<RunStatus> = {},
  more: Partial<RunSnapshot> = {},
): RunSnapshot {
  const first = fixturePlan.steps.findIndex(({ id }) => id in states);
  return {
    status: {
      workflowId: 'failback/shop/20261121-100000',
      runId: 'r1',
      group: 'shop',
      operation: 'failback',
      phase: 'running',
      committed: false,
      waitingFor: [],
      steps: fixturePlan.steps.map(({ id }, index) =>
        stepState(id, states[id] ?? (index < first ? 'done' : 'pending')),
      ),
      rollback: fixturePlan.rollback.map(({ id }) => stepState(id, states[id] ?? 'pending')),
      startedAt: STARTED,
      children: [],
      ...status,
    },
    plan: fixturePlan,
    progress: new Map(),
    now: NOW,
    ...more,
  };
}
