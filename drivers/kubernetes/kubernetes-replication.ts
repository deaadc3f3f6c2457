import type { SiteSpec } from '../../core/model/site';
import type { VolumeSpec } from '../../core/model/volume';
import type { Mutation, ReplicationDriver } from '../ports';
import { atSite, SiteClusters } from './cluster';
import { whileOpen } from './copies/while-open';
import type { KubernetesOptions } from './kubernetes-workloads';
import { claimVolume } from './volumes/claim-volume';
import { observeVolume } from './volumes/observe-volume';
import { syncVolume } from './volumes/sync-volume';
import { placeOf, type VolumePlace } from './volumes/volume-place';

/** Volumes are claims, copied between clusters by Jobs with rsync over SSH; `close` ends watches and connections. */
export type KubernetesReplication = ReplicationDriver & { readonly close: () => void };

export function createKubernetesReplication({
  kubeconfigFolder,
}: Pick<KubernetesOptions, 'kubeconfigFolder'>): KubernetesReplication {
  const clusters = new SiteClusters(kubeconfigFolder);
  const change = async <Result>(
    site: SiteSpec,
    { volume, ...mutation }: Mutation & { readonly volume: VolumeSpec },
    work: (place: VolumePlace) => Promise<Result>,
  ): Promise<Result> => {
    const place = placeOf(clusters, site, volume, mutation);
    return atSite(place.cluster, async () => whileOpen(place.cluster, mutation, async () => work(place)));
  };
  const refuse = async (): Promise<never> => Promise.reject(new Error('not yet'));
  return {
    observe: async (site, group, volumes, context) =>
      Promise.all(
        volumes.map(async (volume) => {
          const place = placeOf(clusters, site, volume, { group });
          return atSite(place.cluster, async () => observeVolume(place, context));
        }),
      ),
    sync: async (request, context) =>
      change(request.target, request, async (target) =>
        syncVolume(request, { source: placeOf(clusters, request.source, request.volume, request), target }, context),
      ),
    claim: async (site, volume, mutation, context) =>
      change(site, { ...mutation, volume }, async (place) => {
        await claimVolume(place, mutation, context);
        return observeVolume(place, context);
      }),
    capture: refuse,
    restore: refuse,
    copy: refuse,
    thin: refuse,
    close: () => clusters.close(),
  };
}
