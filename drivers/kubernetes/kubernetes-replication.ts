import { isCopy, productionOf } from '../../core/model/drill';
import type { SiteSpec } from '../../core/model/site';
import type { VolumeSpec } from '../../core/model/volume';
import type { CallContext, Mutation, ReplicationDriver } from '../ports';
import { atSite, SiteClusters } from './cluster';
import { whileOpen } from './copies/while-open';
import type { KubernetesOptions } from './kubernetes-workloads';
import { capturePoint } from './volumes/points/capture-point';
import { restorePoint } from './volumes/points/restore-point';
import { thinPoints } from './volumes/points/thin-points';
import { copyVolume } from './volumes/copy-volume';
import { claimVolume } from './volumes/claim-volume';
import { observeVolume } from './volumes/observe-volume';
import { syncVolume } from './volumes/sync-volume';
import { letMoversThrough, makeCopiedClaim } from './volumes/copied-claim';
import { claimMissing, placeOf, readClaim, type VolumePlace } from './volumes/volume-place';

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
  /** Between the copies of a drill at both sites. */
  const makeWay = async (source: VolumePlace, target: VolumePlace, { signal }: CallContext): Promise<void> => {
    const group = productionOf(target.group);
    const production = placeOf(clusters, target.cluster.site, target.volume, { group });
    const claim = await readClaim(production);
    if (claim === undefined) throw claimMissing(production);
    await makeCopiedClaim(target, claim, signal);
    await atSite(source.cluster, async () => letMoversThrough(source, signal));
  };
  return {
    observe: async (site, group, volumes, context) =>
      Promise.all(
        volumes.map(async (volume) => {
          const place = placeOf(clusters, site, volume, { group });
          return atSite(place.cluster, async () => observeVolume(place, context));
        }),
      ),
    sync: async (request, context) =>
      change(request.target, request, async (target) => {
        const source = placeOf(clusters, request.source, request.volume, request);
        if (isCopy(request.group)) await makeWay(source, target, context);
        return syncVolume(request, { source, target }, context);
      }),
    claim: async (site, volume, mutation, context) =>
      change(site, { ...mutation, volume }, async (place) => {
        await claimVolume(place, mutation, context);
        return observeVolume(place, context);
      }),
    capture: async (request, context) =>
      change(request.site, request, async (place) => capturePoint(request, place, context)),
    restore: async (request, context) =>
      change(request.site, request, async (place) => {
        await restorePoint(request, place, context);
        return observeVolume(place, context);
      }),
    copy: async (request, context) =>
      change(request.site, request, async (target) => {
        const source = placeOf(clusters, request.site, request.volume, { group: request.from });
        const asOf = await copyVolume({ request, source, target }, context);
        return { ...(await observeVolume(target, context)), ...(asOf !== undefined && { asOf }) };
      }),
    thin: async (site, volume, policy, context) => {
      const place = placeOf(clusters, site, volume, policy);
      return atSite(place.cluster, async () => thinPoints(place, policy, context));
    },
    close: () => clusters.close(),
  };
}
