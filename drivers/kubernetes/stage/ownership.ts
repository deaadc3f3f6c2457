import type { KubeObject } from '../kube-object';

/** On what Switchback has put at the standby: the group for which it did. */
export const stagedBy = 'switchback.dev/staged-by';

export const isStaged = ({ metadata }: KubeObject, group: string): boolean => metadata.labels?.[stagedBy] === group;

/** Fences and what the worker may do at its own site have such names: copied, a fence would fence the other site. */
export const isOfSwitchback = ({ metadata }: KubeObject): boolean => metadata.name.startsWith('switchback-');

/**
 * Whether the object at the standby is Switchback's to change: it has put that one there, or the one at the active site was made
 * from it before the roles of the sites were swapped.
 */
export const mayChange = (group: string, source: KubeObject, live: KubeObject): boolean =>
  isStaged(live, group) || isStaged(source, group);
