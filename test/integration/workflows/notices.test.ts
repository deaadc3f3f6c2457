import '../patience';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RunEvent } from '../../../core/model/run';
import { startMemoryLab, type MemoryLab } from './memory-lab';
import { tinyRunbook } from './tiny-runbook';

let lab: MemoryLab;
let server: http.Server;
const told: { readonly url: string; readonly body: { readonly text?: string; readonly type?: string } }[] = [];

beforeAll(async () => {
  server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      told.push({ url: request.url ?? '', body: JSON.parse(body) as object });
      response.writeHead(request.url === '/broken' ? 500 : 204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env['TEST_CHAT_URL'] = `${address}/chat`;
  process.env['TEST_BROKEN_URL'] = `${address}/broken`;
  const gates = '[{ approval: { name: go, prompt: Move?, remind: 500ms } }]';
  lab = await startMemoryLab(`${tinyRunbook({ operations: `{ failover: { gates: ${gates} } }` })}
notices:
  - { name: chat, urlFrom: TEST_CHAT_URL, format: slack }
  - { name: broken, on: [done], urlFrom: TEST_BROKEN_URL }
  - { name: unset, on: [start], urlFrom: TEST_UNSET_URL }
`);
});

afterAll(async () => {
  await lab.tearDown();
  await new Promise((resolve) => server.close(resolve));
  delete process.env['TEST_CHAT_URL'];
  delete process.env['TEST_BROKEN_URL'];
});

test('people are told of start, gate, reminder and end; a notice that fails holds up nothing and is on record', async () => {
  const run = await lab.start('failover');
  await lab.until(run, ({ waitingFor }) => waitingFor.some(({ name }) => name === 'go'));
  while (!told.some(({ body }) => body.text?.includes('still waits'))) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await run.executeUpdate('decide', { args: [{ by: 'ana', decision: 'approve' }] });
  await expect(run.result()).resolves.toMatchObject({ verdict: 'completed' });

  const texts = told.flatMap(({ url, body }) => (url === '/chat' ? [body.text] : []));
  expect(texts).toContain('failover of tiny has begun');
  expect(texts).toContain('failover of tiny waits at gate go: Move?');
  expect(texts).toContain('failover of tiny still waits at gate go: 1 of those who may decide missing');
  expect(texts.at(-1)).toBe('failover of tiny ended: completed: every step is done and verified');
  const broken = told.filter(({ url }) => url === '/broken');
  expect(broken.length).toBeGreaterThan(1);
  expect(broken[0]?.body.type).toBe('dev.switchback.run.done');
  const notices = (await run.query<readonly RunEvent[]>('timeline')).filter((event) => event.kind === 'notice');
  expect(notices).toContainEqual(
    expect.objectContaining({ name: 'unset', sent: false, saw: expect.stringContaining('TEST_UNSET_URL is not set') }),
  );
  expect(notices.filter(({ name, sent }) => name === 'chat' && !sent)).toEqual([]);
});
