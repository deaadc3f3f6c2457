import { randomBytes } from 'node:crypto';
import type { VolumeObservation } from '../../../core/model/volume';
import type { CallContext } from '../../ports';
import { lookAtVolume } from './look-volume';
import { type Figures, type OpenVolume, openVolume } from './record/volume-record';
import type { VolumePlace } from './volume-place';

/** What a volume is and holds. Of a replica the last pass has counted it; what is being written is counted now, by a pod. */
export async function observeVolume(place: VolumePlace, context: CallContext): Promise<VolumeObservation> {
  const volume = await openVolume(place);
  return described(volume, await figuresOf(volume, context));
}

function described({ place, record }: OpenVolume, figures: Figures): VolumeObservation {
  const { role, epoch, asOf, points } = record;
  return {
    volume: place.volume.name,
    site: place.cluster.site.name,
    role: role === 'unclaimed' ? unclaimedRole(figures) : role,
    epoch,
    ...(role === 'replica' && asOf !== undefined && { asOf }),
    ...(place.volume.marker !== undefined && { records: figures.records ?? 0 }),
    bytes: figures.bytes,
    files: figures.files,
    points: points.map(({ point }) => point),
  };
}

/** Data that nobody has claimed yet count as being written, so that no replica replaces them. */
const unclaimedRole = ({ files }: Figures): 'active' | 'empty' => (files > 0 ? 'active' : 'empty');

async function figuresOf({ place, record, claim }: OpenVolume, context: CallContext): Promise<Figures> {
  const { role, figures } = record;
  if (claim === undefined) return { files: 0, bytes: 0 };
  const marker = place.volume.marker?.file;
  if (role === 'replica' && figures !== undefined && (marker === undefined || figures.marker === marker))
    return figures;
  return lookAtVolume(place, { pass: randomBytes(5).toString('hex'), settle: false }, context);
}
