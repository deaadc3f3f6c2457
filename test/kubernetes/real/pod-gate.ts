import type { KubeClient } from '../../../drivers/kubernetes/client/kube-client';
import { isReady } from '../../../drivers/kubernetes/kinds/pods-of';
import type { Pod } from '../../../drivers/kubernetes/kube-object';
import { Gate, type GatePlace } from '../lab/gate';

interface PodsBehind {
  /** Path of the pods of the namespace. */
  readonly pods: string;
  readonly labelSelector: string;
  readonly podPort: number;
}

type ReadyPod = Pod & { readonly status: { readonly podIP?: string } };

const knownForMs = 100;

/**
 * The way into a site: connections to its address go on to the pod that is Ready, as a load balancer would pass them. It knows
 * the pods that it saw last when the API server does not answer.
 */
export async function podGate(client: KubeClient, { pods, labelSelector, podPort, ...place }: GatePlace & PodsBehind) {
  let address: string | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;
  return Gate.at(place, async () => {
    if (performance.now() - askedAt >= knownForMs) {
      askedAt = performance.now();
      const { items } = await client
        .get<{ items: readonly ReadyPod[] }>(pods, { query: { labelSelector } })
        // The API server is gone; the pods may go on.
        .catch(() => ({ items: undefined }));
      if (items !== undefined) address = items.find(isReady)?.status.podIP;
    }
    return address === undefined ? undefined : { host: address, port: podPort };
  });
}
