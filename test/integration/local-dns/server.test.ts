import dgram from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import dns, { type Packet } from 'dns-packet';
import { startDnsServer, type RunningDnsServer } from '../../../drivers/local/dns/start-dns-server';
import { change, create, recordSets } from './change-client';

const folder = mkdtempSync(path.join(tmpdir(), 'switchback-dns-'));
let server: RunningDnsServer;
beforeAll(async () => (server = await startDnsServer({ folder })));
afterEach(async () => {
  const sets = await recordSets(server.apiPort);
  await change(
    server.apiPort,
    sets.map((set) => ({ action: 'DELETE', ...set })),
  );
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

async function sendUdp(query: Buffer): Promise<Buffer> {
  const socket = dgram.createSocket('udp4');
  socket.send(query, server.dnsPort, '127.0.0.1');
  const [message] = (await once(socket, 'message')) as [Buffer];
  socket.close();
  return message;
}

async function ask(question: { name: string; type: string }, extra: Packet = {}) {
  const questions = [{ class: 'IN', ...question }] as NonNullable<Packet['questions']>;
  const message = await sendUdp(dns.encode({ type: 'query', id: 7, questions, ...extra }));
  return { ...dns.decode(message), rcode: message.readUInt16BE(2) & 0xf };
}

test('answers carry the authoritative bit, the id and the question as it was written', async () => {
  await create(server.apiPort, { name: 'shop.test', type: 'A', ttl: 9, values: ['127.0.1.1'] });
  const answer = await ask({ name: 'ShOp.TeSt', type: 'A' });
  expect(answer).toMatchObject({ id: 7, rcode: 0, flag_aa: true, flag_ra: false, questions: [{ name: 'ShOp.TeSt' }] });
  expect(answer.answers).toMatchObject([{ name: 'ShOp.TeSt', type: 'A', ttl: 9, data: '127.0.1.1' }]);
});

test('a CNAME is followed as far as the server knows', async () => {
  await create(server.apiPort, { name: 'www.test', type: 'CNAME', ttl: 9, values: ['shop.test'] });
  await create(server.apiPort, { name: 'shop.test', type: 'A', ttl: 9, values: ['127.0.1.1'] });
  const { answers } = await ask({ name: 'www.test', type: 'A' });
  expect(answers).toMatchObject([
    { type: 'CNAME', data: 'shop.test' },
    { type: 'A', name: 'shop.test', data: '127.0.1.1' },
  ]);
});

test('two CNAMEs that lead to each other end', async () => {
  await create(server.apiPort, { name: 'a.test', type: 'CNAME', ttl: 9, values: ['b.test'] });
  await create(server.apiPort, { name: 'b.test', type: 'CNAME', ttl: 9, values: ['a.test'] });
  expect((await ask({ name: 'a.test', type: 'A' })).rcode).toBe(0);
});

test.each([
  ['a name that is not there', 'nothing.test', 'A', 3],
  ['another type of a name that is there', 'shop.test', 'AAAA', 0],
  ['a name above one that is there', 'test', 'A', 0],
])('%s is answered with no records and the SOA', async (_, name, type, rcode) => {
  await create(server.apiPort, { name: 'shop.test', type: 'A', ttl: 9, values: ['127.0.1.1'] });
  const answer = await ask({ name, type });
  expect(answer).toMatchObject({ rcode, flag_aa: true, answers: [], authorities: [{ type: 'SOA' }] });
});

test.each([
  ['SOA', 'SOA'],
  ['NS', 'NS'],
])('the zone has its %s', async (type, expected) => {
  expect((await ask({ name: '.', type })).answers).toMatchObject([{ type: expected }]);
});

test.each<[string, Packet, number]>([
  ['an update', { flags: 5 << 11 }, 4],
  ['a question for ANY', { questions: [{ name: 'a', type: 'ANY' as 'A', class: 'IN' }] }, 4],
  ['a zone transfer', { questions: [{ name: 'a', type: 'AXFR', class: 'IN' }] }, 4],
  ['a question of another class', { questions: [{ name: 'a', type: 'A', class: 'CH' }] }, 5],
  ['no question', { questions: [] }, 1],
])('%s is refused by its code', async (_, extra, rcode) => {
  expect((await ask({ name: 'a', type: 'A' }, extra)).rcode).toBe(rcode);
});

test('garbage is a format error, and the server goes on', async () => {
  const garbage = Buffer.concat([dns.encode({ type: 'query', id: 5 }), Buffer.from('ffffff', 'hex')]);
  garbage.writeUInt16BE(3, 4);
  const answer = await sendUdp(garbage);
  expect([answer.readUInt16BE(0), answer.readUInt16BE(2) & 0xf]).toEqual([5, 1]);
  expect((await ask({ name: 'nothing.test', type: 'A' })).rcode).toBe(3);
});

test('what is too long for UDP is cut and marked, whole with EDNS, and whole over TCP in two pieces', async () => {
  const values = Array.from({ length: 40 }, (_, index) => `127.0.1.${index + 1}`);
  await create(server.apiPort, { name: 'many.test', type: 'A', ttl: 9, values });
  expect(await ask({ name: 'many.test', type: 'A' })).toMatchObject({ flag_tc: true, answers: [] });
  const opt = { type: 'OPT', name: '.', udpPayloadSize: 4096, extendedRcode: 0, ednsVersion: 0, flags: 0 } as const;
  const edns = await ask({ name: 'many.test', type: 'A' }, { additionals: [{ ...opt, flag_do: false, options: [] }] });
  expect(edns.answers).toHaveLength(40);

  const query = dns.streamEncode({ type: 'query', id: 8, questions: [{ name: 'many.test', type: 'A', class: 'IN' }] });
  const socket = net.connect(server.dnsPort, '127.0.0.1');
  socket.write(query.subarray(0, 5));
  socket.write(query.subarray(5));
  let received = Buffer.alloc(0);
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    received = Buffer.concat([received, chunk]);
    if (received.length > 2 && received.length === 2 + received.readUInt16BE(0)) break;
  }
  expect(dns.streamDecode(received).answers).toHaveLength(40);
});

test('a TXT record is served', async () => {
  await create(server.apiPort, { name: '_switchback.shop.test', type: 'TXT', ttl: 9, values: ['group=shop epoch=3'] });
  const { answers } = await ask({ name: '_switchback.shop.test', type: 'TXT' });
  expect(String((answers?.[0] as { data: Buffer[] }).data[0])).toBe('group=shop epoch=3');
});

test('kill -9 loses no change that was answered', async () => {
  const answered: string[] = [];
  const writing = (async () => {
    for (let index = 0; ; index += 1) {
      const name = `n${index}.test`;
      const set = { action: 'CREATE', name, type: 'A', ttl: 5, values: ['127.0.1.1'] };
      if ((await change(server.apiPort, [set]).catch(() => 0)) !== 200) return;
      answered.push(name);
      if (answered.length === 25) process.kill(server.pid, 'SIGKILL');
    }
  })();
  await writing;
  const { dnsPort, apiPort } = server;
  server = await startDnsServer({ folder, dnsPort, apiPort });
  expect([server.dnsPort, server.apiPort]).toEqual([dnsPort, apiPort]);
  const names = (await recordSets(apiPort)).map((set) => set.name);
  expect(names).toEqual(expect.arrayContaining(answered));
  expect((await ask({ name: 'n24.test', type: 'A' })).answers).toHaveLength(1);
});

test('a server whose port is taken says so', async () => {
  const other = mkdtempSync(path.join(tmpdir(), 'switchback-dns-'));
  await expect(startDnsServer({ folder: other, apiPort: server.apiPort })).rejects.toThrow(/EADDRINUSE/);
  rmSync(other, { recursive: true });
});

test('the state on disk is what was answered', async () => {
  await create(server.apiPort, { name: 'shop.test', type: 'A', ttl: 9, values: ['127.0.1.1'] });
  const state = JSON.parse(readFileSync(path.join(folder, 'records.json'), 'utf8')) as { sets: unknown };
  expect(state.sets).toEqual(await recordSets(server.apiPort));
});
