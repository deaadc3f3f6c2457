import type { Connectivity } from '../../../core/model/site';
import { atSite, type SiteCluster } from '../cluster';

/** Both API servers answer this worker: the way on which workloads are moved. Their round trip is that of the slower one. */
export async function tryConnectivity(from: SiteCluster, to: SiteCluster): Promise<Connectivity> {
  const ends = { from: from.site.name, to: to.site.name };
  try {
    const [one, other] = await Promise.all([roundTrip(from), roundTrip(to)]);
    const saw = `the API servers of both sites answer, ${ends.from} after ${one} ms, ${ends.to} after ${other} ms`;
    return { ...ends, ok: true, saw, latencyMs: Math.max(one, other) };
  } catch (error) {
    return { ...ends, ok: false, saw: error instanceof Error ? error.message : String(error) };
  }
}

async function roundTrip(cluster: SiteCluster): Promise<number> {
  return atSite(cluster, async () => {
    const since = performance.now();
    await cluster.client.get('/version');
    return Math.round((performance.now() - since) * 1_000) / 1_000;
  });
}
