import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { LocalSite } from '../../../../core/model/site';
import type { VolumeSpec } from '../../../../core/model/volume';
import { createLocalReplication } from '../../../../drivers/local/replication/local-replication';
import type { CallContext, Mutation, ReplicationDriver, SyncRequest } from '../../../../drivers/ports';

const site = (name: string): LocalSite => ({ driver: 'local', name, address: '127.0.0.1', folder: name });

export const paris = site('paris');
export const lyon = site('lyon');
export const group = 'shop';
export const orders: VolumeSpec = { name: 'orders' };

/** Two sites in a temporary folder, one volume with epoch 1 at paris. */
export interface Lab {
  readonly folder: string;
  readonly driver: ReplicationDriver;
  readonly remove: () => void;
}

export function makeLab(): Lab {
  const folder = mkdtempSync(path.join(tmpdir(), 'switchback-replication-'));
  for (const { folder: name } of [paris, lyon]) mkdirSync(path.join(folder, name));
  mkdirSync(dataOf(folder, paris), { recursive: true });
  return {
    folder,
    driver: createLocalReplication({ labFolder: folder }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export const volumeOf = (folder: string, at: LocalSite): string =>
  path.join(folder, at.folder, 'groups', group, 'volumes', orders.name);

export const dataOf = (folder: string, at: LocalSite): string => path.join(volumeOf(folder, at), 'data');

export const quiet = (): CallContext => ({ signal: new AbortController().signal, progress: () => undefined });

let keys = 0;

/** With an operation key of its own unless given. */
export const mutation = (epoch: number, operationKey = `run/step-${(keys += 1)}`): Mutation => ({
  group,
  epoch,
  operationKey,
});

export function passRequest(more: Partial<SyncRequest> = {}): SyncRequest {
  return { ...mutation(more.epoch ?? 1), volume: orders, source: paris, target: lyon, final: false, ...more };
}

export function write(root: string, files: Readonly<Record<string, string | Buffer>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), content);
  }
}

const microseconds = (ms: number): number => Math.round(ms * 1000);

/** Everything in a folder: kind, mode, time to the microsecond, content or link text; sockets and pipes left out. */
export function listing(root: string, options: { readonly times: boolean } = { times: true }): Record<string, string> {
  const found: Record<string, string> = {};
  const visit = (relative: Buffer): void => {
    const full = Buffer.concat([Buffer.from(`${root}/`), relative]);
    const stats = lstatSync(full);
    const mode = stats.isSymbolicLink() ? '' : (stats.mode & 0o7777).toString(8);
    const time = options.times ? ` ${microseconds(stats.mtimeMs)}` : '';
    const about = `${mode}${time}`;
    const name = relative.toString('latin1');
    if (stats.isSymbolicLink()) found[name] = `link ${about} ${readlinkSync(full, 'latin1')}`;
    if (stats.isFile()) found[name] = `file ${about} ${readFileSync(full).toString('base64')}`;
    if (!stats.isDirectory()) return;
    found[name] = `dir ${about}`;
    for (const child of readdirSync(full, 'buffer')) {
      visit(relative.length === 0 ? child : Buffer.concat([relative, Buffer.from('/'), child]));
    }
  };
  if (existsSync(root)) visit(Buffer.alloc(0));
  return found;
}

/** A file that has just been changed may change again under the same time, so a pass does not trust such a time: this waits it out. */
export const changeTimesSettled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 150));
