import { existsSync } from 'node:fs';
import { mkdir, open, rename } from 'node:fs/promises';
import path from 'node:path';
import { SwitchbackFailure } from '../../core/model/failure';
import type { LocalSite } from '../../core/model/site';
import { readJournal, type Journal } from './journal';

/**
 * Where things are in the folder of a local site:
 *
 *   <site>/isolated                              exists: the site is cut off, nothing reaches it (a disaster of the lab)
 *   <site>/groups/<group>/fence.json             the fence of the group, read by the workloads before each acknowledgement
 *   <site>/groups/<group>/workloads/<workload>/  instances.json (a journal), output.log
 *   <site>/groups/<group>/copy.json              of the copy of a drill: the run that it is of (copies/copy-marker.ts)
 *   <site>/groups/<group>/volumes/<volume>/data  the content of the volume; everything beside `data` is the driver's
 */
export class SiteFolder {
  readonly root: string;

  constructor(
    readonly labFolder: string,
    readonly site: LocalSite,
  ) {
    this.root = path.resolve(labFolder, site.folder);
  }

  get isolatedMarker(): string {
    return path.join(this.root, 'isolated');
  }

  groupFolder(group: string): string {
    return path.join(this.root, 'groups', group);
  }

  fenceFile(group: string): string {
    return path.join(this.groupFolder(group), 'fence.json');
  }

  workloadFolder(group: string, workload: string): string {
    return path.join(this.groupFolder(group), 'workloads', workload);
  }

  volumeFolder(group: string, volume: string): string {
    return path.join(this.groupFolder(group), 'volumes', volume);
  }

  volumeData(group: string, volume: string): string {
    return path.join(this.volumeFolder(group, volume), 'data');
  }

  get reachable(): boolean {
    return existsSync(this.root) && !existsSync(this.isolatedMarker);
  }

  /** Every driver call that needs the site begins with this, and long work repeats it. */
  assertReachable(): void {
    if (this.reachable) return;
    throw new SwitchbackFailure('SiteUnreachable', `site "${this.site.name}" (${this.site.address}) does not answer`, {
      site: this.site.name,
    });
  }
}

/**
 * One record of fence.json, which is a journal (journal.ts): one JSON record a line, the last that counts is the fence.
 * Absent file: epoch 0, unfenced.
 */
export interface FenceRecord {
  /** Lowest epoch that may write. */
  readonly epoch: number;
  readonly fencing: 'fenced' | 'unfenced';
  /** The site came back after it was cut off: nothing may write until the fence is set anew. */
  readonly quarantined?: boolean;
  readonly operationKey: string;
  readonly at: string;
}

/** Throws `FenceUnconfirmed` when the file cannot be read: taking it for absent would let everything write. */
async function readFence(folder: SiteFolder, group: string): Promise<FenceRecord | undefined> {
  return (await readFenceJournal(folder, group)).last;
}

/** The history of the fence; its last record is the fence. */
export async function readFenceJournal(folder: SiteFolder, group: string): Promise<Journal<FenceRecord>> {
  const file = folder.fenceFile(group);
  return readJournal<FenceRecord>(file).catch((error: unknown) => {
    throw new SwitchbackFailure('FenceUnconfirmed', `the fence file ${file} cannot be read: ${String(error)}`, {
      site: folder.site.name,
    });
  });
}

/** Throws `Fenced` when the fence of the group at the site keeps that epoch out, or everything because of a quarantine. */
export async function assertNotFenced(folder: SiteFolder, group: string, epoch: number): Promise<void> {
  await assertEpochAllowed(folder, group, epoch);
  if ((await readFence(folder, group))?.quarantined !== true) return;
  throw new SwitchbackFailure(
    'Fenced',
    `site "${folder.site.name}" came back after it was cut off: nothing of group "${group}" may write there until it is fenced or unfenced anew`,
    { site: folder.site.name, epoch },
  );
}

/** Throws `Fenced` when the fence is higher than the epoch. A quarantine passes: stopping and fencing are always safe. */
export async function assertEpochAllowed(folder: SiteFolder, group: string, epoch: number): Promise<void> {
  const fence = await readFence(folder, group);
  if (fence === undefined || fence.epoch <= epoch) return;
  throw new SwitchbackFailure(
    'Fenced',
    `site "${folder.site.name}" is fenced for group "${group}": epoch ${epoch} is lower than ${fence.epoch}`,
    { site: folder.site.name, epoch, fence: fence.epoch },
  );
}

/** Replaces a file as a whole: a reader sees the old content or the new one, also after a power cut. */
export async function writeFileAtomically(file: string, content: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}.tmp`;
  const handle = await open(temporary, 'w');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
}
