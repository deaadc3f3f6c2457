import fc from 'fast-check';
import { blankSecrets, maskCredentials } from '../../../core/model/credentials';

/** Put together here, so that no scanner takes this file for a leak. */
const block = (kind: string) => `-----BEGIN ${kind}-----\nMIIEow\nAAAA+/=\n-----END ${kind}-----`;
const aws = `AKIA${'IOSFODNN7EXAMPLE'}`;
const github = `ghp_${'a1B2'.repeat(9)}`;
const jwt = `eyJhbGciOiJIUzI1NiJ9.${'eyJzdWIiOiIxIn0'}.c2lnbmF0dXJl`;

test.each([
  ['a bearer token', 'GET / Bearer abcdef0123456789 ok', 'GET / Bearer *** ok'],
  ['an authorization header', 'Authorization: Basic dXNlcjpwYXNz', 'Authorization: ***'],
  ['an authorization header in JSON', '{"authorization": "Token abc", "a": 1}', '{"authorization": "***", "a": 1}'],
  ['a cookie', 'Set-Cookie: sid=1234; Path=/', 'Set-Cookie: ***'],
  ['password=', 'connect password=hunter2 host=db', 'connect password=*** host=db'],
  ['password: with a space', 'Password: hunter2', 'Password: ***'],
  ['a longer name in capitals', 'DB_PASSWORD=hunter2;next', 'DB_PASSWORD=***;next'],
  ['a quoted value with spaces', 'password = "correct horse" x', 'password = "***" x'],
  ['a value in single quotes', "secret='correct horse' x", "secret='***' x"],
  ['JSON', '{"clientSecret":"abc","user":"ana"}', '{"clientSecret":"***","user":"ana"}'],
  ['a query string', 'https://x.test/?token=abc&page=2', 'https://x.test/?token=***&page=2'],
  [
    'a signed address',
    'https://x.test/?page=2&X-Amz-Signature=abc#top',
    'https://x.test/?page=2&X-Amz-Signature=***#top',
  ],
  ['a flag', 'psql --password hunter2 --host db', 'psql --password *** --host db'],
  [
    'a secret behind the name of an error',
    'CredentialsError: token: abc, api.error',
    'CredentialsError: token: ***, api.error',
  ],
  ['an api key', 'x-api-key: 12345', 'x-api-key: ***'],
  ['userinfo of an address', 'clone https://ana:hunter2@git.test/x', 'clone https://***@git.test/x'],
  ['a token in the place of the user', `https://${github}@git.test/x`, 'https://***@git.test/x'],
  ['userinfo of a database', 'postgres://ana:p%40ss@db:5432/shop', 'postgres://***@db:5432/shop'],
  ['an access key of AWS', `key ${aws} used`, 'key *** used'],
  ['a secret key of AWS', 'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG', 'aws_secret_access_key = ***'],
  ['a token of GitHub', `remote: ${github}`, 'remote: ***'],
  ['a JSON web token', `got ${jwt}.`, 'got ***'],
  ['a private key', `a\n${block('RSA PRIVATE KEY')}\nb`, 'a\n***\nb'],
  ['a private key of PGP', block('PGP PRIVATE KEY BLOCK'), '***'],
  ['a private key that is cut at its end', 'a\n-----BEGIN PRIVATE KEY-----\nMIIE\nAA', 'a\n***'],
  ['a private key that is cut at its begin', 'MIIE\nAAAA\n-----END PRIVATE KEY-----\nb', '***\nb'],
])('%s is masked', (_what, text, masked) => {
  expect(maskCredentials(text)).toBe(masked);
  expect(maskCredentials(masked)).toBe(masked);
});

