import type { VolumeObservation, VolumeSpec } from '../../../core/model/volume';
import type { RecordCounter } from './count-records';
import type { Pacer } from './pacer';
import { listPoints } from './points/recovery-points';
import { toRawPath, under } from './tree/raw-path';
import { scanTree, sizeOfTree } from './tree/scan-tree';
import { openVolume } from './volume/open-volume';
import type { VolumeFolder, VolumeRecord } from './volume/volume-record';

/** What a volume is and holds. Of a replica the last pass has counted it; what is being written is counted now. */
export async function observeVolume(
  folder: VolumeFolder,
  { volume, counter }: { readonly volume: VolumeSpec; readonly counter: RecordCounter },
  pacer: Pacer,
): Promise<VolumeObservation> {
  const record = await openVolume(folder);
  const size = await sizeOf(folder, record, pacer);
  const marker = volume.marker && toRawPath(volume.marker.file);
  const counted = record.role === 'replica' && record.marker === marker ? record.records : undefined;
  return {
    volume: volume.name,
    site: folder.site.site.name,
    role: record.role,
    epoch: record.epoch,
    ...(record.role === 'replica' && record.asOf !== undefined && { asOf: record.asOf }),
    ...(marker !== undefined && { records: counted ?? (await counter.count(under(folder.data, marker), pacer)) }),
    bytes: size.bytes,
    files: size.files,
    points: listPoints(folder),
  };
}

async function sizeOf(
  folder: VolumeFolder,
  record: VolumeRecord,
  pacer: Pacer,
): Promise<{ files: number; bytes: number }> {
  const { role, files, bytes } = record;
  if (role === 'replica' && files !== undefined && bytes !== undefined) return { files, bytes };
  return sizeOfTree(await scanTree(folder.data, pacer));
}
