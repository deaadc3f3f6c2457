import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CheckObservation } from '../../../core/model/check';
import { probing } from './check-probing';

const sha256 = (content: string): string => createHash('sha256').update(content).digest('hex');

let top: string;
let folder: string;

beforeEach(async () => {
  top = await mkdtemp(path.join(tmpdir(), 'switchback-checksum-'));
  folder = path.join(top, 'data');
  await mkdir(path.join(folder, 'parts'), { recursive: true });
  await writeFile(path.join(folder, 'orders.log'), 'order 1\n');
  await writeFile(path.join(folder, 'parts/part 1.txt'), 'first\n');
  await writeFile(path.join(top, 'outside.txt'), 'outside\n');
});

afterEach(async () => rm(top, { recursive: true }));

const volumeFolder = (_site: unknown, _group: string, volume: string) => (volume === 'orders' ? folder : undefined);

async function verify(lines: readonly string[]): Promise<CheckObservation> {
  await writeFile(path.join(folder, 'manifest'), lines.map((line) => `${line}\n`).join(''));
  return probing({ kind: 'checksum', volume: 'orders', manifest: 'manifest' }, { volumeFolder });
}

const ordersLine = `${sha256('order 1\n')}  orders.log`;

test('files that match the manifest pass, in text and in binary notation and with blanks in their names', async () => {
  const seen = await verify([ordersLine, `${sha256('first\n').toUpperCase()} *parts/part 1.txt`]);
  expect(seen).toMatchObject({ ok: true, saw: '2 files match manifest' });
});

test('a name with a line end is read as sha256sum writes it', async () => {
  await writeFile(path.join(folder, 'two\nlines\\'), 'x');
  expect(await verify([`\\${sha256('x')}  two\\nlines\\\\`])).toMatchObject({ ok: true });
});

test.each([
  ['another content', [`${sha256('order 2\n')}  orders.log`], /orders\.log is not what the manifest says/],
  ['a missing file', [ordersLine, `${sha256('')}  gone.txt`], /gone\.txt is not there/],
  ['a folder', [`${sha256('')}  parts`], /parts is not a regular file/],
  ['a line that is none', [ordersLine, 'not a checksum'], /manifest manifest, line 2 is not/],
  ['no line at all', [], /names no file/],
  [
    'a path above the volume',
    [`${sha256('outside\n')}  ../outside.txt`],
    /"\.\.\/outside\.txt".*not inside the volume/,
  ],
  ['a path above, hidden', [`${sha256('outside\n')}  parts/../../outside.txt`], /not inside the volume/],
  ['an absolute path', [`${sha256('x')}  /etc/hostname`], /"\/etc\/hostname".*not inside the volume/],
])('a manifest with %s fails and says so', async (_case, lines, saw) => {
  expect(await verify(lines)).toMatchObject({ ok: false, saw: expect.stringMatching(saw) as string });
});

test.each([
  ['of a file', 'link', '../outside.txt', 'link'],
  ['of a folder', 'parts/up', '../..', 'parts/up/outside.txt'],
])('a symbolic link %s does not lead out of the volume, even to the right content', async (_case, link, to, named) => {
  await symlink(to, path.join(folder, link));
  const seen = await verify([`${sha256('outside\n')}  ${named}`]);
  expect(seen).toMatchObject({ ok: false, saw: `${named} leads out of the volume` });
});

test('a symbolic link within the volume is followed', async () => {
  await symlink('orders.log', path.join(folder, 'latest'));
  expect(await verify([`${sha256('order 1\n')}  latest`])).toMatchObject({ ok: true });
});

test.each(['../manifest', '/etc/passwd', 'parts/../../manifest'])(
  'a check whose manifest %s is not in the volume can never be right',
  async (manifest) => {
    const call = probing({ kind: 'checksum', volume: 'orders', manifest }, { volumeFolder });
    await expect(call).rejects.toMatchObject({ code: 'InvalidRunbook' });
  },
);

test('a manifest that is a link out of the volume fails', async () => {
  await symlink('../outside.txt', path.join(folder, 'manifest-link'));
  const seen = await probing({ kind: 'checksum', volume: 'orders', manifest: 'manifest-link' }, { volumeFolder });
  expect(seen).toMatchObject({ ok: false, saw: 'manifest manifest-link leads out of the volume' });
});

test('without a manifest every file is read, and equal contents give an equal digest', async () => {
  const first = await probing({ kind: 'checksum', volume: 'orders' }, { volumeFolder });
  expect(first).toMatchObject({
    ok: true,
    saw: expect.stringMatching(/^2 files, 14 bytes read, sha256 [0-9a-f]{16}$/) as string,
  });
  await chmod(path.join(folder, 'orders.log'), 0o600);
  expect((await probing({ kind: 'checksum', volume: 'orders' }, { volumeFolder })).saw).toBe(first.saw);
  await writeFile(path.join(folder, 'orders.log'), 'order 2\n');
  expect((await probing({ kind: 'checksum', volume: 'orders' }, { volumeFolder })).saw).not.toBe(first.saw);
});

test('a volume that is empty or not there fails', async () => {
  await rm(folder, { recursive: true });
  expect(await probing({ kind: 'checksum', volume: 'orders' }, { volumeFolder })).toMatchObject({ ok: false });
  await mkdir(folder);
  expect(await probing({ kind: 'checksum', volume: 'orders' }, { volumeFolder })).toMatchObject({
    ok: false,
    saw: 'the volume holds no file',
  });
});

test('reading a large file leaves the event loop free, and ends when it is cancelled', async () => {
  await writeFile(path.join(folder, 'large.bin'), Buffer.alloc(96 * 1024 * 1024));
  const controller = new AbortController();
  let turns = 0;
  const call = probing({ kind: 'checksum', volume: 'orders' }, { volumeFolder, signal: controller.signal });
  const turn = (): void => {
    turns += 1;
    if (turns === 10) controller.abort(new Error('no longer needed'));
    else setImmediate(turn);
  };
  setImmediate(turn);
  await expect(call).rejects.toThrow('no longer needed');
  expect(turns).toBe(10);
});

// Which files a process has open can be seen under Linux only.
if (existsSync('/proc/self/fd'))
  test('a cancelled call reads no further, however large the file is', async () => {
    const file = path.join(folder, 'large.bin');
    await writeFile(file, '');
    await truncate(file, 2 ** 40);
    const controller = new AbortController();
    const call = probing({ kind: 'checksum', volume: 'orders' }, { volumeFolder, signal: controller.signal });
    while (!openFiles().includes(file)) await new Promise((resolve) => setImmediate(resolve));
    controller.abort(new Error('no longer needed'));
    await expect(call).rejects.toThrow('no longer needed');
    while (openFiles().includes(file)) await new Promise((resolve) => setImmediate(resolve));
  });

/** Files that this process has open. */
function openFiles(): readonly string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      return [];
    }
  });
}
