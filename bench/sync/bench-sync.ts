import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import type { LocalSite } from '../../core/model/site';
import { createLocalReplication } from '../../drivers/local/replication/local-replication';
import type { CallContext, SyncRequest } from '../../drivers/ports';

/** Times in milliseconds, medians; a ratio is Switchback's over rsync's in the same run, null without rsync. */
export interface SyncBench {
  readonly syncFilesRatio: number | null;
  readonly syncLargeFileRatio: number | null;
  readonly rsync: string;
  readonly rounds: number;
  readonly files: Contest;
  readonly largeFile: Contest;
  /** The final pass of 10,000 files: 1 % changed, flushed to disk, every file of both sides hashed. */
  readonly finalFilesMs: number;
}

export interface Contest {
  readonly switchbackMs: number;
  readonly rsyncMs: number | null;
  readonly bytesSent: number;
  /** Longest time for which Switchback's passes kept the event loop from its other work. */
  readonly longestStallMs: number;
}

const rounds = 5;
/**
 * ext4 passes over inodes that were freed within the last five seconds, one by one, whenever it makes a file. Passes of a
 * schedule are further apart; rounds without a rest measure that search, in both contenders.
 */
const restMs = 5_500;
const fileCount = 10_000;
const largeBytes = 1 << 30;
const blockBytes = 64 << 10;

const quiet: CallContext = { signal: new AbortController().signal, progress: () => undefined };
const site = (name: string): LocalSite => ({ driver: 'local', name, address: '127.0.0.1', folder: name });
const [source, target] = [site('source'), site('target')];

/** Delta sync against `rsync -a --delete` on the same folders, turn and turn about. */
export async function benchSync(): Promise<SyncBench> {
  const rsync = rsyncVersion();
  const files = await inLab(async (lab) => {
    writeManyFiles(lab.data);
    const contest = await compete(lab, { rsync: rsync !== undefined, change: changeManyFiles });
    return { contest, finalFilesMs: await timeFinal(lab) };
  });
  const largeFile = await inLab(async (lab) => {
    writeLargeFile(lab.data);
    return compete(lab, { rsync: rsync !== undefined, change: changeLargeFile });
  });
  return {
    syncFilesRatio: ratio(files.contest),
    syncLargeFileRatio: ratio(largeFile),
    rsync: rsync ?? 'rsync not installed',
    rounds,
    files: files.contest,
    largeFile,
    finalFilesMs: files.finalFilesMs,
  };
}

interface Lab {
  readonly folder: string;
  readonly data: string;
  readonly mirror: string;
  readonly sync: (key: string, final?: boolean) => Promise<number>;
}

async function inLab<T>(work: (lab: Lab) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'switchback-bench-sync-'));
  const data = path.join(folder, source.folder, 'groups/bench/volumes/data/data');
  mkdirSync(data, { recursive: true });
  mkdirSync(path.join(folder, target.folder));
  const driver = createLocalReplication({ labFolder: folder });
  const claim = { group: 'bench', operationKey: 'bench/claim', epoch: 1 };
  try {
    await driver.claim(source, { name: 'data' }, claim, quiet);
    const sync = async (operationKey: string, final = false): Promise<number> => {
      const request: SyncRequest = { ...claim, operationKey, volume: { name: 'data' }, source, target, final };
      return (await driver.sync(request, quiet)).bytesSent;
    };
    return await work({ folder, data, mirror: path.join(folder, 'mirror'), sync });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compete(
  lab: Lab,
  { rsync, change }: { readonly rsync: boolean; readonly change: (data: string, round: number) => void },
): Promise<Contest> {
  const copy = () => execFileSync('rsync', ['-a', '--delete', `${lab.data}/`, `${lab.mirror}/`]);
  await lab.sync('bench/first');
  if (rsync) copy();
  // One round to warm up: caches for rsync, the compiler for Switchback.
  const ours: number[] = [];
  const theirs: number[] = [];
  let bytesSent = 0;
  const stalls = monitorEventLoopDelay({ resolution: 5 });
  for (let round = 0; round <= rounds; round += 1) {
    await setTimeout(restMs);
    change(lab.data, round);
    const switchback = async (): Promise<void> => {
      stalls.enable();
      const ms = await timed(async () => void (bytesSent = await lab.sync(`bench/pass-${round}`)));
      stalls.disable();
      if (round > 0) ours.push(ms);
    };
    const peer = async (): Promise<void> => {
      const ms = await timed(async () => void copy());
      if (round > 0) theirs.push(ms);
    };
    const contenders = rsync ? [switchback, peer] : [switchback];
    for (const contender of round % 2 === 0 ? contenders : contenders.reverse()) await contender();
  }
  return {
    switchbackMs: median(ours),
    rsyncMs: rsync ? median(theirs) : null,
    bytesSent,
    longestStallMs: stalls.max / 1e6,
  };
}

async function timeFinal(lab: Lab): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await setTimeout(restMs);
    changeManyFiles(lab.data, 100 + round);
    times.push(await timed(async () => void (await lab.sync(`bench/final-${round}`, true))));
  }
  return median(times);
}

