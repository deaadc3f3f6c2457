import { Context } from '@temporalio/activity';
import { traitsOf } from '../core/model/step-kinds';
import { declareSecrets } from '../drivers/declared-secrets';
import type { DriverSet } from '../drivers/driver-set';
import type { StepActivities, StepActivity } from './contract';
import { failpoint } from './failpoint';
import type { GroupClient } from './group-client';
import type { Hooks } from './hooks/hooks';
import { recordable } from './recordable';
import { runActivity } from './run-activity';
import type { StepBody } from './steps/step-body';
import { stepBodies } from './steps/step-bodies';

export interface StepParts {
  readonly drivers: DriverSet;
  readonly groups: GroupClient;
  readonly hooks: Hooks;
  /** Name of this worker, for the report. */
  readonly worker: string;
}

/** The activities of the step kinds. The activity type is the kind. */
export function stepActivities({ drivers, groups, hooks, worker }: StepParts): StepActivities {
  const activities = Object.entries(stepBodies(groups, hooks)).map(
    ([kind, body]) => [kind, asActivity(body, drivers, worker)] as const,
  );
  return Object.fromEntries(activities) as StepActivities;
}

const asActivity =
  (body: StepBody, drivers: DriverSet, worker: string): StepActivity =>
  (request) => {
    // A worker of one site reads no runbooks.
    declareSecrets(request);
    const { step, heartbeatSeconds } = request;
    const { attempts } = traitsOf(step.kind);
    return runActivity({ heartbeatSeconds, attempts }, async (context) => {
      const startedAt = new Date().toISOString();
      failpoint(step.id, 'before');
      const outcome = await body(drivers, request, context);
      failpoint(step.id, 'after');
      const { attempt } = Context.current().info;
      return { ...recordable(outcome), startedAt, finishedAt: new Date().toISOString(), attempt, worker };
    });
  };
