import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { isReady } from '../../../drivers/kubernetes/kinds/pods-of';
import type { Pod } from '../../../drivers/kubernetes/kube-object';
import type { Cluster } from '../../../lab/kubernetes/cluster/start-cluster';

interface Service {
  readonly spec: {
    readonly selector: Readonly<Record<string, string>>;
  };
}

export interface LoadBalancer {
  readonly port: number;
  stop(): Promise<void>;
}

/** To which app a path leads; undefined: to none. */
export type Route = (path: string) => string | undefined;

const byFirstPart: Route = (path) => path.slice(1);

export interface LoadBalancerPlace {
  readonly address: string;
  /** 0: one that is free. */
  readonly port: number;
  readonly cluster: Cluster;
  readonly namespace: string;
  /** Absent: by the first part of the path. */
  readonly route?: Route;
}

/**
 * What answers at an address of a cluster: `GET /api` is passed to the pods of the Service "api", which for fake pods means that it
 * answers 200 as long as one of them is Ready, and 503 otherwise.
 */
export async function startLoadBalancer({
  address,
  port,
  cluster,
  namespace,
  route = byFirstPart,
}: LoadBalancerPlace): Promise<LoadBalancer> {
  const { client } = cluster;
  const ready = async (app: string): Promise<boolean> => {
    const { spec } = await client.get<Service>(`/api/v1/namespaces/${namespace}/services/${app}`);
    const labelSelector = Object.entries(spec.selector)
      .map(([key, value]) => `${key}=${value}`)
      .join(',');
    const path = `/api/v1/namespaces/${namespace}/pods`;
    const { items } = await client.get<{ items: Pod[] }>(path, { query: { labelSelector } });
    return items.some(isReady);
  };
  const server = http.createServer((request, response) => {
    const app = route(request.url ?? '/');
    if (app === undefined) return void response.writeHead(404).end();
    ready(app).then(
      (answers) => response.writeHead(answers ? 200 : 503).end('Shop'),
      () => response.writeHead(502).end(),
    );
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, address, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
