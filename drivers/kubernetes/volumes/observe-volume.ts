import { randomBytes } from 'node:crypto';
import type { VolumeObservation } from '../../../core/model/volume';
import type { CallContext } from '../../ports';
import { lookAtVolume } from './look-volume';
import { type Figures, type OpenVolume, openVolume, type StoredPoint } from './record/volume-record';
import { listSnapshots } from './snapshots/volume-snapshot';
import type { VolumePlace } from './volume-place';

/** What a volume is and holds. Of a replica the last pass has counted it; what is being written is counted now, by a pod. */
export async function observeVolume(place: VolumePlace, context: CallContext): Promise<VolumeObservation> {
  const volume = await openVolume(place);
  const [figures, points] = await Promise.all([figuresOf(volume, context), pointsOf(volume)]);
  return described(volume, figures, points);
}

function described({ place, record }: OpenVolume, figures: Figures, points: readonly StoredPoint[]): VolumeObservation {
  const { role, epoch, asOf } = record;
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

/** Points whose snapshot somebody has removed are none any more. */
async function pointsOf({ place, record: { points } }: OpenVolume): Promise<readonly StoredPoint[]> {
  if (points.every(({ snapshot }) => snapshot === undefined)) return points;
  const there = new Set((await listSnapshots(place)).map(({ metadata }) => metadata.name));
  return points.filter(({ snapshot }) => snapshot === undefined || there.has(snapshot));
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
