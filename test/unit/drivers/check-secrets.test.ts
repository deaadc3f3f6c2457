import { withoutSecrets } from '../../../drivers/check/without-secrets';
import { specOf } from './check-probing';

const environment = { SHOP_DB: 's3cret-of-shop', API_TOKEN: 'abcd1234', HOME: '/home/worker', SHORT_KEY: 'a' };
const options = { volumeFolder: () => undefined, allowedCommands: [], environment };

const sql = {
  kind: 'sql',
  port: 1,
  database: 'd',
  user: 'u',
  query: 'q',
  expect: 'e',
  passwordFrom: 'SHOP_DB',
} as const;

test.each([
  ['the password that the check names', sql, 'no entry for s3cret-of-shop', 'no entry for ***'],
  ['a variable with a telling name', { kind: 'tcp', port: 1 } as const, 'token=abcd1234;', 'token=***;'],
])('what was seen never holds %s', (_case, probe, saw, told) => {
  expect(withoutSecrets(saw, specOf(probe), options)).toBe(told);
});

test('other variables and single letters stay as they are', () => {
  expect(withoutSecrets('/home/worker has a file', specOf({ kind: 'tcp', port: 1 }), options)).toBe(
    '/home/worker has a file',
  );
});

test('what was seen is one line without control characters, and not endless', () => {
  const saw = withoutSecrets(`a\u001b[2Jb\nc${'x'.repeat(10_000)}`, specOf({ kind: 'tcp', port: 1 }), options);
  expect(saw).toMatch(/^a \[2Jb cx+\.\.\.$/);
  expect(saw.length).toBeLessThan(700);
});
