import { formatBytes, formatSeconds } from '../../../../cli/terminal/format';

test.each([
  [-3, '0 s'],
  [0, '0 s'],
  [0.0004, '1 ms'],
  [0.02, '20 ms'],
  [0.44, '0.4 s'],
  [9.94, '9.9 s'],
  [9.96, '10 s'],
  [59.4, '59 s'],
  [59.6, '1 min'],
  [125, '2 min 5 s'],
  [3600, '1 h'],
  [11_460, '3 h 11 min'],
  [187_200, '2 d 4 h'],
])('%d seconds read as %s', (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text);
});

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1536, '1.5 KiB'],
  [20_971_520, '20.0 MiB'],
  [5e15, '4547.5 TiB'],
])('%d bytes read as %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
