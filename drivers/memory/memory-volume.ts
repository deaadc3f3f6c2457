import { SwitchbackFailure } from '../../core/model/failure';
import type { SiteSpec } from '../../core/model/site';
import type { VolumeObservation, VolumeSpec } from '../../core/model/volume';
import type { Mutation } from '../ports';
import { recordsOf, sizeOf } from './memory-content';
import type { VolumeState } from './memory-state';

export function describeVolume(site: SiteSpec, volume: VolumeSpec, state: VolumeState): VolumeObservation {
  const { role, epoch, asOf, content, points } = state;
  return {
    volume: volume.name,
    site: site.name,
    role,
    epoch,
    ...(asOf === undefined ? {} : { asOf }),
    ...recordsOf(content, volume),
    ...sizeOf(content),
    points: points.map(({ point }) => point),
  };
}

/** Throws `StaleEpoch` when the volume holds data of a higher epoch than the mutation's. */
export function assertNotStale(
  { epoch }: VolumeState,
  { site, volume, mutation }: { readonly site: SiteSpec; readonly volume: VolumeSpec; readonly mutation: Mutation },
): void {
  if (epoch <= mutation.epoch) return;
  const message = `volume "${volume.name}" at site "${site.name}" is of epoch ${epoch}; the request carries ${mutation.epoch}`;
  throw new SwitchbackFailure('StaleEpoch', message, { epoch: mutation.epoch, found: epoch });
}