function writeManyFiles(data: string): void {
  for (let at = 0; at < fileCount; at += 1) {
    const folder = path.join(data, `folder-${at % 100}`);
    if (at < 100) mkdirSync(folder);
    writeFileSync(path.join(folder, `file-${at}`), Buffer.alloc(2_000 + (at % 6_000), at % 251));
  }
}

function changeManyFiles(data: string, round: number): void {
  for (let at = round % 100; at < fileCount; at += 100) {
    const file = path.join(data, `folder-${at % 100}`, `file-${at}`);
    writeFileSync(file, Buffer.alloc(2_000 + (at % 6_000), (round + 7) % 251));
  }
}

function writeLargeFile(data: string): void {
  const fd = openSync(path.join(data, 'large'), 'w');
  const chunk = Buffer.alloc(1 << 20);
  for (let at = 0; at < largeBytes; at += chunk.length) {
    chunk.fill((at / chunk.length) % 251, 0);
    writeSync(fd, chunk, 0, chunk.length, at);
  }
  closeSync(fd);
}

/** Every hundredth block of 64 KiB. */
function changeLargeFile(data: string, round: number): void {
  const fd = openSync(path.join(data, 'large'), 'r+');
  const block = Buffer.alloc(blockBytes, 253 - round);
  for (let at = (round % 100) * blockBytes; at < largeBytes; at += 100 * blockBytes)
    writeSync(fd, block, 0, blockBytes, at);
  closeSync(fd);
}

function rsyncVersion(): string | undefined {
  try {
    return execFileSync('rsync', ['--version'], { encoding: 'utf8' }).split('\n')[0];
  } catch {
    return undefined;
  }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const ratio = ({ switchbackMs, rsyncMs }: Contest): number | null =>
  rsyncMs === null ? null : Math.round((switchbackMs / rsyncMs) * 100) / 100;

function table(bench: SyncBench): string {
  const row = (what: string, { switchbackMs, rsyncMs }: Contest, of: number | null) =>
    [
      what.padEnd(34),
      switchbackMs.toFixed(0).padStart(10),
      (rsyncMs?.toFixed(0) ?? '-').padStart(8),
      `${of ?? '-'}`.padStart(6),
    ].join(' ');
  return [
    `${bench.rsync}; median of ${bench.rounds}, interleaved`,
    `${''.padEnd(34)} ${'switchback'.padStart(10)} ${'rsync'.padStart(8)} ${'ratio'.padStart(6)}   (ms)`,
    row('10,000 files, 1 % changed', bench.files, bench.syncFilesRatio),
    row('1 GiB in one file, 1 % changed', bench.largeFile, bench.syncLargeFileRatio),
    `${'10,000 files, final with proof'.padEnd(34)} ${bench.finalFilesMs.toFixed(0).padStart(10)}`,
    '',
  ].join('\n');
}

if (require.main === module) {
  void benchSync().then((bench) => process.stdout.write(table(bench)));
}
