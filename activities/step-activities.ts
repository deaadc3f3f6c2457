import { Context } from '@temporalio/activity';
import { traitsOf } from '../core/model/step-kinds';
import type { DriverSet } from '../drivers/driver-set';
import type { StepActivities, StepActivity } from './contract';
import { failpoint } from './failpoint';
import type { GroupClient } from './group-client';
import { runActivity } from './run-activity';
import { checkHealth, verifyData } from './steps/check-steps';
import { groupSteps } from './steps/group-steps';
import type { StepBody } from './steps/step-body';
import { lowerTtl, restoreTtl, switchTraffic, verifyTraffic } from './steps/traffic-steps';
import { awaitLag, capturePoint, claimVolume, finalSync, restorePoint, sync } from './steps/volume-steps';
import {
  fenceSite,
  startWorkload,
  stopWorkload,
  testConnectivity,
  unfenceSite,
  verifySite,
} from './steps/workload-steps';

/** Every kind of step that is an activity, with its work. The activity type is the kind. */
export function stepActivities(drivers: DriverSet, groups: GroupClient, worker: string): StepActivities {
  const bodies: Record<keyof StepActivities, StepBody> = {
    'verify-site': verifySite,
    'test-connectivity': testConnectivity,
    'capture-point': capturePoint,
    'await-lag': awaitLag,
    'lower-ttl': lowerTtl,
    'restore-ttl': restoreTtl,
    sync,
    'stop-workload': stopWorkload,
    'fence-site': fenceSite,
    'unfence-site': unfenceSite,
    'final-sync': finalSync,
    'restore-point': restorePoint,
    'claim-volume': claimVolume,
    'start-workload': startWorkload,
    'check-health': checkHealth,
    'switch-traffic': switchTraffic,
    'verify-traffic': verifyTraffic,
    'verify-data': verifyData,
    ...groupSteps(groups),
  };
  const activities = Object.entries(bodies).map(([kind, body]) => [kind, asActivity(body, drivers, worker)] as const);
  return Object.fromEntries(activities) as StepActivities;
}

const asActivity =
  (body: StepBody, drivers: DriverSet, worker: string): StepActivity =>
  (request) => {
    const { step, heartbeatSeconds } = request;
    const { attempts } = traitsOf(step.kind);
    return runActivity({ heartbeatSeconds, attempts }, async (context) => {
      const startedAt = new Date().toISOString();
      failpoint(step.id, 'before');
      const outcome = await body(drivers, request, context);
      failpoint(step.id, 'after');
      const { attempt } = Context.current().info;
      return { ...outcome, startedAt, finishedAt: new Date().toISOString(), attempt, worker };
    });
  };
