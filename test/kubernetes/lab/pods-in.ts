import { hasEnded } from '../../../drivers/kubernetes/kinds/pods-of';
import type { Pod } from '../../../drivers/kubernetes/kube-object';
import type { Cluster } from '../../../lab/kubernetes/cluster/start-cluster';

/** How many pods run, by app. */
export async function podsIn({ client }: Cluster, namespace: string): Promise<Readonly<Record<string, number>>> {
  const { items } = await client.get<{ items: Pod[] }>(`/api/v1/namespaces/${namespace}/pods`);
  const apps = items.filter((pod) => !hasEnded(pod)).map(({ metadata }) => metadata.labels?.['app'] ?? '');
  return Object.fromEntries([...new Set(apps)].sort().map((app) => [app, apps.filter((one) => one === app).length]));
}
