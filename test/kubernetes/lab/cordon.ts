import type { KubeClient } from '../../../drivers/kubernetes/client/kube-client';
import type { KubeList, KubeObject } from '../../../drivers/kubernetes/kube-object';

/** No new pod finds a node in the cluster, or each does. */
export async function cordon(client: KubeClient, unschedulable: true | null): Promise<void> {
  const { items } = await client.get<KubeList<KubeObject>>('/api/v1/nodes');
  for (const { metadata } of items) await client.patch(`/api/v1/nodes/${metadata.name}`, { spec: { unschedulable } });
}
