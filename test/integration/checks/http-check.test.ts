import type { RequestListener } from 'node:http';
import type { HttpProbe } from '../../../core/model/check';
import { untilHealthy } from '../../../core/running/until-healthy';
import { probing, specOf, target } from '../../unit/drivers/check-probing';
import { closedPort, type Listening, silentServer, webServer } from './lying-server';

let server: Listening | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

const probeOf = (port: number, more: Partial<HttpProbe> = {}): HttpProbe => ({
  kind: 'http',
  port,
  path: '/healthy',
  status: 200,
  bodyContains: '"ok" at ${site}, epoch ${epoch}',
  headers: { 'X-Site': '${site}', 'x-epoch': '${epoch}' },
  ...more,
});

const honest = '{"ok" at alpha, epoch 7}';

const answering =
  (status: number, body: string, headers: Record<string, string> = {}): RequestListener =>
  (_request, response) =>
    response.writeHead(status, { 'x-site': 'alpha', 'x-epoch': '7', ...headers }).end(body);

async function ask(listener: RequestListener, more: Partial<HttpProbe> = {}, timeoutMs = 10_000) {
  server = await webServer(listener);
  return probing(probeOf(server.port, more), { timeoutMs });
}

test('the right answer passes, and what was seen is told', async () => {
  const seen = await ask(answering(200, honest));
  expect(seen.ok).toBe(true);
  expect(seen.saw).toMatch(/^200 in \d+ ms, body has '"ok" at alpha, epoch 7'$/);
});

test('the request is one GET of the path with the Host header of the check, or the address of the site', async () => {
  const heads: string[] = [];
  const listener: RequestListener = ({ method, url, headers }, response) => {
    heads.push(`${method} ${url} ${headers.host}`);
    response.end();
  };
  await ask(listener, { path: '/a?b=c', host: 'shop.example' });
  await probing(probeOf(server?.port ?? 0));
  expect(heads).toEqual(['GET /a?b=c shop.example', 'GET /healthy 127.0.0.1']);
});

test.each([
  ['200 without what the body must have', answering(200, 'Welcome'), /the body lacks .* begins "Welcome"/],
  ['an error page with status 200', answering(200, '<h1>502 Bad Gateway</h1>'), /lacks .*502 Bad Gateway/],
  ['an empty page', answering(200, ''), /the body lacks/],
  ['another status with the right body', answering(503, honest), /^503 .*not 200/],
  ['the answer of the other site', answering(200, honest, { 'x-site': 'beta' }), /X-Site is "beta", not "alpha"/],
  ['the answer of an old epoch', answering(200, honest, { 'x-epoch': '6' }), /x-epoch is "6", not "7"/],
  ['the page of an old epoch', answering(200, '{"ok" at alpha, epoch 6}'), /the body lacks/],
  [
    'what is needed after 64 KiB only',
    answering(200, ' '.repeat(65_536) + honest),
    /first 65536 bytes of the body lack/,
  ],
  [
    'a page that ends early',
    (_request, response) => response.writeHead(200, { 'content-length': '99' }).end('x', () => response.destroy()),
    /./,
  ],
] as [string, RequestListener, RegExp][])('%s is not healthy', async (_case, listener, saw) => {
  expect(await ask(listener)).toMatchObject({ ok: false, saw: expect.stringMatching(saw) as string });
});

test.each([301, 302, 303, 307, 308])('a redirect (%i) is not followed, even to the right answer', async (status) => {
  const listener: RequestListener = (request, response) =>
    request.url === '/healthy'
      ? response.writeHead(status, { location: '/real' }).end()
      : answering(200, honest)(request, response);
  const seen = await ask(listener);
  expect(seen).toMatchObject({ ok: false, saw: expect.stringMatching(/redirect to \/real, not followed/) as string });
  expect(server?.asked()).toBe(1);
});

test('an answer slower than the check allows is not healthy, though it is right', async () => {
  const listener: RequestListener = (request, response) =>
    void setTimeout(() => answering(200, honest)(request, response), 60);
  const seen = await ask(listener, { maxLatencyMs: 20 });
  expect(seen).toMatchObject({ ok: false, saw: expect.stringMatching(/slower than 20 ms/) as string });
});

test('a body without end is neither waited for nor kept', async () => {
  const listener: RequestListener = (_request, response) => {
    const more = (): void => void (response.writable && response.write(Buffer.alloc(65_536), more));
    response.writeHead(200);
    more();
  };
  const seen = await ask(listener);
  expect(seen).toMatchObject({ ok: false, saw: expect.stringMatching(/first 65536 bytes/) as string });
});

const neverEnding: readonly (readonly [string, RequestListener | undefined])[] = [
  ['accepts the connection and says nothing', undefined],
  ['sends its header and no body', (_request, response) => void response.writeHead(200).write('')],
  [
    'sends its body forever in drops',
    (_request, response) => {
      const drops = setInterval(() => response.write(' '), 5);
      response.on('close', () => clearInterval(drops));
    },
  ],
];

test.each(neverEnding)('a server that %s is late after the timeout of the check', async (_case, listener) => {
  server = listener === undefined ? await silentServer() : await webServer(listener);
  const seen = await probing(probeOf(server.port), { timeoutMs: 80 });
  expect(seen).toMatchObject({ ok: false, saw: 'no answer within 80 ms' });
});

test('nobody there is not healthy', async () => {
  const seen = await probing(probeOf(await closedPort()));
  expect(seen).toMatchObject({ ok: false, saw: expect.stringMatching(/ECONNREFUSED 127\.0\.0\.1/) as string });
});

test('a cancelled call ends at once with the reason', async () => {
  server = await silentServer();
  const controller = new AbortController();
  const call = probing(probeOf(server.port), { timeoutMs: 600_000, signal: controller.signal });
  setImmediate(() => controller.abort(new Error('no longer needed')));
  await expect(call).rejects.toThrow('no longer needed');
});

test.each(['192.0.2.1', '10.0.0.1', '169.254.169.254', '0.0.0.0', '::1', 'localhost', '2130706433', '127.1', ''])(
  'a local site with the address "%s" is never asked',
  async (address) => {
    const site = { ...target.site, address };
    const call = probing(probeOf(80), { target: { ...target, site } });
    await expect(call).rejects.toMatchObject({ code: 'AddressNotAllowed' });
  },
);

test.each(['http://192.0.2.1/', '192.0.2.1', '@192.0.2.1/', ''])('the path "%s" can never be right', async (path) => {
  await expect(probing(probeOf(80, { path }))).rejects.toMatchObject({ code: 'AddressNotAllowed' });
});

test.each([{ path: '/a b' }, { path: '/a\r\nx: y' }, { host: 'a\r\nx: y' }])(
  'nothing of a check can add to the head of the request: %j',
  async (more) => {
    expect(await ask(answering(200, honest), more)).toMatchObject({ ok: false });
    expect(server?.asked()).toBe(0);
  },
);

test('a flapping server is healthy only when it answers right twice as often in a row', async () => {
  const pattern = '+-' + '+'.repeat(6);
  server = await webServer((request, response) => {
    const right = pattern[(server?.asked() ?? 1) - 1] === '+';
    answering(right ? 200 : 503, honest)(request, response);
  });
  const check = { ...specOf(probeOf(server.port)), successes: 3, withinSeconds: 60 };
  const watch = {
    signal: new AbortController().signal,
    progress: () => undefined,
    sleep: async () => undefined,
    now: () => performance.now(),
  };
  const healthy = await untilHealthy(check, async () => probing(check.probe), watch);
  expect(healthy.tries).toBe(pattern.length);
});
