import { once } from 'node:events';
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { parseLog } from '../../../demo/shop/order-record';
import { probePort } from '../../../drivers/local/workloads/port-probe';
import { readProcessTable } from '../../../drivers/local/workloads/process-table';
import { kill, order, Shop, status, until } from './shop';

let shop: Shop;
beforeEach(async () => (shop = await Shop.create()));
afterEach(async () => shop.remove());

function fence(record: object, site = 'paris'): void {
  mkdirSync(path.dirname(shop.fenceFile(site)), { recursive: true });
  appendFileSync(shop.fenceFile(site), `${JSON.stringify(record)}\n`);
}

test('an order goes through web and api to the ledger, and each answer names site and epoch', async () => {
  const { web } = await shop.startAll({ epoch: 4 });
  const response = await fetch(`${web.url}/orders`, { method: 'POST', body: '{"id":"o-1","item":"tea"}' });
  expect(response.status).toBe(201);
  expect(await response.json()).toMatchObject({ seq: 1, epoch: 4, site: 'paris' });
  expect(response.headers.get('x-switchback-site')).toBe('paris');
  expect(response.headers.get('x-switchback-epoch')).toBe('4');
  const count = await fetch(`${web.url}/orders/count`);
  expect(await count.json()).toMatchObject({ orders: 1, epoch: 4, site: 'paris' });
  expect(parseLog(shop.log()).records).toMatchObject([{ seq: 1, id: 'o-1', epoch: 4, order: { item: 'tea' } }]);
});

test('health of a tier is that of what it depends on', async () => {
  const { web, ledger } = await shop.startAll();
  const healthy = (await (await fetch(`${web.url}/health`)).json()) as object;
  expect(healthy).toMatchObject({ status: 'ok', tier: 'web', api: { tier: 'api', ledger: { tier: 'ledger' } } });
  await kill(ledger.child);
  expect(await status(`${web.url}/health`)).toBe(503);
});

test('an order that is sent again is kept once and gets the same number, also at a later ledger', async () => {
  const first = await shop.start('ledger');
  await order(first.url, 'o-1');
  expect(await Promise.all([order(first.url, 'o-2'), order(first.url, 'o-2')])).toMatchObject([
    { body: { seq: 2 } },
    { body: { seq: 2 } },
  ]);
  await kill(first.child);
  const second = await shop.start('ledger', { epoch: 2 });
  expect((await order(second.url, 'o-1')).body).toEqual({
    seq: 1,
    epoch: 2,
    site: 'paris',
    written: { epoch: 1, site: 'paris' },
  });
  expect(parseLog(shop.log()).records).toHaveLength(2);
});

test('a torn last line is cut off, and what follows continues the chain', async () => {
  const first = await shop.start('ledger');
  await order(first.url, 'o-1');
  await order(first.url, 'o-2');
  await kill(first.child);
  writeFileSync(path.join(shop.volume(), 'orders.log'), shop.log().slice(0, -30));
  const second = await shop.start('ledger');
  expect((await order(second.url, 'o-2')).body.seq).toBe(2);
  const { records, faults } = parseLog(shop.log());
  expect([records.map((record) => record.id), faults]).toEqual([['o-1', 'o-2'], []]);
});

test('a ledger refuses to start on a log that was tampered with, and leaves it as it is', async () => {
  const first = await shop.start('ledger');
  await order(first.url, 'o-1');
  await order(first.url, 'o-2');
  await kill(first.child);
  const tampered = shop.log().replace('"id":"o-1"', '"id":"o-9"');
  writeFileSync(path.join(shop.volume(), 'orders.log'), tampered);
  const { child } = await shop.spawn('ledger');
  const [code] = (await once(child, 'exit')) as [number];
  expect(code).not.toBe(0);
  expect(shop.log()).toBe(tampered);
});

test('a second ledger at the same port does not touch the log', async () => {
  const first = await shop.start('ledger');
  await order(first.url, 'o-1');
  appendFileSync(path.join(shop.volume(), 'orders.log'), 'half a line');
  const second = await shop.spawn('ledger', { port: first.port });
  await once(second.child, 'exit');
  expect(shop.log()).toMatch(/half a line$/);
});

test.each([
  ['a fence of a higher epoch', { seq: 1, epoch: 2 }],
  ['a quarantine', { seq: 1, epoch: 1, quarantined: true }],
  ['a fence that cannot be read', { seq: 5, epoch: 1 }],
])('under %s nothing is acknowledged or accepted, and health fails', async (_, record) => {
  const ledger = await shop.start('ledger');
  expect((await order(ledger.url, 'o-1')).status).toBe(201);
  fence(record);
  expect((await order(ledger.url, 'o-2')).status).toBe(503);
  expect((await order(ledger.url, 'o-1')).status).toBe(503);
  expect(await status(`${ledger.url}/health`)).toBe(503);
  expect(parseLog(shop.log()).records).toHaveLength(1);
});

test('a fence of the own epoch lets it write', async () => {
  fence({ seq: 1, epoch: 3 });
  const ledger = await shop.start('ledger', { epoch: 3 });
  expect((await order(ledger.url, 'o-1')).status).toBe(201);
});

