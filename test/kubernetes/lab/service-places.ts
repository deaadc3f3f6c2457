import type { KubeClient } from '../../../drivers/kubernetes/client/kube-client';
import type { PortKind } from '../../../lab/kubernetes/services/service-ports';
import { until } from '../../integration/faults/until';

interface Service {
  readonly spec: { readonly clusterIP: string; readonly ports: readonly { readonly nodePort?: number }[] };
  readonly status: { readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string }[] } };
}

export interface Place {
  readonly host: string;
  readonly port: number;
}

const servicesIn = '/api/v1/namespaces/default/services';

/** Makes a Service of each type for the pods of an app, and says where each is to be reached. */
export async function makeServices(
  client: KubeClient,
  app: string,
  { port, nodeAddress }: { readonly port: number; readonly nodeAddress: string },
): Promise<Readonly<Record<PortKind, Place>>> {
  const make = async (type: PortKind): Promise<Service> => {
    const spec = { type, selector: { app }, ports: [{ port: 80, targetPort: port }] };
    const metadata = { name: `${app}-${type.toLowerCase()}` };
    return client.create<Service>(servicesIn, { apiVersion: 'v1', kind: 'Service', metadata, spec });
  };
  const [inside, atNode] = [await make('ClusterIP'), await make('NodePort'), await make('LoadBalancer')];
  let address: string | undefined;
  await until('the load balancer has an address', async () => {
    const { status } = await client.get<Service>(`${servicesIn}/${app}-loadbalancer`);
    address = status.loadBalancer?.ingress?.[0]?.ip;
    return address !== undefined;
  });
  return {
    ClusterIP: { host: inside.spec.clusterIP, port: 80 },
    NodePort: { host: nodeAddress, port: atNode.spec.ports[0]?.nodePort ?? 0 },
    LoadBalancer: { host: address ?? '', port: 80 },
  };
}
