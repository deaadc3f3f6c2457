import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { copyOf } from '../../../core/model/drill';
import type { SiteSpec } from '../../../core/model/site';
import type { VolumeSpec } from '../../../core/model/volume';
import { prepareCopy, removeCopy } from '../../../drivers/local/copies/remove-copy';
import { appendToJournal } from '../../../drivers/local/journal';
import { readFenceJournal, SiteFolder } from '../../../drivers/local/site-folder';
import type { CallContext } from '../../../drivers/ports';
import { quietly } from '../../contract/contract';
import { describeReplicationContract } from '../../contract/replication-contract';
import type { ReplicationFixture } from '../../contract/replication-fixture';
import { treeOf, writeFiles } from '../../contract/volume-files';
import { group, listing, lyon, makeLab, paris } from '../../unit/drivers/local-replication/lab';

describeReplicationContract('local replication', async () => {
  const lab = makeLab();
  const folderOf = (site: SiteSpec): SiteFolder => {
    if (site.driver !== 'local') throw new Error(`${site.name} is not local`);
    return new SiteFolder(lab.folder, site);
  };
  const dataOf = (site: SiteSpec, volume: VolumeSpec): string => folderOf(site).volumeData(group, volume.name);
  const volume: VolumeSpec = { name: 'orders', marker: { file: 'orders.log' } };
  rmSync(dataOf(paris, volume), { recursive: true });

  const fixture: ReplicationFixture = {
    driver: lab.driver,
    group,
    site: paris,
    peer: lyon,
    volume,
    another: { name: 'another' },
    largeFileBytes: 4 << 20,
    state: () => Promise.resolve([listing(path.join(lab.folder, 'paris')), listing(path.join(lab.folder, 'lyon'))]),
    tearDown: () => Promise.resolve(lab.remove()),
    isolate: (site) => Promise.resolve(writeFileSync(folderOf(site).isolatedMarker, '')),
    reconnect: (site) => Promise.resolve(rmSync(folderOf(site).isolatedMarker)),
    write: async (site, written, files) => {
      await writeFiles(dataOf(site, written), files);
    },
    link: (site, written, name, target) => Promise.resolve(symlinkSync(target, path.join(dataOf(site, written), name))),
    remove: (site, written, name) => Promise.resolve(rmSync(path.join(dataOf(site, written), name))),
    tree: (site, read) => Promise.resolve(treeOf(dataOf(site, read))),
    prepareCopy: async (site, operationKey) => {
      const prepare = { group: copyOf(group), epoch: 1, operationKey };
      return (await prepareCopy(folderOf(site), prepare, quietly())).removed;
    },
    removeCopy: async (site, operationKey) => {
      await removeCopy(folderOf(site), { group: copyOf(group), epoch: 1, operationKey }, quietly());
    },
    writeCopy: async (site, written, files) => {
      await writeFiles(folderOf(site).volumeData(copyOf(group), written.name), files);
    },
    fence: async (site, epoch) => {
      const { seq } = await readFenceJournal(folderOf(site), group);
      const record = { epoch, fencing: 'fenced', operationKey: 'test/fence', at: new Date().toISOString() };
      await appendToJournal(folderOf(site).fenceFile(group), record, seq);
    },
    disturbed: (source, written) => Promise.resolve(disturbing(dataOf(source, written))),
    damage: (site, point) => {
      const file = path.join(
        folderOf(site).volumeFolder(group, point.volume),
        'points',
        point.id,
        'data',
        'orders.log',
      );
      chmodSync(file, 0o644);
      writeFileSync(file, 'spoilt');
      return Promise.resolve();
    },
    storedBytes: (site, stored) => {
      const folder = folderOf(site).volumeFolder(group, stored.name);
      return Promise.resolve(Number(execFileSync('du', ['-sk', folder], { encoding: 'utf8' }).split('\t')[0]) * 1024);
    },
  };
  return fixture;
});

/** Writes whenever the driver says that it goes on. */
function disturbing(data: string): CallContext {
  let writes = 0;
  const progress = (): void => writeFileSync(path.join(data, 'disturbance'), `${(writes += 1)}`);
  return { signal: new AbortController().signal, progress };
}
