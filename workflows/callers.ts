import { proxyActivities } from '@temporalio/workflow';
import type { ControlActivities, SiteActivities } from '../activities/contract';
import type { EvidenceActivities } from '../activities/evidence-contract';
import type { InstancesActivities } from '../activities/instances-contract';
import type { ReadinessActivities } from '../activities/readiness-contract';
import { CONTROL_TASK_QUEUE, siteTaskQueue } from '../core/model/names';
import { CONTROL_HEARTBEAT_SECONDS, LOOK_HEARTBEAT_SECONDS } from '../core/model/step-kinds';

/** Activities of the workflows' own task queue. */
export const control = proxyActivities<
  ControlActivities &
    EvidenceActivities &
    Pick<InstancesActivities, 'noteInstances'> &
    Pick<ReadinessActivities, 'evaluateReadiness'>
>({
  taskQueue: CONTROL_TASK_QUEUE,
  startToCloseTimeout: '1 minute',
  heartbeatTimeout: CONTROL_HEARTBEAT_SECONDS * 1000,
  retry: { initialInterval: '100 milliseconds', maximumInterval: '5 seconds' },
});

/** For what is never given up: a person has said something that must not be lost. */
export const patientControl = proxyActivities<
  Pick<ControlActivities, 'noteDrill' | 'writeAttestation'> & EvidenceActivities
>({
  taskQueue: CONTROL_TASK_QUEUE,
  startToCloseTimeout: '1 minute',
  heartbeatTimeout: CONTROL_HEARTBEAT_SECONDS * 1000,
  retry: { initialInterval: '100 milliseconds', maximumInterval: '1 minute' },
});

/** A lost site must not hold up the look at the other one. */
const ANSWER_WITHIN = '15 seconds';
const LOOK_AGAIN = { initialInterval: '100 milliseconds', maximumInterval: '500 milliseconds' } as const;

/**
 * Looks at a site, by its name. One that does not answer in time is a finding, not a failure, for whoever asks. How often a look
 * that failed is repeated is the activity's own; one that was lost with its worker is repeated as long as there is time, since
 * several may be offered to workers that are suspended or cut off before they are missed.
 */
export const looks = (site: string) =>
  proxyActivities<
    SiteActivities & Pick<InstancesActivities, 'observeInstances'> & Pick<ReadinessActivities, 'examineSite'>
  >({
    taskQueue: siteTaskQueue(site),
    startToCloseTimeout: '10 seconds',
    scheduleToCloseTimeout: ANSWER_WITHIN,
    heartbeatTimeout: LOOK_HEARTBEAT_SECONDS * 1000,
    retry: LOOK_AGAIN,
  });

/**
 * The look at all of a site. Its worker has to take it up in time; then it may last: what a volume of a cluster holds is counted by
 * a pod, which has to come up first. Drivers give up by themselves what does not answer. All attempts together end before the
 * command line, which waits for a minute, gives up.
 */
export const wholeLook = (site: string) =>
  proxyActivities<Pick<SiteActivities, 'observeSite'>>({
    taskQueue: siteTaskQueue(site),
    scheduleToStartTimeout: ANSWER_WITHIN,
    startToCloseTimeout: '40 seconds',
    scheduleToCloseTimeout: '50 seconds',
    heartbeatTimeout: LOOK_HEARTBEAT_SECONDS * 1000,
    retry: LOOK_AGAIN,
  });
