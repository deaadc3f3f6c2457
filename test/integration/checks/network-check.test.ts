import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type Answer, decode, encode, type Question } from 'dns-packet';
import type { DnsProbe } from '../../../core/model/check';
import { probing } from '../../unit/drivers/check-probing';
import { Closing } from '../closing';
import { closedPort, type Listening, silentServer } from './lying-server';

const closing = new Closing();

afterEach(async () => closing.close());

const kept = async (server: Promise<Listening>): Promise<Listening> => {
  const started = await server;
  closing.first(started.close);
  return started;
};

/** A real name server with these answers to whatever is asked; `undefined`: it does not answer. */
async function nameServer(answersTo: (question: Question) => readonly Answer[] | undefined): Promise<string> {
  const socket = createSocket('udp4');
  socket.on('message', (message, from) => {
    const { id, questions = [] } = decode(message);
    const [question] = questions;
    const answers = question && answersTo(question);
    if (answers !== undefined)
      socket.send(encode({ type: 'response', id: id ?? 0, questions, answers: [...answers] }), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  closing.first(async () => void socket.close());
  return `127.0.0.1:${socket.address().port}`;
}

const shop = (more: Partial<DnsProbe>): DnsProbe => ({
  kind: 'dns',
  name: 'shop.example',
  type: 'A',
  expect: ['192.0.2.1'],
  ...more,
});

describe('tcp', () => {
  test('a port that accepts connections passes', async () => {
    const { port } = await kept(silentServer());
    const seen = await probing({ kind: 'tcp', port });
    expect(seen).toMatchObject({
      ok: true,
      saw: expect.stringMatching(`^connected to 127\\.0\\.0\\.1:${port} in`) as string,
    });
  });

  test('TCP only: what accepts connections and says nothing passes tcp, and never http', async () => {
    const { port } = await kept(silentServer());
    expect((await probing({ kind: 'tcp', port })).ok).toBe(true);
    expect((await probing({ kind: 'http', port, path: '/', status: 200 }, { timeoutMs: 80 })).ok).toBe(false);
  });

  test('a closed port fails', async () => {
    const seen = await probing({ kind: 'tcp', port: await closedPort() });
    expect(seen).toMatchObject({ ok: false, saw: expect.stringMatching(/ECONNREFUSED/) as string });
  });
});

describe('dns', () => {
  const a = (data: string): Answer => ({ type: 'A', name: 'shop.example', ttl: 5, data });

  test('the values may come in any order', async () => {
    const server = await nameServer(() => [a('192.0.2.2'), a('192.0.2.1')]);
    const seen = await probing(shop({ server, expect: ['192.0.2.1', '192.0.2.2'] }));
    expect(seen).toMatchObject({ ok: true, saw: 'shop.example A is 192.0.2.1, 192.0.2.2' });
  });

  test.each([
    ['the values of the other site', ['192.0.2.2'], /is 192\.0\.2\.2, not 192\.0\.2\.1/],
    ['one value too many', ['192.0.2.1', '192.0.2.2'], /not 192\.0\.2\.1/],
    ['no value', [], /is nothing, not 192\.0\.2\.1/],
  ])('%s fails', async (_case, values, saw) => {
    const server = await nameServer(() => values.map(a));
    expect(await probing(shop({ server }))).toMatchObject({ ok: false, saw: expect.stringMatching(saw) as string });
  });

  test.each([
    ['CNAME', { type: 'CNAME', name: 'shop.example', data: 'Alpha.Example' }, 'alpha.example.'],
    ['AAAA', { type: 'AAAA', name: 'shop.example', data: '2001:db8::1' }, '2001:db8::1'],
    ['TXT', { type: 'TXT', name: 'shop.example', data: ['epoch=', '7'] }, 'epoch=7'],
  ] as [DnsProbe['type'], Answer, string][])('%s records are compared as well', async (type, answer, value) => {
    const server = await nameServer((question) => (question.type === type ? [answer] : []));
    expect(await probing(shop({ server, type, expect: [value] }))).toMatchObject({ ok: true });
  });

  test('a name server that does not answer is late after the timeout of the check', async () => {
    const server = await nameServer(() => undefined);
    const seen = await probing(shop({ server }), { timeoutMs: 80 });
    expect(seen).toMatchObject({ ok: false, saw: expect.stringMatching(/80 ms|TIMEOUT/) as string });
  });

  test('a cancelled call ends at once with the reason', async () => {
    const server = await nameServer(() => undefined);
    const controller = new AbortController();
    const call = probing(shop({ server }), { timeoutMs: 600_000, signal: controller.signal });
    setImmediate(() => controller.abort(new Error('no longer needed')));
    await expect(call).rejects.toThrow('no longer needed');
  });

  test.each(['192.0.2.53:53', '8.8.8.8', '[::1]:53', 'ns.example:53'])(
    'the name server %s is never asked',
    async (server) => {
      await expect(probing(shop({ server }))).rejects.toMatchObject({ code: 'AddressNotAllowed' });
    },
  );
});