test.each(['ledger', 'api', 'web'] as const)('a cut-off site: %s answers nobody, and again after it', async (tier) => {
  const running = await shop.startAll();
  const { url } = tier === 'web' ? running.web : running.ledger;
  writeFileSync(shop.isolatedMarker(), '');
  expect(await status(`${url}/health`)).toBe(0);
  expect((await order(url, 'o-1')).status).toBe(0);
  rmSync(shop.isolatedMarker());
  expect(await status(`${url}/health`)).toBe(200);
});

test('an answer that comes back while the site is being cut off is not passed on', async () => {
  const ledger = http.createServer((_, response) => {
    writeFileSync(shop.isolatedMarker(), '');
    response.writeHead(201).end('{"seq":1,"epoch":1,"site":"paris"}');
  });
  ledger.listen(0, '127.0.1.1');
  await once(ledger, 'listening');
  const { port } = ledger.address() as AddressInfo;
  const api = await shop.spawn('api', { env: { LEDGER_PORT: String(port) } });
  await until(async () => (await probePort('127.0.1.1', api.port)) === 'open');
  expect(await order(api.url, 'o-1')).toEqual({ status: 0, body: {} });
  ledger.close();
  ledger.closeAllConnections();
});

test('under load, whatever is acknowledged is in a copy of the log made after the fence stood', async () => {
  const ledger = await shop.start('ledger');
  const acknowledged: string[] = [];
  let refused = 0;
  const customers = Array.from({ length: 16 }, async (_, customer) => {
    for (let index = 0; refused < 50; index += 1) {
      const id = `${customer}-${index}`;
      if ((await order(ledger.url, id)).status === 201) acknowledged.push(id);
      else refused += 1;
    }
  });
  await until(() => acknowledged.length > 200);
  fence({ seq: 1, epoch: 2 });
  const copy = new Set(parseLog(shop.log()).records.map((record) => record.id));
  await Promise.all(customers);
  expect(acknowledged.filter((id) => !copy.has(id))).toEqual([]);
});

test('a ledger that is suspended, fenced and continued acknowledges nothing that it had not on disk before', async () => {
  const ledger = await shop.start('ledger');
  const acknowledged: string[] = [];
  let refused = 0;
  const customers = Array.from({ length: 16 }, async (_, customer) => {
    for (let index = 0; refused < 20; index += 1) {
      const id = `${customer}-${index}`;
      if ((await order(ledger.url, id)).status === 201) acknowledged.push(id);
      else refused += 1;
    }
  });
  await until(() => acknowledged.length > 100);
  ledger.child.kill('SIGSTOP');
  await until(() => readProcessTable().find(ledger.child.pid ?? 0)?.suspended === true);
  fence({ seq: 1, epoch: 2 });
  const copy = new Set(parseLog(shop.log()).records.map((record) => record.id));
  ledger.child.kill('SIGCONT');
  await Promise.all(customers);
  expect(acknowledged.filter((id) => !copy.has(id))).toEqual([]);
  expect((await order(ledger.url, 'late')).status).toBe(503);
});

test('a kill -9 at any moment loses no acknowledged order and leaves an unbroken chain', async () => {
  const acknowledged: string[] = [];
  for (let round = 0; round < 3; round += 1) {
    const ledger = await shop.start('ledger', { epoch: round + 1 });
    const target = acknowledged.length + 40;
    let down = false;
    const customers = Array.from({ length: 8 }, async (_, customer) => {
      for (let index = 0; !down; index += 1) {
        const id = `${round}-${customer}-${index}`;
        if ((await order(ledger.url, id)).status === 201) acknowledged.push(id);
        else down = true;
      }
    });
    await until(() => acknowledged.length > target);
    await kill(ledger.child);
    await Promise.all(customers);
  }
  const ledger = await shop.start('ledger', { epoch: 9 });
  await kill(ledger.child);
  const { records, faults } = parseLog(shop.log());
  expect(faults).toEqual([]);
  expect(records.map((record) => record.id)).toEqual(expect.arrayContaining(acknowledged));
});

test('SIGTERM answers what was accepted and ends with code 0', async () => {
  const { ledger, web } = await shop.startAll();
  const answers = Promise.all(Array.from({ length: 20 }, async (_, index) => order(web.url, `o-${index}`)));
  await until(() => shop.log() !== '');
  ledger.child.kill('SIGTERM');
  const [code] = (await once(ledger.child, 'exit')) as [number];
  expect(code).toBe(0);
  const acknowledged = (await answers).filter((answer) => answer.status === 201);
  expect(acknowledged.length).toBeGreaterThan(0);
  expect(parseLog(shop.log()).records.length).toBeGreaterThanOrEqual(acknowledged.length);
});

test('an order without an id is refused', async () => {
  const ledger = await shop.start('ledger');
  for (const body of ['', '[]', '{}', '{"id":""}', '{"id":7}', 'null']) {
    const response = await fetch(`${ledger.url}/orders`, { method: 'POST', body });
    expect([body, response.status]).toEqual([body, 400]);
  }
  expect(shop.log()).toBe('');
});
