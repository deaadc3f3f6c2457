import '../patience';
import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { textOf, type EvidenceEntry } from '../../../core/evidence/entry';
import type { Report } from '../../../core/report/report';
import { EvidenceChain } from '../../../evidence/evidence-chain';
import { FolderStore } from '../../../evidence/folder-store';
import { sha256 } from '../../../evidence/sha256';
import { until } from '../faults/until';
import { startInstallation, type Installation } from './installation';

/** One installation and one story: each test goes on where the one before it stopped. */
let lab: Installation;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'switchback-evidence-cli-'));
  lab = await startInstallation();
}, 1_300_000);
afterAll(async () => {
  await lab.stop();
  rmSync(folder, { recursive: true });
});

interface Verified {
  readonly groups: readonly {
    readonly entries: number;
    readonly head: { readonly sequence: number; readonly hash: string };
    readonly known: readonly { readonly sequence: number; readonly hash: string; readonly by: string }[];
    readonly faults: readonly unknown[];
  }[];
}

let copies = 0;

/** What the worker has kept, in another place, where a test may do with it what it likes. */
function copied(): { readonly place: string; readonly file: (sequence: number) => string } {
  const place = path.join(folder, `copy-${(copies += 1)}`);
  cpSync(lab.evidenceFolder, place, { recursive: true });
  return { place, file: (sequence) => path.join(place, `shop/entries/${String(sequence).padStart(8, '0')}.json`) };
}

const entryIn = (file: string): EvidenceEntry => JSON.parse(readFileSync(file, 'utf8')) as EvidenceEntry;

/** All that is kept, in order. */
const keptEntries = (): readonly EvidenceEntry[] => {
  const entries = path.join(lab.evidenceFolder, 'shop/entries');
  return readdirSync(entries)
    .sort()
    .map((name) => entryIn(path.join(entries, name)));
};

/** That which holds the report of the drill. */
const reportEntry = (id: string): EvidenceEntry => {
  const found = keptEntries().find((entry) => entry.id.startsWith(`report/drill/shop/${id}/`));
  if (found === undefined) throw new Error(`no report of ${id} is kept`);
  return found;
};

const verifyIn = (place: string, ...more: readonly string[]) =>
  lab.cli('evidence', 'verify', 'shop', '--store', place, ...more);

test('before anything was kept there is nothing to verify', async () => {
  await until('the group is protected', async () => (await lab.cli('status', 'shop')).out.includes('Protected'));
  const { code, notes } = await lab.cli('evidence', 'verify', '--store', path.join(folder, 'nothing'));
  expect([code, notes]).toEqual([3, expect.stringContaining('there is no evidence in')]);
  const other = await lab.cli('evidence', 'verify', '../shop');
  expect([other.code, other.notes]).toEqual([3, expect.stringContaining('"../shop" is not the name of a group')]);
});

test('what runs and people have left is good, up to the ends that the group and the memos of its runs name', async () => {
  for (const id of ['first', 'second', 'third'])
    expect((await lab.cli('run', 'drill', 'shop', '--workflow-id', `drill/shop/${id}`, '--wait')).code).toBe(0);
  expect((await lab.cli('attest', 'drill/shop/second', 'passed', '--notes', 'as it should be')).code).toBe(0);
  await until('the attestation is kept', () => keptEntries().some(({ kind }) => kind === 'attestation'));
  let verified: Verified | undefined;
  await until('the memo of the last run is to be seen', async () => {
    const { value } = await lab.json('evidence', 'verify', 'shop');
    verified = value as Verified;
    return verified.groups[0]?.known.some(({ by }) => by === 'memo of drill/shop/third') === true;
  });
  const [shop] = verified?.groups ?? [];
  expect(shop?.faults).toEqual([]);
  expect(shop?.known.map(({ by }) => by)).toEqual(
    expect.arrayContaining(['first', 'second', 'third'].map((id) => `memo of drill/shop/${id}`)),
  );
  expect(shop?.known.map(({ by }) => by)).toContain('state of the group, of drill/shop/third,');
  const { code, out } = await lab.cli('evidence', 'verify');
  expect(code).toBe(0);
  expect(out).toMatch(/✓ shop: \d+ entries, each as it was written; nothing is missing up to entry \d+/);
  expect(out).toContain(`ends with ${shop?.head.sequence}:${shop?.head.hash}`);
});

