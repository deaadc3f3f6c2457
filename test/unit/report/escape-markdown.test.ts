import fc from 'fast-check';
import { escapeMarkdown } from '../../../core/report/escape-markdown';
import { utf8Length } from '../../../core/report/markdown/utf8-length';

test.each([
  ['a heading', '# Approved', '\\# Approved'],
  ['a link', '[ok](x)', '\\[ok\\](x)'],
  ['an autolink', 'see https://evil.example', 'see https&#58;//evil.example'],
  ['a bare www link', 'see WWW.evil.example', 'see WWW&#46;evil.example'],
  ['a mention or mail link', 'ana@example.com', 'ana&#64;example.com'],
  ['HTML', '<b>&lt;', '&lt;b&gt;&amp;lt;'],
  ['emphasis', '**_x_** ~~y~~', '\\*\\*\\_x\\_\\*\\* \\~\\~y\\~\\~'],
  ['code', '`x` ```', '&#96;x&#96; &#96;&#96;&#96;'],
  ['a table cell', 'a | b', 'a &#124; b'],
  ['a backslash that would undo an escape', '\\*', '&#92;\\*'],
  ['a placeholder of the Web UI', '{workflowId}', '&#123;workflowId&#125;'],
  ['math', '$x$', '\\$x\\$'],
  ['a list item', '- x', '\\- x'],
  ['an ordered list item', '1. x', '1\\. x'],
  ['an ordered list item with a parenthesis', '12) x', '12\\) x'],
  ['a rule or underline of a heading', '===', '\\==='],
  ['line breaks and controls', ' a\r\n\u0000\tb\u2028c ', 'a b c'],
  ['text that runs backwards or hides', 'a\u202Eb\u200Bc\uFEFF', 'abc'],
  ['half of a character', 'a\uD800b', 'a\uFFFDb'],
])('%s is shown, not obeyed', (_, text, escaped) => {
  expect(escapeMarkdown(text, 200)).toBe(escaped);
});

test.each([
  'stopped: pid 4711 gone, port 7101 closed',
  '2.4 s',
  '2026-11-21T10:00:00.000Z',
  'verify-site/alpha',
  'Zürich 東京 🚀',
])('what needs no escape stays as it is: %s', (text) => {
  expect(escapeMarkdown(text, 200)).toBe(text);
});

test.each([
  ['abcdef', 6, 'abcdef'],
  ['abcdefg', 6, 'abc…'],
  ['ab<def', 6, 'ab…'],
  ['🚀🚀', 7, '🚀…'],
  ['abc', 2, ''],
  ['', 10, ''],
])('%j in %d bytes is %j: nothing is cut in the middle', (text, bytes, expected) => {
  expect(escapeMarkdown(text, bytes)).toBe(expected);
});

const control = [
  ...'\\`*_{}[]()<>#+-.!|~$@:/&=\n\r\t "\'0123456789',
  'www.',
  '://',
  '\u2028',
  '\u202E',
  '\uD800',
  '🚀',
  'ü',
  'a',
];
const nasty = fc.array(fc.oneof(fc.constantFrom(...control), fc.string({ unit: 'binary' })), { maxLength: 60 });
const anyText = fc.oneof(
  nasty.map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 200 }),
);

describe('for any text and length', () => {
  test('nothing is left that Markdown, a table, HTML or the Web UI would obey', () => {
    fc.assert(
      fc.property(anyText, fc.nat({ max: 120 }), (text, maxBytes) => {
        const output = escapeMarkdown(text, maxBytes);
        // What remains when every escape is taken out must be free of control characters of any kind.
        const bare = output.replace(/&(?:amp|lt|gt|#\d+);|\\[-+=:.)[\]*_~#$]/g, ' ');
        expect(bare).not.toMatch(/[\\`*_{}[\]<>#|~$@&]/);
        expect(bare).not.toMatch(/:\/\/|www\./i);
        expect(output).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|\s\s|^\s|\s$/u);
        expect(output).not.toMatch(/^(?:[-+=:]|\d{1,9}[.)](?:\s|$))/);
      }),
      { numRuns: 1000 },
    );
  });

  test('it is never longer than asked, in bytes or in characters', () => {
    fc.assert(
      fc.property(anyText, fc.nat({ max: 120 }), (text, maxBytes) => {
        const output = escapeMarkdown(text, maxBytes);
        expect(utf8Length(output)).toBeLessThanOrEqual(maxBytes);
        expect(output.length).toBeLessThanOrEqual(maxBytes);
      }),
    );
  });

  test('with room enough, undoing the escapes gives the text on one line', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const undone = escapeMarkdown(text, 100_000)
          .replace(/\\([-+=:.)[\]*_~#$])/g, '$1')
          .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
          .replace(/&lt;/g, '<')
          .replace(/&gt;/g, '>')
          .replace(/&amp;/g, '&');
        const visible = text.replace(/\p{Cf}/gu, '').replace(/\p{Cs}/gu, '\uFFFD');
        expect(undone).toBe(visible.replace(/[\s\p{Cc}\p{Z}]+/gu, ' ').trim());
      }),
    );
  });
});

test('bytes are those of UTF-8', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(utf8Length(text)).toBe(Buffer.byteLength(text, 'utf8'));
    }),
  );
});
