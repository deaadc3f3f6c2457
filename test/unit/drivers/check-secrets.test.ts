import { withoutSecrets } from '../../../drivers/check/without-secrets';
import { declareSecrets, keepSecret, keepSettings } from '../../../drivers/declared-secrets';
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
  ['the password that a check names', 'no entry for s3cret-of-shop', 'no entry for ***'],
  ['a variable with a telling name', 'token=abcd1234;', 'token=***;'],
  ['what the worker is told elsewhere', 'who is key-of-profile?', 'who is ***?'],
  ['what a driver has read elsewhere', 'who is dG9rZW4tb2Ytay1u?', 'who is ***?'],
])('what was seen never holds %s', (_case, saw, told) => {
  declareSecrets({ workloads: [{ checks: [specOf(sql)] }] });
  keepSettings({ 'api key': 'key-of-profile' });
  keepSecret('token-of-k8s\n');
  keepSecret('dG9rZW4tb2Ytay1u');
  expect(withoutSecrets(saw, options)).toBe(told);
});

test('of what drivers keep, the newest hundred are known, and what the worker is told for good', () => {
  keepSettings({ 'api key': 'key-of-profile' });
  for (let turn = 0; turn < 150; turn += 1) keepSecret(`renewed-token-${turn}.`);
  const saw = withoutSecrets('renewed-token-0. renewed-token-149. key-of-profile', options);
  expect(saw).toBe('renewed-token-0. *** ***');
});

test('other variables and single letters stay as they are', () => {
  expect(withoutSecrets('/home/worker has a file', options)).toBe('/home/worker has a file');
});

test('what was seen is one line without control characters, and not endless', () => {
  const saw = withoutSecrets(`a\u001b[2Jb\nc${'x'.repeat(10_000)}`, options);
  expect(saw).toMatch(/^a \[2Jb cx+\.\.\.$/);
  expect(saw.length).toBeLessThan(700);
});