test.each<[string, (copy: ReturnType<typeof copied>) => void, RegExp]>([
  [
    'changed',
    ({ file }) => {
      const { sequence } = reportEntry('first');
      writeFileSync(file(sequence), readFileSync(file(sequence), 'utf8').replace('report', 'Report'));
    },
    /entry \d+: it is not the one that the memo of drill.shop.first names/,
  ],
  ['removed', ({ file }) => rmSync(file(2)), /entry 2: it is missing/],
  [
    'reordered',
    ({ file }) => {
      renameSync(file(1), file(99));
      renameSync(file(2), file(1));
      renameSync(file(99), file(2));
    },
    /entry 1: it is entry 2/,
  ],
  [
    'cut',
    ({ place, file }) =>
      readdirSync(path.join(place, 'shop/entries')).forEach((_name, index) => index > 0 && rmSync(file(index + 1))),
    /entr(y 2: it is|ies 2 to \d+: they are) missing/,
  ],
  [
    'changed in its body',
    ({ place, file }) => writeFileSync(path.join(place, `shop/bodies/${entryIn(file(1)).body}.json`), '{}\n'),
    /body of entry 1: it is not what was kept/,
  ],
])('what was %s is found, with exit code 1', async (_title, damage, says) => {
  const copy = copied();
  damage(copy);
  const { code, out } = await verifyIn(copy.place);
  expect([code, out]).toEqual([1, expect.stringMatching(says)]);
  expect(out).toMatch(/✗ shop: \d+ faults? in the evidence in /);
});

test('an end that was written anew is found by what runs have named; offline nobody can tell, unless it is given', async () => {
  const { place, file } = copied();
  const forged = '{"verdict":"completed"}\n';
  writeFileSync(path.join(place, `shop/bodies/${sha256(forged)}.json`), forged);
  const last = readdirSync(path.join(place, 'shop/entries')).length;
  writeFileSync(file(1), textOf({ ...entryIn(file(1)), body: sha256(forged) }));
  for (let sequence = 2; sequence <= last; sequence += 1)
    writeFileSync(
      file(sequence),
      textOf({ ...entryIn(file(sequence)), previous: sha256(readFileSync(file(sequence - 1))) }),
    );
  const found = await verifyIn(place);
  expect([found.code, found.out]).toEqual([1, expect.stringContaining('that the memo of drill/shop/first names')]);
  expect(found.out).toContain('this is another store than the one of the workers, or all of that');
  const offline = await verifyIn(place, '--offline');
  expect([offline.code, offline.out]).toEqual([
    0,
    expect.stringContaining('whether its end is the one that was kept is not known'),
  ]);
  const known = `1:${sha256(readFileSync(path.join(lab.evidenceFolder, 'shop/entries/00000001.json')))}`;
  const given = await verifyIn(place, '--offline', '--known', known);
  expect([given.code, given.out]).toEqual([
    1,
    expect.stringContaining('entry 1: it is not the one that the --known names'),
  ]);
  expect((await lab.cli('evidence', 'verify', 'shop', '--offline', '--known', known)).code).toBe(0);
  expect((await verifyIn(place, '--known', 'last')).code).toBe(3);
});

test('a store that is not the one of the workers is told from it', async () => {
  const place = path.join(folder, 'another');
  const other = new EvidenceChain(new FolderStore(place), 'shop');
  await other.append({ kind: 'report', id: 'report/other/1', at: new Date().toISOString() }, () => ({}));
  const { code, out } = await verifyIn(place);
  expect([code, out]).toEqual([1, expect.stringContaining('this is another store than the one of the workers')]);
});

