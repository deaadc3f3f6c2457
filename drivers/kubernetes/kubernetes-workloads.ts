import { SwitchbackFailure } from '../../core/model/failure';
import type { SiteSpec } from '../../core/model/site';
import type { FenceState, WorkloadSpec } from '../../core/model/workload';
import type { CallContext, Mutation, WorkloadDriver } from '../ports';
import { atSite, SiteClusters, type SiteCluster } from './cluster';
import { endLowerEpochs } from './fence/end-lower-epochs';
import { readFence, type FenceRecord } from './fence/fence-record';
import { describeFence, writeFence } from './fence/set-fence';
import { tryConnectivity } from './health/connectivity';
import { checkSiteHealth } from './health/site-health';
import { inspectWorkload } from './workloads/inspect';
import { startWorkload } from './workloads/start';
import { stopWorkload } from './workloads/stop';
import type { Attempt } from './workloads/target';

export interface KubernetesOptions {
  /** Folder that the kubeconfigs of runbooks are relative to. */
  readonly kubeconfigFolder: string;
  /** How long a pod may take to end that was told to end at once. */
  readonly forcedWithinMs?: number;
}

/** Workloads as objects of a namespace; `close` ends its watches and connections. */
export type KubernetesWorkloads = WorkloadDriver & { readonly close: () => void };

/** The kubelet needs a moment to end what it was told to, and a busy node a longer one. */
const defaultForcedWithinMs = 30_000;

async function refuseCopy(site: SiteSpec): Promise<never> {
  const message = `no drill is held at site "${site.name}": copies are not made at Kubernetes sites yet`;
  throw new SwitchbackFailure('DriverMissing', message, { site: site.name });
}

export function createKubernetesWorkloads(options: KubernetesOptions): KubernetesWorkloads {
  const { kubeconfigFolder, forcedWithinMs = defaultForcedWithinMs } = options;
  const clusters = new SiteClusters(kubeconfigFolder);
  const at = async <Result>(site: SiteSpec, work: (cluster: SiteCluster) => Promise<Result>): Promise<Result> => {
    const cluster = clusters.of(site);
    return atSite(cluster, async () => work(cluster));
  };
  const set = async (site: SiteSpec, fencing: FenceRecord['fencing'], mutation: Mutation, context: CallContext) =>
    at(site, async (cluster): Promise<FenceState> => {
      const fence = await writeFence(cluster, fencing, mutation, context);
      await endLowerEpochs(cluster, fence, mutation, { context, forcedWithinMs });
      return describeFence(cluster, fence);
    });
  const attempt = (cluster: SiteCluster, spec: WorkloadSpec, mutation: Mutation, context: CallContext): Attempt => ({
    cluster,
    spec,
    mutation,
    context,
  });
  return {
    siteHealth: async (site) => checkSiteHealth(clusters.of(site)),
    connectivity: async (from, to) => tryConnectivity(clusters.of(from), clusters.of(to)),
    inspect: async (site, _group, workloads, context) =>
      at(site, async (cluster) => {
        context.signal.throwIfAborted();
        return Promise.all(workloads.map(async (spec) => inspectWorkload(cluster, spec)));
      }),
    stop: async (site, spec, mutation, context) =>
      at(site, async (cluster) => stopWorkload(attempt(cluster, spec, mutation, context), forcedWithinMs)),
    start: async (site, spec, mutation, context) =>
      at(site, async (cluster) => startWorkload(attempt(cluster, spec, mutation, context))),
    fence: async (site, mutation, context) => set(site, 'fenced', mutation, context),
    unfence: async (site, mutation, context) => set(site, 'unfenced', mutation, context),
    prepareCopy: refuseCopy,
    removeCopy: refuseCopy,
    fencing: async (site, group) => {
      const cluster = clusters.of(site);
      try {
        return await atSite(cluster, async () => describeFence(cluster, await readFence(cluster, group)));
      } catch (error) {
        return { site: site.name, fencing: 'unconfirmed', saw: error instanceof Error ? error.message : String(error) };
      }
    },
    close: () => clusters.close(),
  };
}
