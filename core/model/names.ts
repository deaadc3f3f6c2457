/** Task queue of the workflows and the control activities. */
export const CONTROL_TASK_QUEUE = 'switchback';

export const siteTaskQueue = (site: string): string => `switchback-site-${site}`;

/** Id of the workflow that owns the state of a group. */
export const protectionWorkflowId = (group: string): string => `protection/${group}`;

/** Id of the Temporal Schedule that a group's runbook declares under that name. */
export const scheduleId = (group: string, name: string): string => `schedule/${group}/${name}`;

/** Queries: `status`, `plan` and `timeline` of a run, `state` of a protection group. */
export const queries = { status: 'status', plan: 'plan', timeline: 'timeline', state: 'state' } as const;

/** Updates by which runs talk to the protection group that they hold. */
export const groupUpdates = {
  acquire: 'acquire',
  release: 'release',
  commit: 'commit',
  pauseReplication: 'pauseReplication',
  resumeReplication: 'resumeReplication',
} as const;
