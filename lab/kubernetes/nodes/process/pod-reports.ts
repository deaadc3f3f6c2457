import { setTimeout as pause } from 'node:timers/promises';
import type { KubeClient } from '../../../../drivers/kubernetes/client/kube-client';
import { KubeError, NoAnswer } from '../../../../drivers/kubernetes/client/kube-error';
import type { NodePod } from './pod';

const againAfterMs = 200;

const pathOf = ({ metadata: { namespace, name } }: NodePod): string => `/api/v1/namespaces/${namespace}/pods/${name}`;

/** Tells the API server, however long it takes to answer; a pod that is gone, or another one of its name, is not told of. */
export async function reportStatus(client: KubeClient, pod: NodePod, status: object): Promise<void> {
  await untilAnswered(async () =>
    client.request({
      method: 'PATCH',
      path: `${pathOf(pod)}/status`,
      contentType: 'application/strategic-merge-patch+json',
      body: { metadata: { uid: pod.metadata.uid }, status },
    }),
  );
}

/** Says that nothing of a pod runs any more, which ends its deletion. */
export async function confirmDeletion(client: KubeClient, pod: NodePod): Promise<void> {
  await untilAnswered(async () =>
    client.request({
      method: 'DELETE',
      path: pathOf(pod),
      body: { gracePeriodSeconds: 0, preconditions: { uid: pod.metadata.uid } },
    }),
  );
}

export async function untilAnswered(tell: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await tell();
      return;
    } catch (error) {
      if (error instanceof KubeError && (error.status === 404 || error.status === 409)) return;
      if (!(error instanceof NoAnswer) && !(error instanceof KubeError && error.status >= 429)) throw error;
      await pause(againAfterMs);
    }
  }
}
