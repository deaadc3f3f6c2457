import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { createLyingSite, warnings, type LyingSite } from './lying-site';

let site: LyingSite;

beforeEach(() => (site = createLyingSite()));
afterEach(async () => site.remove());

/** What an author writes who thinks of no lie. */
const plain = 'http: { path: /orders }';

interface Fixture {
  readonly lie: string;
  readonly check: string;
  readonly volumes?: string;
  readonly caught: RegExp;
}

/** The names are those of the table in docs/how-to-write-checks.md. */
const fixtures: Readonly<Record<string, Fixture>> = {
  'answers without data': { lie: 'nothing in it', check: plain, caught: /there are no data in the answer: \[\]/ },
  'cached answers': { lie: 'cached', check: plain, caught: /a cache has answered: Age is 30 s/ },
  'the wrong site answering': {
    lie: 'another site',
    check: plain,
    caught: /another instance answers: x-switchback-site is "beta", not "alpha"/,
  },
  'an old epoch': {
    lie: 'an old epoch',
    check: plain,
    caught: /another instance answers: x-switchback-epoch is "6", not "7"/,
  },
  flapping: { lie: 'flapping', check: plain, caught: /it flaps: \d+ failed right after one that had passed/ },
  'TCP only': { lie: 'silent', check: 'tcp: { banner: ready }, timeout: 500ms', caught: /no answer within 500 ms/ },
  slow: { lie: 'slow', check: plain, caught: /slower than 1000 ms/ },
  redirected: { lie: 'redirected', check: plain, caught: /redirect to http:\/\/192\.0\.2\.9\/orders, not followed/ },
  'an error page with 200': {
    lie: 'error page',
    check: plain,
    caught: /an error page with status 200: "502 Bad Gateway"/,
  },
  'ready before the volume is mounted': {
    lie: 'none',
    check: plain,
    volumes: 'data',
    caught: /volume data is a replica that nobody has claimed for it/,
  },
  'half the replicas': { lie: 'half of it', check: plain, caught: /502 .*|it flaps: \d+/ },
  'self-report only': {
    lie: 'self-report',
    check: 'http: { path: /orders, json: [{ at: orders, atLeast: 1 }] }',
    caught: /^check "orders are there" did not pass .*500 in \d+ ms, not 200/,
  },
};

/** As replication leaves a volume before it is claimed. */
function makeReplica(folder: string): void {
  const volume = path.join(folder, 'lab/alpha/groups/shop/volumes/data');
  mkdirSync(path.join(volume, 'data'), { recursive: true });
  writeFileSync(path.join(volume, 'volume.json'), JSON.stringify({ version: 1, role: 'replica', epoch: 6, done: [] }));
}

describe('a check that lies is caught, and what is said names the lie', () => {
  test.each(Object.entries(fixtures))('%s', async (_name, { caught, ...asked }) => {
    if (asked.volumes !== undefined) makeReplica(site.folder);
    await expect(site.checked(asked)).rejects.toMatchObject({
      code: 'Unhealthy',
      message: expect.stringMatching(caught) as string,
    });
  });
});

test('there are 12 of them, and the guide has a line for each', () => {
  const page = readFileSync(path.join(__dirname, '../../../../docs/how-to-write-checks.md'), 'utf8');
  const told = [...page.matchAll(/^\| \*\*(.+?)\*\*/gm)].map(([, name]) => name);
  expect(told).toEqual(Object.keys(fixtures));
  expect(told).toHaveLength(12);
});

test.each([
  plain,
  "http: { path: '/orders?try=${nonce}', bodyContains: '${nonce}' }",
  "http: { path: /orders, json: [{ at: site, equals: '${site}' }, { at: epoch, equals: '${epoch}' }] }",
  'http: { path: /orders }, steady: 1s',
  'tcp: {}',
])('who tells the truth passes: %s', async (check) => {
  const { summary } = await site.checked({ lie: 'none', check });
  expect(summary).toMatch(/^orders are there: .*; pid \d+ runs$/);
});

test.each([
  [
    'an empty list',
    'http: { path: /orders, json: [{ at: orders, atLeast: 1 }] }',
    /"orders" of the JSON is a list of 0/,
  ],
  [
    'cached in silence',
    "http: { path: '/orders?try=${nonce}', json: [{ at: asked, equals: '${nonce}' }] }",
    /"asked" of the JSON is [0-9a-f]{16}, not [0-9a-f]{16}/,
  ],
  [
    'an old epoch in JSON',
    "http: { path: /orders, json: [{ at: epoch, equals: '${epoch}' }] }",
    /"epoch" of the JSON is 6, not 7/,
  ],
  ['error page', 'http: { path: /orders, bodyContains: Orders }', /an error page with status 200/],
  ['error page', 'http: { path: /orders, json: [{ at: orders, atLeast: 1 }] }', /the body is not JSON: text\/html/],
  ['redirected', 'http: { path: /orders, status: 302 }', /it leads to another host: http:\/\/192\.0\.2\.9\/orders/],
  ['hangs up', 'tcp: {}', /it hung up at once/],
  ['self-report of the opposite', plain, /it says of itself that it does not work: status is "DOWN"/],
])('%s is caught by %s', async (lie, check, caught) => {
  await expect(site.checked({ lie, check })).rejects.toMatchObject({
    message: expect.stringMatching(caught) as string,
  });
});

test.each([
  ['cached', 'http: { path: /orders, accept: [cached] }'],
  ['nothing in it', 'http: { path: /orders, accept: [empty] }'],
  ['error page', 'http: { path: /orders, accept: [error-page] }'],
  ['another site', 'http: { path: /orders, accept: [elsewhere] }'],
  ['another site', 'http: { path: /orders, headers: { X-Switchback-Site: beta } }'],
  ['self-report of the opposite', 'http: { path: /orders, accept: [unhealthy] }'],
  ['slow', 'http: { path: /orders, maxLatency: 2s }, successes: 1'],
])('what the runbook accepts passes: %s with %s', async (lie, check) => {
  await expect(site.checked({ lie, check })).resolves.toBeDefined();
});

test('the port is held by a process that is none of the workload', async () => {
  const stranger = net.createServer((socket) => socket.on('error', () => undefined));
  const checked = site.checked({
    lie: 'nobody',
    check: 'tcp: {}',
    meanwhile: async (port) => {
      await new Promise<void>((resolve) => stranger.listen(port, '127.0.1.1', resolve));
    },
  });
  await expect(checked).rejects.toMatchObject({
    message: expect.stringMatching(
      /another process listens at 127\.0\.1\.1:\d+, and none of the workload does/,
    ) as string,
  });
  stranger.close();
});

test.each([
  ['tcp: {}', ['ConnectionOnly']],
  ['http: { path: /orders }', ['StatusOnly']],
  ['http: { path: /health, bodyContains: ok }', ['SelfReportOnly']],
  ['http: { path: /orders, bodyContains: id }', []],
])('validate warns of %s: %j', (check, codes) => expect(warnings(check)).toEqual(codes));