test.each([
  ['a sentence', 'the token bucket is full; secrets are kept elsewhere, the key is under the mat'],
  ['an address', 'http://127.0.1.1:7101/health?page=2 answered 200'],
  ['a mail address', 'mail to ana@example.com, cc https://wiki.test/@ana'],
  ['a public key', '-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----'],
  ['the name of an error', 'CredentialsProviderError: Could not load, TokenProviderException: no sign-in'],
  ['a digest', 'sha256=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
])('%s stays as it is', (_what, text) => {
  expect(maskCredentials(text)).toBe(text);
});

test('no secret value of the environment is left, the longest first; other variables stay', () => {
  const environment = { TOKEN: 'abcd', API_KEY: 'abcd1234', HOME: '/root', NAMED: 'plain-value', PASS: 'x' };
  expect(blankSecrets('abcd1234 abcd /root plain-value x', environment, ['NAMED'])).toBe('*** *** /root *** x');
});

describe('a secret of the environment is blanked out', () => {
  const secret = 'p@ss/w"rd+and more';
  const encoded = (before: string, encoding: 'base64' | 'base64url' | 'hex'): string =>
    Buffer.from(`${before}${secret}`).toString(encoding);

  test.each([
    ['in an address', encodeURIComponent(secret)],
    ['in JSON', JSON.stringify(secret)],
    ['in hexadecimal digits', encoded('', 'hex')],
    ['in capital digits', encoded('', 'hex').toUpperCase()],
    ['in base64', encoded('', 'base64')],
    ['in base64, one byte later', encoded('a', 'base64')],
    ['in base64, two bytes later', encoded('ab', 'base64')],
    ['in base64 of addresses', encoded('ab', 'base64url')],
  ])('%s', (_what, text) => {
    const told = blankSecrets(text, { TOKEN: secret });
    expect(told).toContain('***');
    expect(told.replace('***', '').length).toBeLessThanOrEqual(6);
  });

  test.each([
    ['its password', 'login hunter2/x failed'],
    ['its password as it is written there', 'login hunter2%2Fx failed'],
    ['its query', 'who is abcd1234?'],
  ])('of an address that a variable holds: %s', (_what, text) => {
    const DATABASE = 'postgres://shop:hunter2%2Fx@db.test/shop?apikey=abcd1234';
    expect(blankSecrets(text, { DATABASE })).toMatch(/^(login \*\*\* failed|who is \*\*\*\?)$/);
  });

  test('an address without any is none', () => {
    expect(blankSecrets('see https://wiki.test/page', { WIKI: 'https://wiki.test/page' })).toBe(
      'see https://wiki.test/page',
    );
  });
});

test('whatever stands around it, a password after its name is never left', () => {
  const quote = fc.constantFrom('', '"', "'");
  const name = fc.constantFrom('password', 'PGPASSWORD', 'db.passwd', 'client_secret', 'accessToken', 'api-key');
  const value = fc.stringMatching(/^[A-Za-z0-9!$%^*()_+/.-]{6,40}$/);
  fc.assert(
    fc.property(
      fc.string(),
      name,
      fc.constantFrom('=', ': ', ' = '),
      quote,
      value,
      fc.string(),
      (a, key, is, q, secret, b) => {
        const text = `${a} ${key}${is}${q}${secret}${q}\n${b}`;
        expect(
          maskCredentials(text)
            .split('\n')
            .slice(-2 - b.split('\n').length)
            .join('\n'),
        ).not.toContain(`${is}${q}${secret}`);
      },
    ),
    { numRuns: 500 },
  );
});

test.each(['A', 'a.b-', '://', 'password', 'password=', '-----BEGIN ', 'eyJ', '"\\', 'MIIE\n', 'bearer ', 'token="'])(
  'a long text of %j is masked in time that grows with it, not faster',
  (piece) => {
    const took = (bytes: number): number => {
      const since = performance.now();
      maskCredentials(piece.repeat(Math.ceil(bytes / piece.length)));
      return performance.now() - since;
    };
    took(1024);
    // Four times the text takes 16 times as long where it is quadratic; a busy machine is forgiven a lot.
    expect(took(64 * 1024)).toBeLessThan(100 + 10 * took(16 * 1024));
  },
);
