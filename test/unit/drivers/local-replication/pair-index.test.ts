import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Pacer } from '../../../../drivers/local/replication/pacer';
import {
  evidence,
  provesSame,
  reversed,
  settledChangeTime,
  stagedTarget,
} from '../../../../drivers/local/replication/tree/evidence';
import { readPairIndex, writePairIndex } from '../../../../drivers/local/replication/tree/pair-index';
import type { TreeEntry } from '../../../../drivers/local/replication/tree/scan-tree';

const lookedAt = 1_800_000_000_000;
const file = (more: Partial<TreeEntry> = {}): TreeEntry => ({
  path: 'a',
  kind: 'file',
  mode: 0o644,
  uid: 0,
  gid: 0,
  size: 10,
  mtimeMs: lookedAt - 5_000.5,
  ctimeMs: lookedAt - 4_000.5,
  ino: 7,
  proof: undefined,
  ...more,
});

test.each([
  ['5 ms ago, within a tick of the clock', 5.5, false],
  ['99 ms ago', 99.5, false],
  ['101 ms ago', 101.5, true],
  ['2 s ago to the full second: perhaps a clock of 2 s', 2_000, false],
  ['3 s ago to the full second', 3_000, true],
  ['in the future', -1_000.5, false],
])('a file changed %s: its change time proves that its content is still the same: %#', (_when, agoMs, proves) => {
  const changed = lookedAt - agoMs;
  expect(settledChangeTime(changed, lookedAt)).toBe(proves ? changed : -1);
});

const other = file({ ino: 8, mtimeMs: lookedAt - 5_000.5, ctimeMs: lookedAt - 3_000.5 });
const known = evidence(file(), other);

test.each([
  ['nothing', {}, {}, true],
  ['the size at the source', { size: 11 }, {}, false],
  ['the modification time at the source', { mtimeMs: lookedAt }, {}, false],
  ['only the change time at the source', { ctimeMs: lookedAt }, {}, false],
  ['the inode at the source', { ino: 9 }, {}, false],
  ['the size at the target', {}, { size: 11 }, false],
  ['the modification time at the target', {}, { mtimeMs: lookedAt }, false],
  ['only the change time at the target', {}, { ctimeMs: lookedAt }, false],
  ['the inode at the target', {}, { ino: 9 }, false],
] as const)(
  'two files once found equal count as equal when %s has changed since: %#',
  (_what, source, target, same) => {
    expect(provesSame(known, file(source), { ...other, ...target })).toBe(same);
  },
);

test('of a file that a rename has just put in place, the change time is not known: enough for a target, not for a source', () => {
  const staged = evidence(file(), stagedTarget(other.mtimeMs, other.ino));
  expect(provesSame(staged, file(), other)).toBe(true);
  expect(provesSame(reversed(staged), other, file())).toBe(false);
  expect(provesSame(reversed(known), other, file())).toBe(true);
});

test('an index is read as it was written; of another pair of sites, cut off or damaged, it is none', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'switchback-index-'));
  const index = path.join(folder, 'index');
  const pair = { source: 'paris', target: 'lyon' };
  const entries = new Map(
    Array.from({ length: 30_000 }, (_, at) => [`d/\xff\n${at}`, evidence(file({ ino: at }), other)]),
  );
  try {
    writePairIndex(index, pair, { paths: [...entries.keys()], proofs: [...entries.values()] });
    const read = (of = pair) => readPairIndex(index, of, new Pacer([]));
    const back = (await read()) ?? new Map<string, Float64Array>();
    expect([...back.keys()]).toEqual([...entries.keys()]);
    expect([...back].every(([name, found]) => found.join() === entries.get(name)?.join())).toBe(true);
    expect(await read({ source: 'lyon', target: 'paris' })).toBeUndefined();
    const bytes = readFileSync(index);
    for (const length of [0, 5, 100, bytes.length - 1]) {
      writeFileSync(index, bytes.subarray(0, length));
      expect(await read()).toBeUndefined();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
