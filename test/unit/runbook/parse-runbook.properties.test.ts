import fc from 'fast-check';
import { stringify } from 'yaml';
import { formatDiagnostic, type Diagnostic } from '../../../core/runbook/diagnostic';
import { parseRunbook } from '../../../core/runbook/parse-runbook';
import { runbookSchema } from '../../../core/runbook/schema';
import { arbitraryRunbook } from './arbitrary-runbook';
import { writtenRunbook } from './written-runbook';

const diagnosticsOf = (text: string): readonly Diagnostic[] => {
  const parsed = parseRunbook(text, 'some.yaml');
  return parsed.ok ? parsed.warnings : parsed.diagnostics;
};

/** The position is one where an editor can put its cursor, and the message is one line. */
function expectInside(text: string, diagnostics: readonly Diagnostic[]): void {
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  for (const diagnostic of diagnostics) {
    expect(diagnostic.line).toBeGreaterThanOrEqual(1);
    expect(diagnostic.line).toBeLessThanOrEqual(lines.length);
    expect(diagnostic.column).toBeGreaterThanOrEqual(1);
    expect(diagnostic.column).toBeLessThanOrEqual((lines[diagnostic.line - 1] ?? '').length + 1);
    expect(formatDiagnostic(diagnostic)).not.toContain('\n');
  }
}

/** Text that is often almost YAML. */
const yamlish = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ': ',
        '- ',
        '\n',
        '  ',
        '[',
        ']',
        '{',
        '}',
        ',',
        '&a ',
        '*a',
        '!t ',
        '"',
        "'",
        '|\n',
        '>\n',
        '#',
        '? ',
      ),
      fc.constantFrom(
        '---\n',
        '...\n',
        '%YAML 1.1\n',
        '<<: ',
        '\t',
        '\r\n',
        '\r',
        '\uFEFF',
        '\u0000',
        '\ud800',
        '__proto__: ',
      ),
      fc.constantFrom(...Object.keys(runbookSchema.shape)).map((key) => `${key}: `),
      fc.string({ maxLength: 5 }),
    ),
    { maxLength: 60 },
  )
  .map((pieces) => pieces.join(''));

/** Values under the keys of the language, at the places where the language expects others. */
const wrongValues = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'value' },
    fc.oneof(
      fc.string(),
      fc.integer(),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.constantFrom('5s', 'alpha', 'local', 'memory'),
    ),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...wordsOfTheLanguage()), tie('value'), { maxKeys: 6 }),
  ),
})).value;

function wordsOfTheLanguage(): string[] {
  const inner = [
    'name',
    'driver',
    'primary',
    'recovery',
    'checks',
    'http',
    'tcp',
    'port',
    'gates',
    'window',
    'approval',
  ];
  return [
    ...Object.keys(runbookSchema.shape),
    ...inner,
    'keep',
    'every',
    'for',
    'points',
    'failback',
    'values',
    'dependsOn',
  ];
}

test('any text gives an answer, and every diagnostic is inside of it', () => {
  fc.assert(
    fc.property(fc.oneof(yamlish, fc.string({ unit: 'binary' })), (text) => {
      expectInside(text, diagnosticsOf(text));
    }),
    { numRuns: 1500 },
  );
});

test('any YAML value gives an answer, and every diagnostic is inside of it', () => {
  fc.assert(
    fc.property(wrongValues, fc.boolean(), (value, flow) => {
      const text = stringify(value, { collectionStyle: flow ? 'flow' : 'any' });
      expectInside(text, diagnosticsOf(text));
    }),
    { numRuns: 500 },
  );
});

test('a valid runbook, written down, is parsed to itself', () => {
  fc.assert(
    fc.property(arbitraryRunbook, (runbook) => {
      const parsed = parseRunbook(writtenRunbook(runbook), 'some.yaml');
      expect(parsed.ok ? [] : parsed.diagnostics.map(formatDiagnostic)).toEqual([]);
      expect(parsed.ok && parsed.runbook).toStrictEqual(runbook);
    }),
    { numRuns: 150 },
  );
});

test('a valid runbook with one character changed gives an answer with positions inside of it', () => {
  const edit = fc.record({
    at: fc.nat(),
    character: fc.oneof(fc.constantFrom('\n', ' ', ':', '[', '{', '*', '&', '"', '-'), fc.string({ maxLength: 1 })),
  });
  fc.assert(
    fc.property(arbitraryRunbook, edit, (runbook, { at, character }) => {
      const text = writtenRunbook(runbook);
      const place = at % text.length;
      const changed = text.slice(0, place) + character + text.slice(place + 1);
      expectInside(changed, diagnosticsOf(changed));
    }),
    { numRuns: 150 },
  );
});
