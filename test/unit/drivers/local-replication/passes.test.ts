import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
  closeSync,
} from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import {
  changeTimesSettled,
  dataOf,
  listing,
  lyon,
  makeLab,
  mutation,
  orders,
  paris,
  passRequest,
  quiet,
  write,
  type Lab,
} from './lab';
import { editUnseen } from './tree-edits';
import type { VolumeSpec } from '../../../../core/model/volume';

let lab: Lab;
let data: string;
let replica: string;

beforeEach(async () => {
  lab = makeLab();
  data = dataOf(lab.folder, paris);
  replica = dataOf(lab.folder, lyon);
  await lab.driver.claim(paris, orders, mutation(1), quiet());
});

afterEach(() => lab.remove());

const pass = (more = {}) => lab.driver.sync(passRequest(more), quiet());
const mebibyte = 1 << 20;

test('an edit that keeps size and modification time is found', async () => {
  write(data, { a: 'aaaa' });
  await pass();
  await pass();
  editUnseen(path.join(data, 'a'), 98);
  expect(await pass()).toMatchObject({ filesChanged: 1, bytesSent: 4 });
  expect(readFileSync(path.join(replica, 'a'), 'utf8')).toBe('baaa');
});

test('a replica that somebody changed by hand is made right by the next pass', async () => {
  write(data, { 'a/b': 'content', c: 'c', 'd/e/f': 'f' });
  await pass();
  write(replica, { 'a/b': 'tampered', extra: 'x' });
  rmSync(path.join(replica, 'd'), { recursive: true });
  writeFileSync(path.join(replica, 'd'), 'a file');
  chmodSync(path.join(replica, 'c'), 0o777);
  await pass();
  expect(listing(replica)).toEqual(listing(data));
});

test('of a large file only the changed blocks are sent, wherever they are', async () => {
  write(data, { large: Buffer.alloc(5 * mebibyte + 17, 1) });
  await pass();
  const fd = openSync(path.join(data, 'large'), 'r+');
  for (const at of [0, 2 * mebibyte + 5, 5 * mebibyte + 16]) writeSync(fd, Buffer.of(9), 0, 1, at);
  closeSync(fd);
  const result = await pass();
  expect(result).toMatchObject({ filesChanged: 1, bytesChanged: 5 * mebibyte + 17, bytesSent: 2 * 65_536 + 17 });
  expect(listing(replica)).toEqual(listing(data));
});

test('a large file that was only touched is not sent, but gets its time', async () => {
  write(data, { large: Buffer.alloc(2 * mebibyte, 1) });
  await pass();
  execFileSync('touch', ['-d', '2020-01-01T00:00:00Z', path.join(data, 'large')]);
  expect(await pass()).toMatchObject({ filesChanged: 0, bytesSent: 0 });
  expect(listing(replica)).toEqual(listing(data));
});

test('holes of a large file stay holes', async () => {
  write(data, { sparse: '' });
  const fd = openSync(path.join(data, 'sparse'), 'r+');
  writeSync(fd, Buffer.of(1), 0, 1, 64 * mebibyte);
  closeSync(fd);
  await pass();
  expect(statSync(path.join(replica, 'sparse')).size).toBe(64 * mebibyte + 1);
  expect(statSync(path.join(replica, 'sparse')).blocks * 512).toBeLessThan(8 * mebibyte);
});

test('sockets and pipes are skipped and counted, and nothing waits for them', async () => {
  write(data, { a: 'a' });
  execFileSync('mkfifo', [path.join(data, 'pipe')]);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path.join(data, 'socket'), resolve));
  const result = await pass({ final: true });
  expect(result).toMatchObject({ filesCompared: 1, filesChanged: 1, filesSkipped: 2 });
  expect(Object.keys(listing(replica))).toEqual(['', 'a']);
  await new Promise((resolve) => server.close(resolve));
});

