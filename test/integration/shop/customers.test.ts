import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseAcknowledgements } from '../../../demo/shop/acknowledgement';
import { startCustomers } from '../../../demo/shop/customers';
import { everyAcknowledgedOrderOnceInOrder, neverTwoLedgersAtOnce } from '../../../demo/shop/proofs';
import { createLocalTraffic } from '../../../drivers/local/dns/local-traffic';
import { startDnsServer, type RunningDnsServer } from '../../../drivers/local/dns/start-dns-server';
import { freePort, kill, Shop, until } from './shop';

let shop: Shop;
let dns: RunningDnsServer;
const folder = mkdtempSync(path.join(tmpdir(), 'switchback-customers-'));
const context = { signal: new AbortController().signal, progress: () => undefined };

beforeAll(async () => {
  shop = await Shop.create();
  dns = await startDnsServer({ folder });
});
afterAll(async () => {
  await shop.remove();
  await dns.stop();
  rmSync(folder, { recursive: true });
});

test('customers follow the name from one site to the other, insist, and keep every acknowledgement', async () => {
  const port = await freePort();
  const paris = await shop.startAll({ site: 'paris', address: '127.0.1.1', port });
  const name = 'shop.example.test';
  const provider = {
    driver: 'local',
    server: `127.0.0.1:${dns.dnsPort}`,
    api: `http://127.0.0.1:${dns.apiPort}`,
  } as const;
  const values = { primary: ['127.0.1.1'], recovery: ['127.0.2.1'] };
  const record = { name, type: 'A', ttlSeconds: 1, moveTtlSeconds: 1, values, provider } as const;
  const traffic = createLocalTraffic();
  const to = { group: 'shop', operationKey: 'run/switch', record, ttlSeconds: 1 };
  await traffic.switch({ ...to, epoch: 1, expected: [], next: values.primary }, context);

  const ledgerFile = path.join(folder, 'acknowledged.jsonl');
  const options = { name, dnsServer: provider.server, port, clients: 6, ratePerSecond: 120, ledgerFile };
  const customers = startCustomers(options);
  await until(() => customers.acknowledgements.length > 60);
  const since = Date.now();
  await kill(paris.ledger.child);
  cpSync(shop.volume('paris'), shop.volume('berlin'), { recursive: true });
  await shop.startAll({ site: 'berlin', address: '127.0.2.1', epoch: 2, port });
  await traffic.switch({ ...to, epoch: 2, expected: values.primary, next: values.recovery }, context);
  await until(() => customers.acknowledgements.some((ack) => ack.site === 'berlin'));
  const moved = Date.now();
  const before = customers.acknowledgements.length;
  await until(() => customers.acknowledgements.length > before + 60);
  const totals = await customers.stop();

  const kept = parseAcknowledgements(readFileSync(ledgerFile, 'utf8'));
  expect(kept).toEqual(customers.acknowledgements);
  expect(totals).toMatchObject({ acknowledged: kept.length, unanswered: 0 });
  expect(totals.attempts).toBeGreaterThan(totals.placed);
  expect(totals.longestInterruption?.milliseconds).toBeLessThanOrEqual(moved - since + 200);
  expect(kept.some((ack) => ack.attempts > 1 && ack.site === 'berlin')).toBe(true);
  expect(everyAcknowledgedOrderOnceInOrder(kept, shop.log('berlin'))).toMatchObject({ holds: true, evidence: [] });
  expect(neverTwoLedgersAtOnce(kept)).toMatchObject({ holds: true });
});

test('customers give up what nobody answers, and say so', async () => {
  const ledgerFile = path.join(folder, 'nobody.jsonl');
  const port = await freePort();
  const dnsServer = `127.0.0.1:${dns.dnsPort}`;
  const crowd = { clients: 2, ratePerSecond: 100, ledgerFile, giveUpSeconds: 0.05 };
  const customers = startCustomers({ name: 'nobody.example.test', dnsServer, port, ...crowd });
  await until(() => customers.lastFailure !== undefined);
  const totals = await customers.stop();
  expect(totals.acknowledged).toBe(0);
  expect(totals.unanswered).toBe(totals.placed);
});
