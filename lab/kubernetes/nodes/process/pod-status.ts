import type { Container, NodePod } from './pod';
import type { PodAddress } from './container-env';

/** How the one container of a pod is. */
export type ContainerState =
  | { readonly kind: 'waiting'; readonly reason: string; readonly message: string }
  | { readonly kind: 'running'; readonly startedAt: string; readonly ready: boolean }
  | {
      readonly kind: 'terminated';
      readonly startedAt: string;
      readonly finishedAt: string;
      readonly exitCode: number;
      readonly message: string;
    };

/** The status that a kubelet would write, as a strategic merge patch. */
export function statusOf(pod: NodePod, address: PodAddress, state: ContainerState): object {
  const ready = state.kind === 'running' && state.ready;
  const [container] = pod.spec.containers;
  return {
    ...phaseOf(state),
    hostIP: address.hostIP,
    podIP: address.podIP,
    podIPs: [{ ip: address.podIP }],
    conditions: [
      { type: 'Initialized', status: 'True' },
      ...['Ready', 'ContainersReady'].map((type) => ({
        type,
        ...readiness(state, ready),
        ...now('lastTransitionTime'),
      })),
    ],
    containerStatuses: container === undefined ? [] : [containerStatus(container, state, ready)],
  };
}

/** Of a pod that the node does not run. */
export const refused = (message: string): object => ({ phase: 'Failed', reason: 'ProcessNode', message });

const now = (name: string): Readonly<Record<string, string>> => ({ [name]: secondsOnly(new Date().toISOString()) });

/** The API server takes no fractions of seconds here. */
const secondsOnly = (instant: string): string => instant.replace(/\.\d+Z$/, 'Z');

function phaseOf(state: ContainerState): object {
  if (state.kind === 'waiting') return { phase: 'Pending' };
  if (state.kind === 'running') return { phase: 'Running' };
  return { phase: state.exitCode === 0 ? 'Succeeded' : 'Failed' };
}

function readiness(state: ContainerState, ready: boolean): object {
  if (ready) return { status: 'True', reason: null };
  const ended = state.kind === 'terminated' && state.exitCode === 0;
  return { status: 'False', reason: ended ? 'PodCompleted' : 'ContainersNotReady' };
}

function containerStatus({ name, image }: Container, state: ContainerState, ready: boolean): object {
  const more = { name, image, imageID: image, ready, restartCount: 0, started: state.kind === 'running' };
  // Replaced as a whole: what is not named would stay.
  return { ...more, state: { waiting: null, running: null, terminated: null, [state.kind]: valueOf(state) } };
}

function valueOf(state: ContainerState): object {
  switch (state.kind) {
    case 'waiting':
      return { reason: state.reason, message: state.message };
    case 'running':
      return { startedAt: secondsOnly(state.startedAt) };
    case 'terminated':
      return {
        exitCode: state.exitCode,
        reason: state.exitCode === 0 ? 'Completed' : 'Error',
        message: state.message,
        startedAt: secondsOnly(state.startedAt),
        finishedAt: secondsOnly(state.finishedAt),
      };
  }
}
