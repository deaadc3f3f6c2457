import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { unzipSync, zipSync } from 'fflate';
import { archiveFiles, type ArchiveIndex, type Range } from '../../../core/evidence/archive';
import type { EvidenceKind } from '../../../core/model/evidence';
import { verifyArchive } from '../../../evidence/archive/verify-archive';
import { writeArchive } from '../../../evidence/archive/write-archive';
import { Evidence } from '../../../evidence/evidence';
import { FolderStore } from '../../../evidence/folder-store';
import { sha256 } from '../../../evidence/sha256';
import { bodyKey, entryKey } from '../../../evidence/store';

/** Each entry is written through to the disk, which others use as well. */
jest.setTimeout(600_000);

let folder: string;
beforeAll(async () => (folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-archive-'))));
afterAll(() => rm(folder, { recursive: true }));

let files = 0;
const newFile = (): string => path.join(folder, `${(files += 1)}.zip`);

/** Ten days of October, one entry a day, of two groups. */
async function ofOctober(): Promise<{ readonly evidence: Evidence; readonly store: string }> {
  const store = path.join(folder, `store-${(files += 1)}`);
  const evidence = new Evidence(new FolderStore(store));
  for (const group of ['shop', 'bank'])
    for (let day = 1; day <= 10; day += 1) {
      const at = `2026-10-${String(day).padStart(2, '0')}T12:00:00.000Z`;
      const kind: EvidenceKind = day % 2 === 0 ? 'report' : 'decision';
      await evidence
        .of(group)
        .append({ kind, id: `${kind}/${day}`, at }, () => ({ says: `${group} secret-of-day-${day}` }));
    }
  return { evidence, store };
}

const documentOf = ({ kind }: { readonly kind: EvidenceKind }, body: unknown) =>
  kind === 'report' ? { ending: 'html', text: `<p>${JSON.stringify(body)}</p>` } : undefined;
const pageOf = (index: ArchiveIndex): string => `<p>${index.groups.length}</p>`;

async function archived(evidence: Evidence, range: Range, groups: readonly string[] = ['bank', 'shop']) {
  const file = newFile();
  const index = await writeArchive(file, { evidence, groups, range, documentOf, pageOf });
  return { file, index, inside: unzipSync(readFileSync(file)) };
}

const from = '2026-10-03T00:00:00.000Z';
const until = '2026-10-08T00:00:00.000Z';

test('it has what is in the range, and no word of what is not', async () => {
  const { evidence } = await ofOctober();
  const { index, inside } = await archived(evidence, { from, until });
  expect(
    index.groups.map(({ group, after, head, entries }) => [group, after.sequence, head.sequence, entries.length]),
  ).toEqual([
    ['bank', 2, 7, 5],
    ['shop', 2, 7, 5],
  ]);
  const text = Object.values(inside)
    .map((bytes) => Buffer.from(bytes).toString())
    .join('\n');
  const days = [...new Set(text.match(/secret-of-day-\d+/g))].map((word) => Number(word.split('-').at(-1)));
  expect(days.sort((one, other) => one - other)).toEqual([3, 4, 5, 6, 7]);
  expect(text).not.toMatch(/2026-10-0[1289]T12|2026-10-10T12/);
  expect(Object.keys(inside)).toEqual(
    expect.arrayContaining([entryKey('shop', 3), 'shop/documents/00000004-report.html']),
  );
  expect(Object.keys(inside)).not.toContain(entryKey('shop', 2));
});

test('a group without anything in the range is not in it; without any group there is no file', async () => {
  const { evidence } = await ofOctober();
  const later = { from: '2027-01-01T00:00:00.000Z' };
  await evidence.of('shop').append({ kind: 'report', id: 'late', at: '2027-01-02T00:00:00.000Z' }, () => ({}));
  expect((await archived(evidence, later)).index.groups.map(({ group }) => group)).toEqual(['shop']);
  await expect(archived(evidence, later, ['bank'])).rejects.toMatchObject({ code: 'InvalidInput' });
  expect(readdirSync(folder).filter((name) => name.startsWith(`${files}.zip`))).toEqual([]);
});

test('what was written between, by another clock, is in it, so that it is a chain', async () => {
  const evidence = new Evidence(new FolderStore(path.join(folder, 'clocks')));
  for (const [id, at] of [
    ['1', '05'],
    ['2', '02'],
    ['3', '06'],
    ['4', '09'],
  ])
    await evidence.of('shop').append({ kind: 'report', id: id ?? '', at: `2026-10-${at}T12:00:00.000Z` }, () => ({}));
  const { file, index } = await archived(evidence, { from, until }, ['shop']);
  expect(index.groups[0]?.entries.map(({ id }) => id)).toEqual(['1', '2', '3']);
  expect((await verifyArchive(file))[0]?.faults).toEqual([]);
});

test('the same range gives the same bytes, later as well', async () => {
  const { evidence } = await ofOctober();
  const first = await archived(evidence, { from, until });
  await evidence.of('shop').append({ kind: 'report', id: 'later', at: '2026-11-01T12:00:00.000Z' }, () => ({}));
  const second = await archived(evidence, { from, until });
  const written = readFileSync(first.file);
  expect(sha256(readFileSync(second.file))).toBe(sha256(written));
  // Time and date of the first file: midnight of 1 January 1980, whatever the clock and the zone.
  expect([...written.subarray(10, 14)]).toEqual([0, 0, 0x21, 0]);
});

test('it is good by itself, and to who knows an entry of it', async () => {
  const { evidence } = await ofOctober();
  const { file, index } = await archived(evidence, { from, until }, ['shop']);
  const { after, head } = index.groups[0] ?? { after: undefined, head: undefined };
  const known = [after, head].flatMap((one) => (one ? [{ ...one, by: 'run' }] : []));
  expect(known).toHaveLength(2);
  expect(await verifyArchive(file, known)).toMatchObject([{ group: 'shop', faults: [], head }]);
  const other = { sequence: 5, hash: 'a'.repeat(64), by: 'run' };
  expect((await verifyArchive(file, [other]))[0]?.faults).toEqual([
    { where: 'entry 5', what: 'it is not the one that the run names' },
  ]);
  await expect(verifyArchive(file, [{ ...other, sequence: 9 }])).rejects.toMatchObject({
    code: 'InvalidInput',
    message: expect.stringContaining('after entry 2 up to entry 7'.replace('after', 'follows')),
  });
});

type Inside = Record<string, Uint8Array>;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const textIn = (inside: Inside, name: string): string => Buffer.from(inside[name] ?? []).toString();
const without = (inside: Inside, name: string): Inside =>
  Object.fromEntries(Object.entries(inside).filter(([one]) => one !== name));
const summed = (inside: Inside): Inside => {
  const rest = without(inside, archiveFiles.sums);
  const sums = Object.entries(rest).map(([name, one]) => `${sha256(one)}  ${name}\n`);
  return { ...rest, [archiveFiles.sums]: bytes(sums.join('')) };
};
const bodyOfSix = (inside: Inside): string =>
  bodyKey('shop', (JSON.parse(textIn(inside, entryKey('shop', 6))) as { body: string }).body);

test.each<[string, (inside: Inside) => Inside, string]>([
  ['an entry changed', (all) => ({ ...all, [entryKey('shop', 6)]: bytes('{}\n') }), 'entry 6'],
  ['an entry removed', (all) => without(all, entryKey('shop', 6)), 'entry 6'],
  ['the first entry removed', (all) => without(all, entryKey('shop', 3)), 'entry 3'],
  ['the last entry removed', (all) => without(all, entryKey('shop', 7)), 'entry 7'],
  ['a body changed', (all) => ({ ...all, [bodyOfSix(all)]: bytes('{}\n') }), 'body of entry 6'],
  ['a body removed', (all) => without(all, bodyOfSix(all)), 'body of entry 6'],
  [
    'an index that lists another instant',
    (all) => ({
      ...all,
      [archiveFiles.index]: bytes(textIn(all, archiveFiles.index).replace('2026-10-05T12', '2026-10-05T13')),
    }),
    'index.json',
  ],
])('%s: is found, also when the sums were written anew', async (_title, change, where) => {
  const { evidence } = await ofOctober();
  const { inside } = await archived(evidence, { from, until }, ['shop']);
  for (const changed of [change(inside), summed(change(inside))]) {
    const file = newFile();
    writeFileSync(file, zipSync(changed));
    expect((await verifyArchive(file)).flatMap(({ faults }) => faults.map((fault) => fault.where))).toContain(where);
  }
});

test.each<[string, (inside: Inside) => Inside, string, string]>([
  [
    'a document changed',
    (all) => ({ ...all, 'shop/documents/00000004-report.html': bytes('') }),
    'shop/documents/00000004-report.html',
    'it is not what SHA256SUMS says',
  ],
  [
    'a document removed',
    (all) => without(all, 'shop/documents/00000004-report.html'),
    'shop/documents/00000004-report.html',
    'it is missing',
  ],
  ['a file added', (all) => ({ ...all, 'more.html': bytes('') }), 'more.html', 'SHA256SUMS does not name it'],
])('%s: is found by the sums', async (_title, change, where, what) => {
  const { evidence } = await ofOctober();
  const { inside } = await archived(evidence, { from, until }, ['shop']);
  const file = newFile();
  writeFileSync(file, zipSync(change(inside)));
  expect((await verifyArchive(file))[0]?.faults).toEqual([{ where, what }]);
});

test('what is no archive, or was cut off, is refused', async () => {
  const { evidence } = await ofOctober();
  const { file } = await archived(evidence, { from, until });
  const cut = newFile();
  const whole = readFileSync(file);
  for (const length of [0, 100, Math.round(whole.length / 2)]) {
    writeFileSync(cut, whole.subarray(0, length));
    await expect(verifyArchive(cut)).rejects.toMatchObject({ code: 'InvalidInput' });
  }
  writeFileSync(cut, zipSync({ 'index.json': bytes('{}'), SHA256SUMS: bytes('') }));
  await expect(verifyArchive(cut)).rejects.toMatchObject({ message: expect.stringContaining('cannot be read') });
  await expect(verifyArchive(path.join(folder, 'nothing.zip'))).rejects.toMatchObject({ code: 'InvalidInput' });
});

test('of a chain that is damaged the archive says so, and is written all the same', async () => {
  const { evidence, store } = await ofOctober();
  const kept = (await evidence.of('shop').entries())[4];
  await rm(path.join(store, bodyKey('shop', kept?.body ?? '')));
  await rm(path.join(store, entryKey('shop', 6)));
  const { index, file } = await archived(evidence, { from, until }, ['shop']);
  const faults = [
    { where: 'body of entry 5', what: 'it is missing' },
    { where: 'entry 6', what: 'it is missing' },
    { where: 'entry 7', what: 'the entry before it is not the one that it was written after' },
  ];
  expect(index.groups[0]?.faults).toEqual(faults);
  expect((await verifyArchive(file))[0]?.faults).toEqual(faults);
});

describe('by hand, as its README says', () => {
  /** What its shell commands print in the unpacked folder. */
  function byHand(inside: Inside): string {
    const place = path.join(folder, `unpacked-${(files += 1)}`);
    for (const [name, content] of Object.entries(inside)) {
      mkdirSync(path.dirname(path.join(place, name)), { recursive: true });
      writeFileSync(path.join(place, name), content);
    }
    const [, commands = ''] = /```sh\n(.*?)```/s.exec(textIn(inside, archiveFiles.readMe)) ?? [];
    return execFileSync('sh', ['-c', commands], { cwd: place, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }

  test('it prints the ends of the chains, which are those of the index', async () => {
    const { evidence } = await ofOctober();
    const { inside, index } = await archived(evidence, { from, until });
    const ends = index.groups.map(({ group, head }) => `${group} ends with ${head.hash}\n`);
    expect(byHand(inside)).toBe(ends.join(''));
  });

  test.each<[string, (inside: Inside) => Inside, RegExp]>([
    ['a file that was changed', (all) => ({ ...all, [bodyOfSix(all)]: bytes('{}') }), /shop\/bodies\/.*FAILED/],
    ['an entry that was removed', (all) => summed(without(all, entryKey('shop', 5))), /0006\.json does not follow/],
    [
      'a body that was changed',
      (all) => summed({ ...all, [bodyOfSix(all)]: bytes('{}') }),
      /0006\.json lacks its body/,
    ],
  ])('%s is found', async (_title, change, says) => {
    const { evidence } = await ofOctober();
    const { inside } = await archived(evidence, { from, until });
    expect(byHand(change(inside))).toMatch(says);
  });
});
