import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { isReady } from '../../../drivers/kubernetes/kinds/pods-of';
import type { Pod } from '../../../drivers/kubernetes/kube-object';
import type { Cluster } from '../../../lab/kubernetes/cluster/start-cluster';

export interface LoadBalancer {
  readonly port: number;
  stop(): Promise<void>;
}

/** To which app a path leads; undefined: to none. */
export type Route = (path: string) => string | undefined;

const byFirstPart: Route = (path) => path.slice(1);

/**
 * What answers at the address of a site: `GET /api` is passed to the pods with the label app=api, which for fake pods means that
 * it answers 200 as long as one of them is Ready, and 503 otherwise.
 */
export async function startLoadBalancer(
  address: string,
  port: number,
  cluster: Cluster,
  namespace: string,
  route: Route = byFirstPart,
): Promise<LoadBalancer> {
  const ready = async (app: string): Promise<boolean> => {
    const path = `/api/v1/namespaces/${namespace}/pods`;
    const { items } = await cluster.client.get<{ items: Pod[] }>(path, { query: { labelSelector: `app=${app}` } });
    return items.some(isReady);
  };
  const server = http.createServer((request, response) => {
    const app = route(request.url ?? '/');
    if (app === undefined) return void response.writeHead(404).end();
    ready(app).then(
      (answers) => response.writeHead(answers ? 200 : 503).end(),
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
