import { hasEnded, isReady } from '../kinds/pods-of';
import type { ContainerStatus, Pod } from '../kube-object';

/** A pod that will not come up by waiting. */
export interface HopelessPod {
  readonly pod: Pod;
  /** "container web is in CrashLoopBackOff: back-off restarting failed container" */
  readonly saw: string;
  /** The container whose log tells more. */
  readonly container?: string;
}

/** A pod that no node takes may wait for a node that is being added. */
const unschedulableForMs = 30_000;

/** What the kubelet says of a container that it will go on trying in vain. */
const hopelessReasons: readonly string[] = [
  'CrashLoopBackOff',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'CreateContainerConfigError',
];

export function hopelessPod(pods: readonly Pod[], now: number): HopelessPod | undefined {
  for (const pod of pods) {
    const { containerStatuses = [], initContainerStatuses = [], conditions = [] } = pod.status;
    for (const { name, state } of [...initContainerStatuses, ...containerStatuses]) {
      const { reason = '', message = '' } = state?.waiting ?? {};
      if (!hopelessReasons.includes(reason)) continue;
      return { pod, container: name, saw: `container ${name} is in ${reason}${message === '' ? '' : `: ${message}`}` };
    }
    const scheduled = conditions.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
    const since = Date.parse((scheduled as { lastTransitionTime?: string } | undefined)?.lastTransitionTime ?? '');
    if (scheduled?.reason === 'Unschedulable' && now - since > unschedulableForMs) {
      return { pod, saw: `no node takes it: ${scheduled.message ?? 'Unschedulable'}` };
    }
  }
  return undefined;
}

/** Of a workload that is late: the first pod that is not Ready, and what it is at; undefined: there is none. */
export function latePod(pods: readonly Pod[]): HopelessPod | undefined {
  const pod = pods.find((one) => one.metadata.deletionTimestamp === undefined && !hasEnded(one) && !isReady(one));
  if (pod === undefined) return undefined;
  const { containerStatuses = [], initContainerStatuses = [], conditions = [] } = pod.status;
  const containers = [...initContainerStatuses, ...containerStatuses];
  const container = containers.find(({ ready }) => ready !== true) ?? containers[0];
  if (container === undefined) {
    const scheduled = conditions.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
    return { pod, saw: scheduled?.message ?? 'none of its containers has begun' };
  }
  const { name, state = {} } = container;
  return { pod, container: name, saw: `container ${name} ${doing(state)}` };
}

function doing({ waiting, terminated }: NonNullable<ContainerStatus['state']>): string {
  if (waiting !== undefined) return `is in ${waiting.reason ?? 'waiting'}`;
  return terminated === undefined ? 'runs, and the pod is not Ready' : `has ended with ${terminated.exitCode}`;
}
