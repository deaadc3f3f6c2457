import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Closing } from '../../integration/closing';
import { startTwoClusters, type TwoClusters } from '../lab/two-clusters';
import { startLoadBalancer } from '../shop/load-balancer';
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
  return Closing.unlessOpen(open);
}

async function open(closing: Closing): Promise<HutsLab> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'switchback-huts-'));
  closing.first(async () => rm(home, { recursive: true, force: true }));
  await mkdir(path.join(home, 'runbooks'));
  const [clusters] = await closing.opened([startTwoClusters()], async (both) => both.stop());
  const ports = { web: 0, gateway: 0 };
  for (const app of apps) {
    const route = (url: string): string | undefined => (url === entrances[app] ? app : undefined);
    for (const cluster of ['alpha', 'beta'] as const) {
      const starting = startLoadBalancer({
        address: addresses[cluster],
        port: ports[app],
        cluster: clusters[cluster],
        namespace,
        route,
      });
      const [balancer] = await closing.opened([starting], async (one) => one.stop());
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
    tearDown: async () => closing.close(),
  };
}
