import type { StepActivities } from '../contract';
import type { Hooks } from '../hooks/hooks';
import { checkHealth, verifyData } from './check-steps';
import { copyForDrill, prepareDrill, removeDrill } from './drill-steps';
import { groupSteps, type GroupUpdates } from './group-steps';
import type { StepBody } from './step-body';
import { stageStandby } from './stage-steps';
import { lowerTtl, restoreTtl, switchTraffic, verifyTraffic } from './traffic-steps';
import { awaitLag, capturePoint, claimVolume, finalSync, restorePoint, sync } from './volume-steps';
import { fenceSite, startWorkload, stopWorkload, testConnectivity, unfenceSite, verifySite } from './workload-steps';

/** Every kind of step that is an activity, with its work. */
export const stepBodies = (
  groups: GroupUpdates,
  hooks: Pick<Hooks, 'run' | 'call'>,
): Readonly<Record<keyof StepActivities, StepBody>> => ({
  'verify-site': verifySite,
  'test-connectivity': testConnectivity,
  'capture-point': capturePoint,
  'await-lag': awaitLag,
  'lower-ttl': lowerTtl,
  'restore-ttl': restoreTtl,
  sync,
  'stage-standby': stageStandby,
  'stop-workload': stopWorkload,
  'fence-site': fenceSite,
  'unfence-site': unfenceSite,
  'final-sync': finalSync,
  'restore-point': restorePoint,
  'claim-volume': claimVolume,
  'start-workload': startWorkload,
  'check-health': checkHealth,
  'prepare-drill': prepareDrill,
  'copy-for-drill': copyForDrill,
  'remove-drill': removeDrill,
  'switch-traffic': switchTraffic,
  'verify-traffic': verifyTraffic,
  'verify-data': verifyData,
  'run-command': (_drivers, request, context) => hooks.run(request, context),
  'call-webhook': (_drivers, request, context) => hooks.call(request, context),
  ...groupSteps(groups),
});
