import type { RollbackStep } from '../../model/plan';
import { firstOf, type RunHistory } from '../history/run-history';
import type { CompensationFigure, RollbackFigure } from '../report-steps';
import { stepDetails } from './step-figures';

/** The rollback with every compensation of the plan, in its order; absent when none was begun. */
export function rollbackFigure(history: RunHistory): RollbackFigure | undefined {
  const begun = firstOf(history, 'rollback-started');
  if (!begun) return undefined;
  const planned = history.plan?.rollback ?? [];
  const known = new Set(planned.map(({ id }) => id));
  const others = [...history.compensations.values()].filter(({ id }) => !known.has(id));
  return {
    startedAt: begun.event.at,
    by: begun.event.by,
    reason: begun.event.reason,
    from: ['rollback-started'],
    compensations: [
      ...planned.map((step) => ({
        ...stepDetails(history, step, history.compensations.get(step.id), 'compensation'),
        status: statusOf(history, step.id, step),
        compensates: step.compensates,
      })),
      ...others.map((record) => ({
        ...stepDetails(history, undefined, record, 'compensation'),
        status: statusOf(history, record.id, undefined),
        compensates: [],
      })),
    ],
  };
}

function statusOf(history: RunHistory, id: string, step: RollbackStep | undefined): CompensationFigure['status'] {
  const record = history.compensations.get(id);
  if (record?.status === 'done' || record?.status === 'failed') return record.status;
  if (!record && step && !isNeeded(history, step)) return 'not-needed';
  if (history.finished) return 'not-run';
  return record ? 'running' : 'pending';
}

const isNeeded = (history: RunHistory, { compensates, unless }: RollbackStep): boolean =>
  compensates.some((id) => history.steps.has(id)) && !unless.some((id) => history.steps.has(id));
