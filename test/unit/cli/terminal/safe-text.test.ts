import { renderLine, span, wrapLine } from '../../../../cli/terminal/line';
import { oneLine, safeJson, safeText } from '../../../../cli/terminal/safe-text';
import { colourStyle, plainStyle, styleFor } from '../../../../cli/terminal/style';

test.each([
  ['colour codes', 'a\u001b[31mred\u001b[0mb', 'aredb'],
  ['a title of the window', 'a\u001b]0;pwned\u0007b', 'ab'],
  ['clearing the screen', '\u001b[2J\u001b[Ha', 'a'],
  ['an escape that is no sequence', 'a\u001bb', 'ab'],
  ['one-byte control sequences', 'a\u009b2Jb', 'ab'],
  ['backspaces over what was said', 'no\b\byes', 'noyes'],
  ['a carriage return that overwrites the line', 'declined\rapproved', 'declined\napproved'],
  ['marks that turn the direction of text', 'a\u202eb\u2066c', 'abc'],
  ['null and bell', 'a\u0000\u0007b', 'ab'],
])('safeText takes out %s', (_title, text, expected) => {
  expect(safeText(text)).toBe(expected);
});

test('safeText leaves line feeds, tabs, accents and emoji', () => {
  expect(safeText('é\t👩‍🚒\nok')).toBe('é\t👩‍🚒\nok');
});

test('oneLine keeps what could forge a line of its own on the same line', () => {
  expect(oneLine('first\n  approved by ana\tok')).toBe('first approved by ana ok');
});

test('safeJson is JSON of the same value, and prints no control character', () => {
  const value = { reason: 'x\u009b2J\u202ey\u007f\u001b[0m' };
  const text = safeJson(value);
  expect(JSON.parse(text)).toEqual(value);
  expect(text).toMatch(/^[\x20-\x7e]*$/);
});

test('a line is cut to the width, with a mark, and not a character more', () => {
  const line = [span('12345', 'bold'), span('67890')];
  expect(renderLine(line, plainStyle, 10)).toBe('1234567890');
  expect(renderLine(line, plainStyle, 8)).toBe('1234567…');
  expect(renderLine(line, plainStyle, 3)).toBe('12…');
});

test('what is shown keeps its look while the text in it loses its escapes', () => {
  expect(renderLine([span('\u001b[31mx', 'green')], colourStyle)).toBe('\u001b[32mx\u001b[39m');
});

test('a wrapped line holds the whole text in lines of the width', () => {
  const lines = wrapLine([span('abcdef', 'bold'), span('ghij')], 4).map((line) => renderLine(line, plainStyle));
  expect(lines).toEqual(['abcd', 'efgh', 'ij']);
});

test.each([
  ['a terminal', true, {}, true],
  ['a pipe', false, {}, false],
  ['NO_COLOR', true, { NO_COLOR: '1' }, false],
  ['an empty NO_COLOR, which does not count', true, { NO_COLOR: '' }, true],
  ['a terminal that knows nothing', true, { TERM: 'dumb' }, false],
])('colours at %s', (_title, interactive, env, coloured) => {
  expect(styleFor(interactive, env)('red', 'x') !== 'x').toBe(coloured);
});
