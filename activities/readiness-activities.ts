import { createHash } from 'node:crypto';
import { CONTROL_HEARTBEAT_SECONDS, LOOK_HEARTBEAT_SECONDS } from '../core/model/step-kinds';
import { compilePlan } from '../core/planning/compile-plan';
import { evaluateReadiness } from '../core/readiness/evaluate-readiness';
import { siteDrivers, type DriverSet } from '../drivers/driver-set';
import { assertPlanFits } from './plan-size';
import type { ReadinessActivities } from './readiness-contract';
import { runActivity } from './run-activity';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The looks and the verdict of an evaluation. */
export const readinessActivities = (drivers: DriverSet): ReadinessActivities => ({
  examineSite: (request) =>
    runActivity({ heartbeatSeconds: LOOK_HEARTBEAT_SECONDS, attempts: 2 }, async () => {
      const nothing = { workloads: [], volumes: [], credentials: [], unknown: [] };
      const seen = (await siteDrivers(drivers, request.site).examination?.examine(request)) ?? nothing;
      const looks = request.recordDrivers.flatMap((driver) => drivers.credentials?.[driver] ?? []);
      const ofRecords = await Promise.all(looks.map((look) => look()));
      return {
        ...seen,
        credentials: [...seen.credentials, ...ofRecords.flatMap(({ credentials }) => credentials)],
        unknown: [...seen.unknown, ...ofRecords.flatMap(({ unknown }) => unknown)],
      };
    }),
  evaluateReadiness: (request) =>
    runActivity({ heartbeatSeconds: CONTROL_HEARTBEAT_SECONDS, attempts: 3 }, () =>
      evaluateReadiness(request, async (input) => {
        const plan = compilePlan(input, sha256);
        await assertPlanFits(plan);
        return plan;
      }),
    ),
});
