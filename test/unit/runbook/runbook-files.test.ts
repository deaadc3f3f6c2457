import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { formatDiagnostic } from '../../../core/runbook/diagnostic';
import { diagnosticCodes } from '../../../core/runbook/diagnostic-codes';
import { parseRunbook } from '../../../core/runbook/parse-runbook';

const yamlFiles = (folder: string): string[] => readdirSync(folder).filter((file) => file.endsWith('.yaml'));

const linesOf = (folder: string, file: string): string[] => {
  const parsed = parseRunbook(readFileSync(path.join(folder, file), 'utf8'), file);
  return (parsed.ok ? parsed.warnings : parsed.diagnostics).map(formatDiagnostic);
};

const expectedLines = (folder: string, file: string): string[] =>
  readFileSync(path.join(folder, file.replace(/\.yaml$/, '.expected.txt')), 'utf8')
    .trimEnd()
    .split('\n');

const invalid = path.join(__dirname, 'invalid');
const doubtful = path.join(__dirname, 'doubtful');
const published = path.join(__dirname, '../../../runbooks');

describe('a runbook with a fault is refused with exactly its diagnostics', () => {
  test.each(yamlFiles(invalid))('%s', (file) => {
    expect(linesOf(invalid, file)).toEqual(expectedLines(invalid, file));
    expect(parseRunbook(readFileSync(path.join(invalid, file), 'utf8'), file).ok).toBe(false);
  });
});

describe('a doubtful runbook is accepted with exactly its warnings', () => {
  test.each(yamlFiles(doubtful))('%s', (file) => {
    expect(linesOf(doubtful, file)).toEqual(expectedLines(doubtful, file));
    expect(parseRunbook(readFileSync(path.join(doubtful, file), 'utf8'), file).ok).toBe(true);
  });
});

describe('a runbook of the repository is accepted without a warning', () => {
  test.each(yamlFiles(published))('%s', (file) => {
    expect(linesOf(published, file)).toEqual([]);
  });

  test.each(yamlFiles(path.join(published, 'examples')))('examples/%s', (file) => {
    expect(linesOf(path.join(published, 'examples'), file)).toEqual([]);
  });
});

test('every diagnostic code is raised by a file of these folders, or by a text too large to keep as a file', () => {
  const raised = new Set<string>(['TooManyDiagnostics']);
  for (const folder of [invalid, doubtful]) {
    for (const line of yamlFiles(folder).flatMap((file) => linesOf(folder, file))) {
      raised.add(/^\S+ (?:warning )?(\w+):/.exec(line)?.[1] ?? line);
    }
  }
  expect([...raised].sort()).toEqual(Object.keys(diagnosticCodes).sort());
});

test('no expectation is left over from a file that is gone', () => {
  for (const folder of [invalid, doubtful]) {
    const expectations = readdirSync(folder).filter((file) => file.endsWith('.expected.txt'));
    expect(expectations.map((file) => file.replace('.expected.txt', '.yaml'))).toEqual(yamlFiles(folder));
  }
});

test('reading keys of hostile names changes no prototype', () => {
  const before = [Object, Array, String].map(({ prototype }) => Object.getOwnPropertyNames(prototype).length);
  for (const file of yamlFiles(invalid)) linesOf(invalid, file);
  expect([Object, Array, String].map(({ prototype }) => Object.getOwnPropertyNames(prototype).length)).toEqual(before);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});
