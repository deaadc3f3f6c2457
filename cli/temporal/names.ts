/**
 * Names that the workers and the workflows go by. The command line may not import the contract of the activities; a test
 * keeps these equal to it.
 */
export const CONTROL_TASK_QUEUE = 'switchback';

export const siteTaskQueue = (site: string): string => `switchback-site-${site}`;

export const protectionWorkflowId = (group: string): string => `protection/${group}`;