test.each([
  ['small', 10],
  ['large', 300_000],
])('records of a %s marker file are its complete lines, counted on as it grows', async (_size, count) => {
  const volume: VolumeSpec = { ...orders, marker: { file: 'orders.log' } };
  const line = (index: number): string => `order ${index}\n`;
  write(data, { 'orders.log': Array.from({ length: count }, (_, index) => line(index)).join('') });
  expect(await pass({ volume })).toMatchObject({ records: count });
  appendFileSync(path.join(data, 'orders.log'), `${line(count)}torn`);
  expect(await pass({ volume })).toMatchObject({ records: count + 1 });
  expect(await pass({ volume })).toMatchObject({ records: count + 1 });
  appendFileSync(path.join(data, 'orders.log'), ` end\n`);
  expect(await pass({ volume })).toMatchObject({ records: count + 2 });
  const [source] = await lab.driver.observe(paris, 'shop', [volume], quiet());
  const [target] = await lab.driver.observe(lyon, 'shop', [volume], quiet());
  expect([source?.records, target?.records]).toEqual([count + 2, count + 2]);
  write(data, { 'orders.log': 'one\n' });
  expect(await pass({ volume })).toMatchObject({ records: 1 });
});

test('a log that grows during the pass is copied up to the length it had', async () => {
  write(data, { log: Buffer.alloc(3 * mebibyte, 10) });
  const progress = (): void => appendFileSync(path.join(data, 'log'), 'more\n');
  const context = { signal: new AbortController().signal, progress };
  await lab.driver.sync(passRequest(), context);
  const copied = readFileSync(path.join(replica, 'log'));
  expect(readFileSync(path.join(data, 'log')).subarray(0, copied.length).equals(copied)).toBe(true);
  expect(copied.length).toBeGreaterThanOrEqual(3 * mebibyte);
  await pass();
  expect(listing(replica)).toEqual(listing(data));
});

test('cancelled in the middle of a large file, it ends at once and leaves the earlier pass', async () => {
  write(data, { a: 'first' });
  await pass();
  const before = listing(replica);
  write(data, { a: 'second', large: Buffer.alloc(64 * mebibyte, 3) });
  const controller = new AbortController();
  const reason = new Error('cancelled by the test');
  const progress = ({ doing }: { doing: string }): void => {
    if (doing === 'copying large') controller.abort(reason);
  };
  await expect(lab.driver.sync(passRequest(), { signal: controller.signal, progress })).rejects.toBe(reason);
  expect(listing(replica)).toEqual(before);
});

test('a source whose data folder is missing does not empty the replica', async () => {
  write(data, { a: 'a' });
  await pass();
  renameSync(data, `${data}-unmounted`);
  await expect(pass()).rejects.toMatchObject({ code: 'SiteUnreachable' });
  expect(Object.keys(listing(replica))).toEqual(['', 'a']);
});

test('after a reversal only what has changed since is sent back', async () => {
  write(data, Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`file-${index}`, `content ${index}`])));
  await pass();
  await lab.driver.claim(lyon, orders, mutation(2), quiet());
  write(replica, { 'file-7': 'changed at lyon' });
  const back = await pass({ source: lyon, target: paris, epoch: 2 });
  expect(back).toMatchObject({ epoch: 2, filesCompared: 50, filesChanged: 1, bytesSent: 15 });
  const [seen] = await lab.driver.observe(paris, 'shop', [orders], quiet());
  expect(seen).toMatchObject({ role: 'replica', epoch: 2, asOf: back.asOf });
});

test('a final pass finds by content what times and inodes hide, and repairs it', async () => {
  write(data, { a: 'content' });
  await changeTimesSettled();
  await pass();
  editUnseen(path.join(replica, 'a'), 120);
  const result = await pass({ final: true });
  expect(result).toMatchObject({ filesChanged: 1, bytesSent: 7 });
  expect(result.proof?.targetDigest).toBe(result.proof?.sourceDigest);
  expect(readFileSync(path.join(replica, 'a'), 'utf8')).toBe('content');
});

test('points share unchanged files with each other, never with the volume', async () => {
  write(data, { a: 'a', 'b/c': 'c' });
  const capture = () =>
    lab.driver.capture({ ...mutation(1), volume: orders, site: paris, consistency: 'crash' }, quiet());
  const [first, second] = [await capture(), await capture()];
  const inode = (id: string, name: string): number => statSync(path.join(data, '..', 'points', id, 'data', name)).ino;
  for (const name of ['a', 'b/c']) {
    expect(inode(first.id, name)).toBe(inode(second.id, name));
    expect(statSync(path.join(data, name)).nlink).toBe(1);
  }
  await lab.driver.restore({ ...mutation(1), volume: orders, site: paris, point: first.id }, quiet());
  for (const name of ['a', 'b/c']) expect(statSync(path.join(data, name)).nlink).toBe(1);
  expect(first.id < second.id).toBe(true);
});
