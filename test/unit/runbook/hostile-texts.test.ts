import type { DiagnosticCode } from '../../../core/runbook/diagnostic-codes';
import { forbiddenCharacters } from '../../../core/runbook/forbidden-characters';
import { parseRunbook } from '../../../core/runbook/parse-runbook';
import { limits } from '../../../core/runbook/yaml/limits';

const diagnosticsOf = (text: string) => {
  const parsed = parseRunbook(text, 'hostile.yaml');
  return parsed.ok ? parsed.warnings : parsed.diagnostics;
};

/** As much of a piece as the size limit lets through. */
const filled = (piece: string): string => piece.repeat(Math.floor(limits.bytes / piece.length));

const numbered = (count: number, line: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => line(n)).join('\n');

const HEAD = 'switchback: 1\ngroup: shop\n';

/** Texts too large for files. Each ends at the limit that its title names; without the limit it costs seconds, or the stack. */
const hostile: readonly (readonly [string, string, DiagnosticCode])[] = [
  ['one string of 1 MB', `group: "${'x'.repeat(1_000_000)}"`, 'RunbookTooLarge'],
  ['characters of several bytes count as bytes', `# ${'\u20ac'.repeat(limits.bytes / 3)}`, 'RunbookTooLarge'],
  ['200,000 open brackets', '['.repeat(200_000), 'TooDeep'],
  ['200,000 open braces', '{'.repeat(200_000), 'TooDeep'],
  ['lists in lists by indicators', filled('- '), 'TooDeep'],
  ['keys of keys', filled('? '), 'TooDeep'],
  ['more pieces than a runbook has', filled('a: 1\n'), 'RunbookTooLarge'],
  [
    'an alias of an alias, 4,000 times',
    `a0: &a0 [x]\n${numbered(4000, (n) => `a${n + 1}: &a${n + 1} [*a${n}]`)}`,
    'RunbookTooLarge',
  ],
  ['closing brackets only', filled(']'), 'InvalidYaml'],
  ['a directive a line', filled('%a\n'), 'DirectiveNotAllowed'],
  ['a document a line', filled('---\n'), 'MultipleDocuments'],
  ['a scalar after a scalar', '"a" '.repeat(10_000), 'InvalidYaml'],
  ['6,000 unknown keys', HEAD + numbered(6000, (n) => `k${n}: 1`), 'UnknownKey'],
  ['5,000 unknown aliases', numbered(5000, (n) => `- &a${n} x\n- *b${n}`), 'UnknownAlias'],
  [
    '2,000 references to unknown workloads',
    `${HEAD}workloads:\n${numbered(2000, (n) => ` - { name: w${n}, dependsOn: [x${n}] }`)}`,
    'UnknownWorkload',
  ],
  [
    'a circle of 2,000 workloads',
    `${HEAD}workloads:\n${numbered(2000, (n) => ` - { name: w${n}, dependsOn: [w${(n + 1) % 2000}] }`)}`,
    'DependencyCycle',
  ],
  ['a duration of 250,000 digits', `${HEAD}objectives: { rpo: "${'9'.repeat(250_000)}s", rto: 1s }`, 'InvalidDuration'],
  ['a name of 250,000 hyphens', `group: "${'-'.repeat(250_000)}"`, 'InvalidName'],
  [
    '50,000 placeholders that never end',
    `${HEAD}integrity: [{ name: a, http: { port: 1, bodyContains: "${'${'.repeat(50_000)}" } }]`,
    'OutOfRange',
  ],
];

test.each(hostile)('%s', (_title, text, code) => {
  const diagnostics = diagnosticsOf(text);
  expect(diagnostics.map((diagnostic) => diagnostic.code)).toContain(code);
  expect(diagnostics.length).toBeLessThanOrEqual(limits.diagnostics + 1);
  for (const { message } of diagnostics) {
    expect(message.length).toBeLessThan(500);
    expect(forbiddenCharacters(message, 1)).toEqual([]);
  }
});

test('beyond the limit of diagnostics there is one that says so', () => {
  const diagnostics = diagnosticsOf(HEAD + numbered(500, (n) => `k${n}: 1`));
  expect(diagnostics).toHaveLength(limits.diagnostics + 1);
  expect(diagnostics.at(-1)?.code).toBe('TooManyDiagnostics');
});

test('beyond the limit of warnings there is one that says so, and the runbook is valid', () => {
  const sites =
    'sites: { primary: { name: a, driver: memory, address: 127.0.1.1 }, recovery: { name: b, driver: memory, address: 127.0.2.1 } }';
  const text = (last: string): string =>
    `${HEAD}objectives: { rpo: 1m, rto: 1m }\n${sites}\nworkloads:\n${numbered(150, (n) => `  - { name: w${n} }`)}${last}\n`;
  const parsed = parseRunbook(text(''), 'many.yaml');
  expect(parsed.ok && parsed.warnings.map(({ code }) => code)).toEqual([
    ...Array.from({ length: limits.diagnostics }, () => 'WorkloadUnchecked'),
    'TooManyDiagnostics',
  ]);
  const codes = diagnosticsOf(text('\n  - { name: w1 }')).map(({ code }) => code);
  expect(codes).toHaveLength(limits.diagnostics + 1);
  expect(codes).toContain('DuplicateName');
});

test('a runbook of 1,000 workloads is within the limits', () => {
  const workload = (n: number) =>
    `  - { name: service-${n}, priority: ${1 + (n % 10)}, stopGrace: 5s,\n` +
    `      local: { command: [node, service.cjs], port: ${10_000 + n}, env: { NAME: service-${n} } },\n` +
    `      checks: [{ name: answers, http: { path: /, bodyContains: ok }, within: 15s }] }`;
  const sites =
    'sites:\n  primary: { driver: local, name: alpha, address: 127.0.1.1 }\n  recovery: { driver: local, name: beta, address: 127.0.2.1 }\n';
  const text = `${HEAD}objectives: { rpo: 1m, rto: 5m }\n${sites}workloads:\n${numbered(1000, workload)}\n`;
  expect(diagnosticsOf(text)).toEqual([]);
});

test('stack traces of errors elsewhere are as they were after parsing', () => {
  const before = Error.stackTraceLimit;
  diagnosticsOf('"a" "b"');
  expect(Error.stackTraceLimit).toBe(before);
});
