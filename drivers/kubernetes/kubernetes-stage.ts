import { peerRole } from '../../core/model/site';
import type { StageDriver } from '../stage-port';
import { SiteClusters } from './cluster';
import { DiffRecord } from './stage/diff-record';
import { mapsTowards } from './stage/maps';
import { stageNamespace } from './stage/stage-namespace';

/** Keeps a namespace of one cluster current from one of another; `close` ends its connections. */
export type KubernetesStage = StageDriver & { readonly close: () => void };

export function createKubernetesStage(options: { readonly kubeconfigFolder: string }): KubernetesStage {
  const clusters = new SiteClusters(options.kubeconfigFolder);
  return {
    stage: async (request, context) => {
      const { sites, target, policy } = request;
      return stageNamespace({
        source: clusters.of(sites[peerRole(target)]),
        target: clusters.of(sites[target]),
        request,
        maps: mapsTowards(target, policy.maps),
        record: new DiffRecord(),
        context,
      });
    },
    close: () => clusters.close(),
  };
}
