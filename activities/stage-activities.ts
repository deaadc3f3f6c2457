import { stageDriver, type DriverSet } from '../drivers/driver-set';
import { runActivity } from './run-activity';
import type { StageActivities } from './stage-contract';

/** A pass of staging; what fails of it is tried again by the next one. */
export const stageActivities = (drivers: DriverSet): StageActivities => ({
  stage: ({ heartbeatSeconds, ...request }) =>
    runActivity({ heartbeatSeconds, attempts: 1 }, (context) =>
      stageDriver(drivers, request.sites[request.target]).stage(request, context),
    ),
});
