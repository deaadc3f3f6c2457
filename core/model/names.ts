/** Task queue of the workflows and the control activities. */
export const CONTROL_TASK_QUEUE = 'switchback';

export const siteTaskQueue = (site: string): string => `switchback-site-${site}`;

/** Id of the workflow that owns the state of a group. */
export const protectionWorkflowId = (group: string): string => `protection/${group}`;

/** Id of the Temporal Schedule that a group's runbook declares under that name. */
export const scheduleId = (group: string, name: string): string => `schedule/${group}/${name}`;

/** Id of the workflow in which a person attests a drill: tells its run apart from an earlier one of the same id. */
export const attestationWorkflowId = (drill: { readonly workflowId: string; readonly runId: string }): string =>
  // Ids have a limit of 1000 characters, and one that was too long would keep the drill from ending.
  `attestation/${drill.workflowId.slice(0, 900)}/${drill.runId.slice(-8)}`;

/** Queries: `status`, `plan` and `timeline` of a run, `state` of a protection group. */
export const queries = { status: 'status', plan: 'plan', timeline: 'timeline', state: 'state' } as const;

/** Updates by which runs talk to the protection group that they hold, or by `instances` drills as well; by `attestation` those
 * who attest its drills, by `staged` a pass of staging that somebody asked for, by `replace` whoever imports a state or moves one away. */
export const groupUpdates = {
  acquire: 'acquire',
  release: 'release',
  commit: 'commit',
  pauseReplication: 'pauseReplication',
  resumeReplication: 'resumeReplication',
  attestation: 'attestation',
  staged: 'staged',
  instances: 'instances',
  replace: 'replace',
} as const;
