import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { makeCompliance } from '../../../cli/compliance/make-compliance';
import { colourStyle } from '../../../cli/terminal/style';
import type { ComplianceReport } from '../../../core/compliance/compliance-report';
import type { EvidenceKind } from '../../../core/model/evidence';
import { Evidence } from '../../../evidence/evidence';
import { FolderStore } from '../../../evidence/folder-store';
import { breached, sample, terms } from '../compliance/kept';
import { runCommand } from './run-command';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-compliance-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const from = '2026-07-01T00:00:00.000Z';
const to = '2026-10-01T00:00:00.000Z';

/** A group of which this is kept beside its terms. */
async function keep(group: string, bodies: readonly (readonly [EvidenceKind, object])[]): Promise<void> {
  const chain = new Evidence(new FolderStore(folder)).of(group);
  for (const [index, [kind, body]] of [
    ['terms', terms({ since: '2026-06-01T00:00:00.000Z' })] as const,
    ...bodies,
  ].entries())
    await chain.append({ kind, id: `${kind}/${index}`, at: from }, () => body);
}

const compliance = (...args: readonly string[]) =>
  runCommand(['compliance', '--quarter', '2026Q3', ...args], { SWITCHBACK_EVIDENCE: folder });

const inTime = ['protection-sample', sample(from, to)] as const;
const late = [
  'protection-sample',
  breached(from, to, [['2026-08-01T00:00:00.000Z', '2026-08-01T00:01:00.000Z']]),
] as const;

test('no server is asked: the evidence alone says whether the groups are compliant', async () => {
  await keep('shop', [inTime]);
  const { code, out } = await compliance();
  expect(code).toBe(0);
  expect(out).toContain('2026Q3: 2026-07-01 00:00:00 to 2026-10-01 00:00:00 UTC');
  expect(out).toMatch(/GROUP +VERDICT.*\nshop +✓ compliant +– +100 %/);
});

test('1: a group did not hold its objectives; the others are listed all the same', async () => {
  await keep('shop', [inTime]);
  await keep('billing', [late]);
  const { code, out } = await compliance();
  expect(code).toBe(1);
  expect(out).toMatch(/billing +✗ not compliant[^\n]*\nshop +✓ compliant/);
  expect(out).toContain('✗ rpo: 1 min beyond the RPO');
  expect((await compliance('shop')).code).toBe(0);
});

test('7: evidence is missing, or was changed', async () => {
  await keep('shop', []);
  expect(await compliance()).toMatchObject({ code: 7, out: expect.stringContaining('? not provable') });
  await keep('billing', [inTime]);
  expect((await compliance('billing')).code).toBe(0);
  const bodies = path.join(folder, 'billing', 'bodies');
  const [body = ''] = await readdir(bodies);
  await writeFile(
    path.join(bodies, body),
    (await readFile(path.join(bodies, body), 'utf8')).replace('"schemaVersion":1', '"schemaVersion":9'),
  );
  expect(await compliance('billing')).toMatchObject({
    code: 7,
    out: expect.stringContaining('it is not what was kept'),
  });
});

test('JSON has a version and every figure; --json is the same', async () => {
  await keep('shop', [late]);
  const { out } = await compliance('--format', 'json');
  const report = JSON.parse(out) as ComplianceReport;
  expect(report).toMatchObject({
    schemaVersion: 1,
    verdict: 'not-compliant',
    groups: [{ group: 'shop', rpo: { beyondSeconds: 60 } }],
  });
  const again = JSON.parse((await compliance('--json')).out) as ComplianceReport;
  expect({ ...again, period: report.period }).toEqual(report);
});

test('a page and a table are written to a file', async () => {
  await keep('shop', [late]);
  const file = path.join(folder, 'out');
  expect(await compliance('--format', 'html', '--out', file)).toMatchObject({ code: 1, out: '' });
  expect(await readFile(file, 'utf8')).toMatch(/^<!doctype html>[^]*<\/html>\n$/);
  await compliance('--format', 'csv', '--table', 'breaches', '--out', file);
  expect(await readFile(file, 'utf8')).toMatch(
    /^Group,Kind,[^\n]*\r\nshop,lag,2026-08-01T00:00:00.000Z,2026-08-01T00:01:00.000Z,60,60,30\r\n$/,
  );
});

test('colours are for the terminal, and none reaches a file', async () => {
  await keep('shop', [late]);
  const out: string[] = [];
  const terminal = {
    ...{ out: (text: string) => void out.push(text), note: () => undefined, interactive: true, style: colourStyle },
    ...{ size: () => ({ columns: 100, rows: 40 }), env: { SWITCHBACK_EVIDENCE: folder } },
  };
  const options = { quarter: '2026Q3', timeZone: 'UTC', format: 'text' } as const;
  expect(await makeCompliance(terminal, [], options)).toBe(1);
  expect(out.join('')).toContain('\u001b[31m');
  const file = path.join(folder, 'out');
  await makeCompliance(terminal, [], { ...options, out: file });
  expect(await readFile(file, 'utf8')).not.toContain('\u001b');
});

test.each<[string, readonly string[], string]>([
  ['a group without evidence', ['shpo'], 'there is no evidence of group "shpo" in'],
  ['a table of what is no CSV', ['--table', 'breaches'], '--table chooses one table of CSV: give --format csv as well'],
  ['two periods', ['--from', '2026-07-01'], 'give --quarter, or --from and --to, not both'],
  ['a file that cannot be written', ['--out', '/nowhere/at/all'], '/nowhere/at/all cannot be written'],
  ['a format that there is not', ['--format', 'pdf'], 'Allowed choices are text, html, csv, json'],
])('3: %s', async (_, args, message) => {
  await keep('shop', [inTime]);
  expect(await compliance(...args)).toMatchObject({ code: 3, notes: expect.stringContaining(message) });
});

test('3: a folder without evidence', async () => {
  expect(await compliance()).toMatchObject({
    code: 3,
    notes: expect.stringContaining(`there is no evidence in ${folder}`),
  });
});
