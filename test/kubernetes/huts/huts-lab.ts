import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startTwoClusters, type TwoClusters } from '../lab/two-clusters';
import { startLoadBalancer, type LoadBalancer } from '../shop/load-balancer';
import { entrances, makeHuts, type HutsSite } from './huts-objects';

/** The application on two clusters, with load balancers in front. */
export interface HutsLab {
  readonly clusters: TwoClusters;
  readonly namespace: string;
  readonly kubeconfig: string;
  readonly home: string;
  readonly ports: HutsSite['ports'];
  tearDown(): Promise<void>;
}

const namespace = 'huts';
const addresses = { alpha: '127.0.1.1', beta: '127.0.2.1' } as const;
const apps = Object.keys(entrances) as (keyof typeof entrances)[];

export async function startHutsLab(): Promise<HutsLab> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'switchback-huts-'));
  await mkdir(path.join(home, 'runbooks'));
  const clusters = await startTwoClusters();
  const balancers: LoadBalancer[] = [];
  const ports = { web: 0, gateway: 0 };
  for (const app of apps) {
    const route = (url: string): string | undefined => (url === entrances[app] ? app : undefined);
    for (const cluster of ['alpha', 'beta'] as const) {
      const balancer = await startLoadBalancer({
        address: addresses[cluster],
        port: ports[app],
        cluster: clusters[cluster],
        namespace,
        route,
      });
      balancers.push(balancer);
      ports[app] = balancer.port;
    }
  }
  const site = (cluster: 'alpha' | 'beta'): HutsSite => ({
    client: clusters[cluster].client,
    namespace,
    address: addresses[cluster],
    ports,
  });
  await Promise.all([makeHuts(site('alpha'), 'active'), makeHuts(site('beta'), 'standby')]);
  return {
    clusters,
    namespace,
    kubeconfig: path.join(clusters.folder, 'kubeconfig'),
    home,
    ports,
    tearDown: async () => {
      await Promise.all(balancers.map(async (one) => one.stop()));
      await clusters.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}
