import { isCopy } from '../../core/model/drill';
import type { SiteSpec } from '../../core/model/site';
import type { FenceState, WorkloadObservation } from '../../core/model/workload';
import type { ExaminationDriver } from '../examination-port';
import type { CallContext, Mutation, WorkloadDriver } from '../ports';
import type { StandingDriver } from '../standing-port';
import type { UnnamedDriver } from '../unnamed-port';
import { atSite, kubernetesSite, SiteClusters, type SiteCluster } from './cluster';
import { readCopy } from './copies/copy-namespace';
import { prepareCopy } from './copies/prepare-copy';
import { removeCopy, type Copy } from './copies/remove-copy';
import { whileOpen } from './copies/while-open';
import { examineSite } from './examination/examine-site';
import { endLowerEpochs } from './fence/end-lower-epochs';
import { readFence, type FenceRecord } from './fence/fence-record';
import { describeFence, writeFence } from './fence/set-fence';
import { tryConnectivity } from './health/connectivity';
import { checkSiteHealth } from './health/site-health';
import { inspectWorkload } from './workloads/inspect';
import { standingOf } from './workloads/standing';
import { startWorkload } from './workloads/start';
import { stopWorkload } from './workloads/stop';
import { unnamedWorkloads } from './workloads/unnamed';

export interface KubernetesOptions {
  /** Folder that the kubeconfigs of runbooks are relative to. */
  readonly kubeconfigFolder: string;
  /** How long a pod may take to end that was told to end at once. */
  readonly forcedWithinMs?: number;
}

/** Workloads as objects of a namespace; `close` ends its watches and connections. */
export type KubernetesWorkloads = WorkloadDriver &
  UnnamedDriver &
  StandingDriver &
  ExaminationDriver & { readonly close: () => void };

/** The kubelet needs a moment to end what it was told to, and a busy node a longer one. */
const defaultForcedWithinMs = 30_000;

export function createKubernetesWorkloads(options: KubernetesOptions): KubernetesWorkloads {
  const { kubeconfigFolder, forcedWithinMs = defaultForcedWithinMs } = options;
  const clusters = new SiteClusters(kubeconfigFolder);
  const at = async <Result>(
    site: SiteSpec,
    group: string,
    work: (cluster: SiteCluster) => Promise<Result>,
  ): Promise<Result> => {
    const cluster = clusters.of(site, group);
    return atSite(cluster, async () => work(cluster));
  };
  const change = async <Result>(site: SiteSpec, mutation: Mutation, work: (cluster: SiteCluster) => Promise<Result>) =>
    at(site, mutation.group, async (cluster) => whileOpen(cluster, mutation, async () => work(cluster)));
  const set = async (site: SiteSpec, fencing: FenceRecord['fencing'], mutation: Mutation, context: CallContext) =>
    change(site, mutation, async (cluster): Promise<FenceState> => {
      const fence = await writeFence(cluster, fencing, mutation, context);
      await endLowerEpochs(cluster, fence, mutation, { context, forcedWithinMs });
      return describeFence(cluster, fence);
    });
  const copyAt = async <Result>(site: SiteSpec, { group }: Mutation, work: (copy: Copy) => Promise<Result>) =>
    at(site, group, async (copy) =>
      work({ site: kubernetesSite(site), production: clusters.of(site), copy, forcedWithinMs }),
    );
  return {
    siteHealth: async (site) => checkSiteHealth(clusters.of(site), kubernetesSite(site)),
    connectivity: async (from, to) => tryConnectivity(clusters.of(from), clusters.of(to)),
    inspect: async (site, group, workloads, context) =>
      at(site, group, async (cluster) => {
        context.signal.throwIfAborted();
        if (isCopy(group) && (await readCopy(cluster, group)) === undefined)
          return workloads.map(({ name }) => absent(cluster, name));
        return Promise.all(workloads.map(async (spec) => inspectWorkload(cluster, spec)));
      }),
    stop: async (site, spec, mutation, context) =>
      change(site, mutation, async (cluster) => stopWorkload({ cluster, spec, mutation, context }, forcedWithinMs)),
    start: async (site, spec, mutation, context) =>
      change(site, mutation, async (cluster) => startWorkload({ cluster, spec, mutation, context })),
    fence: async (site, mutation, context) => set(site, 'fenced', mutation, context),
    unfence: async (site, mutation, context) => set(site, 'unfenced', mutation, context),
    prepareCopy: async (site, mutation, context) =>
      copyAt(site, mutation, async (copy) => prepareCopy(copy, mutation, context)),
    removeCopy: async (site, mutation, context) =>
      copyAt(site, mutation, async (copy) => removeCopy(copy, mutation, context)),
    fencing: async (site, group) => {
      const cluster = clusters.of(site, group);
      try {
        return await atSite(cluster, async () => describeFence(cluster, await readFence(cluster, group)));
      } catch (error) {
        return { site: site.name, fencing: 'unconfirmed', saw: error instanceof Error ? error.message : String(error) };
      }
    },
    standing: async (request, context) =>
      at(request.site, request.group, async (cluster) => {
        context.signal.throwIfAborted();
        return standingOf(cluster, request);
      }),
    unnamed: async (site, workloads) => unnamedWorkloads(clusters.of(site), workloads),
    examine: async (request) => examineSite(clusters.of(request.site), request),
    close: () => clusters.close(),
  };
}

const absent = ({ site, namespace }: SiteCluster, workload: string): WorkloadObservation => ({
  workload,
  site: site.name,
  status: 'stopped',
  replicas: 0,
  saw: `there is no copy: no namespace ${namespace}`,
});
