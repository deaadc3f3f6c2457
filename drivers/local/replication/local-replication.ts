import { choosePointsToThin } from '../../../core/model/retention';
import { SwitchbackFailure } from '../../../core/model/failure';
import type { SiteSpec, LocalSite } from '../../../core/model/site';
import type { VolumeSpec } from '../../../core/model/volume';
import type { CallContext, Mutation, ReplicationDriver } from '../../ports';
import { SiteFolder } from '../site-folder';
import { whileOpen } from '../copies/copy-marker';
import { copyVolume } from '../copies/copy-volume';
import { claimVolume } from './claim-volume';
import { RecordCounter } from './count-records';
import { observeVolume } from './observe-volume';
import { Pacer } from './pacer';
import { capturePoint } from './points/capture-point';
import { listPoints, removePoint } from './points/recovery-points';
import { restorePoint } from './points/restore-point';
import { syncVolume } from './sync-volume';
import { volumeFolder } from './volume/volume-record';

/**
 * Replication between folders: delta sync, recovery points and restore (volume/journal.ts says why it may be killed anywhere).
 * A pass that is not final leaves the flush of file contents to the system: after a power cut at the target the next pass
 * finds by size, time and inode what was lost. Times are kept to the microsecond; ownership when running as root; extended
 * attributes, access lists and hard links between files are not kept.
 */
export function createLocalReplication(options: { readonly labFolder: string }): ReplicationDriver {
  const counter = new RecordCounter();
  const siteOf = (site: SiteSpec) => new SiteFolder(options.labFolder, asLocal(site));

  const look = (
    { site, group }: { readonly site: SiteSpec; readonly group: string },
    volume: VolumeSpec,
    context: CallContext,
  ) => {
    const pacer = new Pacer([siteOf(site)], context);
    pacer.check();
    return observeVolume(volumeFolder(siteOf(site), group, volume.name), { volume, counter }, pacer);
  };

  const changing = <Result>(
    site: SiteSpec,
    { volume, ...mutation }: Mutation & { readonly volume: VolumeSpec },
    change: () => Promise<Result>,
  ): Promise<Result> => {
    const folder = siteOf(site);
    return whileOpen({ folder, into: folder.volumeFolder(mutation.group, volume.name), mutation }, change);
  };

  return {
    async observe(site, group, volumes, context) {
      const seen = [];
      for (const volume of volumes) seen.push(await look({ site, group }, volume, context));
      return seen;
    },

    async sync(request, context) {
      const sites = { source: siteOf(request.source), target: siteOf(request.target), counter };
      return changing(request.target, request, () => syncVolume(request, sites, context));
    },

    async capture(request, context) {
      return changing(request.site, request, () => capturePoint(request, siteOf(request.site), context));
    },

    async restore(request, context) {
      await changing(request.site, request, () =>
        restorePoint(request, { site: siteOf(request.site), counter }, context),
      );
      return look(request, request.volume, context);
    },

    async copy(request, context) {
      await changing(request.site, request, () =>
        copyVolume(request, { site: siteOf(request.site), counter }, context),
      );
      return look(request, request.volume, context);
    },

    async claim(site, volume, mutation, context) {
      const folder = volumeFolder(siteOf(site), mutation.group, volume.name);
      await changing(site, { ...mutation, volume }, () => claimVolume(folder, mutation, context));
      return look({ site, group: mutation.group }, volume, context);
    },

    async thin(site, volume, policy, context) {
      const pacer = new Pacer([siteOf(site)], context);
      pacer.check();
      const folder = volumeFolder(siteOf(site), policy.group, volume.name);
      const chosen = choosePointsToThin(listPoints(folder), policy.rules, policy.now);
      for (const id of chosen) {
        await pacer.breathe({ doing: 'removing recovery points' });
        await removePoint(folder, id);
      }
      return chosen;
    },
  };
}

function asLocal(site: SiteSpec): LocalSite {
  if (site.driver === 'local') return site;
  throw new SwitchbackFailure(
    'DriverMissing',
    `site "${site.name}" is not local; give its steps to a worker with the driver "${site.driver}"`,
  );
}
