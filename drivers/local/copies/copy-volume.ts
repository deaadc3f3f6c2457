import path from 'node:path';
import { SwitchbackFailure } from '../../../core/model/failure';
import type { CallContext, CopyRequest } from '../../ports';
import type { SiteFolder } from '../site-folder';
import type { RecordCounter } from '../replication/count-records';
import { Pacer } from '../replication/pacer';
import { runPass, type PassOptions } from '../replication/pass';
import { asSource, readPoint } from '../replication/points/point-manifest';
import { missingPoint, pointFolder } from '../replication/points/recovery-points';
import { verifyFile } from '../replication/points/restore-point';
import { toRawPath } from '../replication/tree/raw-path';
import { scanTree } from '../replication/tree/scan-tree';
import { openVolume } from '../replication/volume/open-volume';
import { rememberChange, volumeFolder, type VolumeFolder } from '../replication/volume/volume-record';

/** Replication may commit a pass while the replica is copied: then what changed is copied again. */
const rounds = 10;

interface Copying {
  readonly request: CopyRequest;
  readonly source: VolumeFolder;
  readonly target: VolumeFolder;
  readonly pacer: Pacer;
  readonly counter: RecordCounter;
}

/** ReplicationDriver.copy: a pass from the replica, or from one of its points, onto a volume of the copy. */
export async function copyVolume(
  request: CopyRequest,
  { site, counter }: { readonly site: SiteFolder; readonly counter: RecordCounter },
  context: CallContext,
): Promise<void> {
  const pacer = new Pacer([site], context);
  pacer.check();
  const { from, group, volume, operationKey } = request;
  const source = volumeFolder(site, from, volume.name);
  const target = volumeFolder(site, group, volume.name);
  const record = await openVolume(target);
  if (record.done.some((change) => change.change === 'copy' && change.operationKey === operationKey)) return;
  const copying = { request, source, target, pacer, counter };
  await (request.point === 'latest' ? copyReplica(copying) : copyPoint(copying));
}

async function copyReplica(copying: Copying): Promise<void> {
  const { source, pacer } = copying;
  for (let round = 0; round < rounds; round += 1) {
    const before = await openVolume(source);
    if (before.role === 'empty')
      throw missingPoint(source, 'latest', 'does not exist: nothing was ever replicated to it');
    await onePass(copying, before.asOf, {
      known: [],
      readSource: async () => ({ data: source.data, tree: await scanTree(source.data, pacer) }),
    });
    if ((await openVolume(source)).version === before.version) return;
  }
  throw new SwitchbackFailure(
    'SyncInterrupted',
    `volume "${source.volume}" changed ${rounds} times while it was copied for a drill; take a recovery point instead of "latest"`,
    { volume: source.volume },
  );
}

async function copyPoint(copying: Copying): Promise<void> {
  const { source, pacer, request } = copying;
  const { stored, manifest } = await readPoint(source, request.point, pacer);
  const { tree, known } = asSource(manifest);
  const data = toRawPath(path.join(pointFolder(source, request.point), 'data'));
  await onePass(copying, stored.point.asOf, {
    known: [known],
    metadataFromEntry: true,
    verifySource: (entry) => verifyFile(source, { entry, manifest, data, id: request.point }, pacer),
    readSource: () => Promise.resolve({ data, tree }),
  });
}

type Source = Pick<PassOptions, 'known' | 'readSource' | 'metadataFromEntry' | 'verifySource'>;

async function onePass(
  { request, target, pacer, counter }: Copying,
  asOf: string | undefined,
  source: Source,
): Promise<void> {
  const record = await openVolume(target);
  const { operationKey, epoch } = request;
  await runPass({
    folder: target,
    record,
    pacer,
    durable: false,
    marker: undefined,
    counter,
    ...source,
    publish: ({ attempt, files, bytes }) => ({
      role: 'active',
      epoch,
      ...(asOf !== undefined && { asOf }),
      files,
      bytes,
      done: rememberChange(record, { attempt, operationKey, change: 'copy' }),
    }),
  });
}