test('the export of a day is checked by itself, and is refused where it cannot be written', async () => {
  const out = path.join(folder, 'day.zip');
  const today = new Date().toISOString().slice(0, 10);
  const day = ['--from', today, '--to', new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)];
  const exported = await lab.cli('evidence', 'export', 'shop', ...day, '--out', out);
  expect([exported.code, exported.out]).toEqual([0, expect.stringMatching(/^\d+ entries of shop in .*day\.zip$/)]);
  const { code, out: says } = await lab.cli('evidence', 'verify', '--archive', out);
  expect([code, says]).toEqual([
    0,
    expect.stringMatching(/✓ shop: \d+ entries.*\n {2}from entry 1 to entry \d+ of the chain/),
  ]);
  for (const [args, message] of [
    [['--out', out], 'is there already'],
    [['--out', path.join(folder, 'day.tar')], 'end in .zip'],
    [['--out', path.join(folder, 'x.zip'), '--from', '2026-02-30'], 'is no date'],
    [['--out', path.join(folder, 'x.zip'), '--from', '2026Q4'], 'is no date'],
    [['--out', path.join(folder, 'x.zip'), '--from', '2026-10-02', '--to', '2026-10-01'], 'ends before it begins'],
    [['--out', path.join(folder, 'x.zip'), '--to', '2020-01-01'], 'there is nothing'],
  ] as const) {
    const refused = await lab.cli('evidence', 'export', 'shop', ...args);
    expect([refused.code, refused.notes]).toEqual([3, expect.stringContaining(message)]);
  }
  expect(readdirSync(folder).filter((name) => name.startsWith('x.zip'))).toEqual([]);
});

const kept = (id: string): Report =>
  JSON.parse(readFileSync(path.join(lab.evidenceFolder, `shop/bodies/${reportEntry(id).body}.json`), 'utf8')) as Report;

test('a run that Temporal does not have any more is reported as it was kept', async () => {
  for (const id of ['first', 'second']) await lab.remove(`drill/shop/${id}`);
  const { code, out, notes } = await lab.cli('report', 'drill/shop/first', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual(kept('first'));
  expect(notes).toMatch(/^From the evidence in .*: entry \d+, kept at 20.*; its SHA-256 is as kept, [0-9a-f]{64}\.$/);
  expect((await lab.cli('report', 'drill/shop/first')).out).toContain('# drill of shop');
  expect((await lab.cli('report', 'drill/shop/first', '--format', 'html')).out).toMatch(/^<!doctype html>/);
});

test('what a person has said of the drill later is in it', async () => {
  const { value } = await lab.json('report', 'drill/shop/second');
  const { attestation, ...rest } = value as Report;
  expect(attestation).toMatchObject({ state: 'passed', said: { by: 'ana@example.com', notes: 'as it should be' } });
  const { attestation: asked, ...before } = kept('second');
  expect(asked?.state).toBe('asked');
  expect(rest).toEqual(before);
  expect((await lab.cli('report', 'drill/shop/second')).out).toContain('as it should be');
});

test('without Temporal the report is shown when it is asked for so; of the group the newest', async () => {
  const nowhere = ['--address', '127.0.0.1:1'];
  const refused = await lab.cli('report', 'drill/shop/third', ...nowhere);
  expect([refused.code, refused.notes]).toEqual([7, expect.stringContaining('with --offline')]);
  const shown = await lab.cli('report', 'drill/shop/third', '--offline', '--json', ...nowhere);
  expect(JSON.parse(shown.out)).toEqual(kept('third'));
  const newest = await lab.cli('report', 'shop', '--offline', '--json', ...nowhere);
  expect(JSON.parse(newest.out)).toEqual(kept('third'));
  const verify = await lab.cli('evidence', 'verify', 'shop', ...nowhere);
  expect([verify.code, verify.notes]).toEqual([7, expect.stringContaining('With --offline it is not asked')]);
});

test('of what is not there, or was changed, nothing is shown', async () => {
  const none = await lab.cli('report', 'drill/shop/never');
  expect([none.code, none.notes]).toEqual([3, expect.stringContaining('No report of drill/shop/never is kept in')]);
  expect((await lab.cli('report', 'drill/shop', '--offline')).code).toBe(3);
  const { place } = copied();
  writeFileSync(path.join(place, `shop/bodies/${reportEntry('first').body}.json`), '{}\n');
  const changed = await lab.cli('report', 'drill/shop/first', '--store', place);
  expect([changed.code, changed.out, changed.notes]).toEqual([1, '', expect.stringContaining('EvidenceChanged')]);
});

test('without a worker the memos alone tell what the end was', async () => {
  await lab.stopWorker();
  const { code, out, notes } = await lab.cli('evidence', 'verify', 'shop');
  expect(notes).toContain('The group was not asked for the end of its evidence');
  expect([code, out]).toEqual([0, expect.stringContaining('nothing is missing up to entry')]);
});
