import path from 'node:path';
import { SwitchbackFailure } from '../../../../core/model/failure';
import type { CallContext, RestoreRequest } from '../../../ports';
import { assertNotFenced, type SiteFolder } from '../../site-folder';
import type { RecordCounter } from '../count-records';
import { Pacer } from '../pacer';
import { runPass, type FinishedPass } from '../pass';
import { forPeople, toRawPath, under } from '../tree/raw-path';
import type { TreeEntry } from '../tree/scan-tree';
import { contentHash } from '../tree/tree-digest';
import { openVolume } from '../volume/open-volume';
import { rememberChange, volumeFolder, type VolumeFolder, type VolumeRecord } from '../volume/volume-record';
import { asSource, readPoint, type Manifest } from './point-manifest';
import { missingPoint, pointFolder, type StoredPoint } from './recovery-points';

/**
 * ReplicationDriver.restore: a pass whose source is the point. It copies and never moves or links the point's files, because
 * the workload that is started next writes in place. Role and epoch become those of the point as well: a failover that is
 * rolled back must leave a replica that replication can go on with. What still writes with the higher epoch is kept out by
 * the fence, which every restore is behind.
 */
export async function restorePoint(
  request: RestoreRequest,
  { site, counter }: { readonly site: SiteFolder; readonly counter: RecordCounter },
  context: CallContext,
): Promise<void> {
  const pacer = new Pacer([site], context);
  pacer.check();
  const folder = volumeFolder(site, request.group, request.volume.name);
  const record = await openVolume(folder);
  if (record.done.some((change) => change.change === 'restore' && change.operationKey === request.operationKey)) return;
  await assertNotFenced(site, request.group, request.epoch);
  if (request.epoch < record.epoch) throw staleEpoch(folder, record, request.epoch);
  if (request.point === 'latest') {
    if (record.role === 'empty')
      throw missingPoint(folder, 'latest', 'does not exist: nothing was ever replicated to it');
    return;
  }
  const { stored, manifest } = await readPoint(folder, request.point, pacer);
  const { tree, known } = asSource(manifest);
  const data = toRawPath(path.join(pointFolder(folder, request.point), 'data'));
  await runPass({
    folder,
    record,
    pacer,
    durable: true,
    known: [known],
    marker: undefined,
    counter,
    metadataFromEntry: true,
    verifySource: (entry) => verifyFile(folder, { entry, manifest, data, id: request.point }, pacer),
    readSource: () => Promise.resolve({ data, tree }),
    publish: (done) => restoredRecord(request, record, { done, stored }),
  });
}

function restoredRecord(
  request: RestoreRequest,
  before: VolumeRecord,
  { done, stored }: { readonly done: FinishedPass; readonly stored: StoredPoint },
): Omit<VolumeRecord, 'version'> {
  const { attempt, files, bytes } = done;
  const { asOf, role, epoch, records } = stored.point;
  const { marker } = request.volume;
  return {
    role,
    epoch,
    asOf,
    files,
    bytes,
    ...(marker !== undefined && records !== undefined && { marker: toRawPath(marker.file), records }),
    done: rememberChange(before, { attempt, operationKey: request.operationKey, change: 'restore' }),
  };
}

interface PointFile {
  readonly entry: TreeEntry;
  readonly manifest: Manifest;
  readonly data: string;
  readonly id: string;
}

/** Before anything is made of it: a damaged file of the point must not become the content of the volume. */
export async function verifyFile(
  folder: VolumeFolder,
  { entry, manifest, data, id }: PointFile,
  pacer: Pacer,
): Promise<void> {
  const wanted = manifest.get(entry.path)?.sha256;
  if (wanted !== undefined && (await contentHash(under(data, entry.path), pacer)) === wanted) return;
  throw missingPoint(folder, id, `is damaged: "${forPeople(entry.path)}" is not what was captured`);
}

export function staleEpoch(folder: VolumeFolder, record: VolumeRecord, epoch: number): SwitchbackFailure {
  return new SwitchbackFailure(
    'StaleEpoch',
    `volume "${folder.volume}" of site "${folder.site.site.name}" is at epoch ${record.epoch}, the request at ${epoch}; nothing was changed`,
    { volume: folder.volume, site: folder.site.site.name, epoch, volumeEpoch: record.epoch },
  );
}
