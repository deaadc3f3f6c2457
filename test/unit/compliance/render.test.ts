import { buildCompliance } from '../../../core/compliance/build-compliance';
import { keptEvidence } from '../../../core/compliance/kept-evidence';
import { renderCompliance } from '../../../core/compliance/html/render-compliance';
import { percentText } from '../../../core/compliance/percent-text';
import { complianceTables, renderCsv } from '../../../core/compliance/render-csv';
import { emptyHead } from '../../../core/evidence/entry';
import { attested, drill, kept, move, quarter, schedules, terms } from './kept';

const hostile = '=HYPERLINK("http://x.example","a, b")\n<script>alert(1)</script>\u202e';
const held = drill('drill/1', '2026-10-06T10:00:00.000Z');
const live = move('failover/1', '2026-11-10T10:00:00.000Z', 45);
const saidOfIt = attested(held, 'passed');
const report = buildCompliance(quarter(), [
  kept({
    terms: [terms({ schedules: [schedules({})] })],
    reports: [held, { ...live, run: { ...live.run, reason: hostile } }],
    attestations: [{ ...saidOfIt, attestation: { ...saidOfIt.attestation, notes: hostile } }],
  }),
]);

/** Records of RFC 4180. */
function readCsv(text: string): readonly (readonly string[])[] {
  const records: string[][] = [[]];
  for (const [, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    records.at(-1)?.push(quoted?.replaceAll('""', '"') ?? bare ?? '');
    if (end === '\r\n') records.push([]);
  }
  return records.slice(0, -1);
}

test.each(complianceTables)('the table %s has headings, and rows as wide as they are', (table) => {
  const text = renderCsv(report, table);
  expect(text.endsWith('\r\n')).toBe(true);
  const [headings = [], ...rows] = readCsv(text);
  expect(new Set(headings).size).toBe(headings.length);
  for (const row of rows) expect(row).toHaveLength(headings.length);
});

test('the register has a row a run and drill, and nothing in it is a formula', () => {
  const [headings = [], ...rows] = readCsv(renderCsv(report, 'tests'));
  const cell = (row: number, heading: string) => rows[row]?.[headings.indexOf(heading)];
  expect(
    rows.map((_, row) => [
      cell(row, 'Test ID'),
      cell(row, 'Type of test'),
      cell(row, 'Result against RTO'),
      cell(row, 'Achieved (s)'),
    ]),
  ).toEqual([
    ['drill/1', 'drill', 'met', '20'],
    ['failover/1', 'live', 'met', '45'],
  ]);
  expect(cell(0, 'Notes')).toBe(`'${hostile}`);
  expect(cell(1, 'Reason')).toBe(`'${hostile}`);
  expect(cell(0, 'Attested by')).toBe('ana@example.com');
  expect(cell(1, 'Evidence SHA-256')).toBe('b'.repeat(64));
});

test.each(['=1+1', '+1', '-1', '@x', '\t=1', '\r=1'])('%j is no formula', (text) => {
  const group = report.groups[0];
  if (!group) throw new Error('there is no group');
  const [, row] = readCsv(renderCsv({ ...report, groups: [{ ...group, because: text }] }, 'groups'));
  expect(row?.[2]).toBe(`'${text}`);
});

test('the page says the verdict without colours, and escapes what people wrote', () => {
  const page = renderCompliance(report);
  expect(page).toContain('✗ not compliant');
  expect(page).toContain('&lt;script>alert(1)&lt;/script>');
  expect(page).not.toContain('<script');
  expect(page).not.toContain('\u202e');
  expect(page).toContain("default-src 'none'");
});

test.each([
  [0, 100, '0 %'],
  [100, 100, '100 %'],
  [99.99999, 100, '99.999 %'],
  [0.00001, 100, '0.001 %'],
  [99.95, 100, '99.95 %'],
  [1, 3, '33.333 %'],
  [0, 0, '–'],
])('%d of %d is %s', (part, total, text) => {
  expect(percentText(part, total)).toBe(text);
});

test('a body of a later version is a fault: nobody here can judge it', () => {
  const entry = {
    version: 1,
    group: 'shop',
    sequence: 1,
    kind: 'terms',
    id: 'terms/1',
    at: '',
    previous: '',
    body: '',
  } as const;
  const chain = { group: 'shop', entries: 1, head: emptyHead, faults: [] };
  expect(keptEvidence(chain, [{ entry, body: { schemaVersion: 2 } }])).toMatchObject({
    terms: [],
    faults: [{ where: 'body of entry 1', what: 'it is of a version that is not known here' }],
  });
  expect(keptEvidence(chain, [{ entry, body: terms() }])).toMatchObject({
    terms: [{ workloads: ['ledger', 'web'] }],
    faults: [],
  });
});
