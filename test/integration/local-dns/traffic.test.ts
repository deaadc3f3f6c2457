import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TrafficSpec } from '../../../core/model/traffic';
import { createLocalTraffic } from '../../../drivers/local/dns/local-traffic';
import { startDnsServer, type RunningDnsServer } from '../../../drivers/local/dns/start-dns-server';
import type { CallContext, SwitchRequest } from '../../../drivers/ports';
import { change, create, recordSets } from './change-client';

const folder = mkdtempSync(path.join(tmpdir(), 'switchback-dns-'));
const context: CallContext = { signal: new AbortController().signal, progress: () => undefined };
const driver = createLocalTraffic();
let server: RunningDnsServer;
let names = 0;

beforeAll(async () => (server = await startDnsServer({ folder })));
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

async function newRecord(changes: Partial<TrafficSpec> = {}, create_ = true): Promise<TrafficSpec> {
  const values = { primary: ['127.0.1.1'], recovery: ['127.0.2.1'] };
  const server_ = `127.0.0.1:${server.dnsPort}`;
  const provider = { driver: 'local', server: server_, api: `http://127.0.0.1:${server.apiPort}` } as const;
  const name = `shop-${(names += 1)}.example.test`;
  const record = { name, type: 'A', ttlSeconds: 30, moveTtlSeconds: 1, values, provider, ...changes } as const;
  const set = { name, type: record.type, ttl: record.ttlSeconds, values: record.values.primary };
  if (create_) await create(server.apiPort, set);
  return record;
}

function move(record: TrafficSpec, epoch: number, changes: Partial<SwitchRequest> = {}): SwitchRequest {
  const { primary, recovery } = record.values;
  const mutation = { group: 'shop', operationKey: `run-${epoch}/switch`, epoch };
  return { ...mutation, record, expected: primary, next: recovery, ttlSeconds: record.moveTtlSeconds, ...changes };
}

test('a record that was never moved has epoch 0', async () => {
  const record = await newRecord();
  const { name } = record;
  const state = { name, type: 'A', values: ['127.0.1.1'], ttlSeconds: 30, epoch: 0 };
  expect(await driver.current(record, context)).toEqual(state);
});

test('a switch replaces values, TTL and owner epoch, and clients see it at once', async () => {
  const record = await newRecord();
  const moved = await driver.switch(move(record, 2), context);
  expect(moved).toMatchObject({ values: ['127.0.2.1'], ttlSeconds: 1, epoch: 2 });
  expect(await driver.current(record, context)).toEqual(moved);
  expect(await driver.resolve(record, context)).toMatchObject({
    values: ['127.0.2.1'],
    ttlSeconds: 1,
    server: `127.0.0.1:${server.dnsPort} (authoritative)`,
  });
  const [owner] = await recordSets(server.apiPort, `_switchback.${record.name}`);
  expect(owner).toMatchObject({ type: 'TXT', values: ['group=shop epoch=2'] });
});

test('a switch that is already as asked with the same epoch changes nothing', async () => {
  const record = await newRecord();
  const first = await driver.switch(move(record, 2), context);
  const before = await recordSets(server.apiPort);
  expect(await driver.switch(move(record, 2), context)).toEqual(first);
  expect(await recordSets(server.apiPort)).toEqual(before);
});

test('values other than the expected ones are RecordChanged, and nothing is changed', async () => {
  const record = await newRecord();
  const request = move(record, 2, { expected: ['127.0.9.9'] });
  await expect(driver.switch(request, context)).rejects.toMatchObject({ code: 'RecordChanged' });
  await expect(driver.setTtl(request, context)).rejects.toMatchObject({ code: 'RecordChanged' });
  expect(await driver.current(record, context)).toMatchObject({ values: ['127.0.1.1'], ttlSeconds: 30, epoch: 0 });
});

test('a record of a higher epoch is StaleEpoch, also when the values are again those expected (A-B-A)', async () => {
  const record = await newRecord();
  const { primary, recovery } = record.values;
  await driver.switch(move(record, 2), context);
  await driver.switch(move(record, 3, { expected: recovery, next: primary }), context);
  await expect(driver.switch(move(record, 2), context)).rejects.toMatchObject({ code: 'StaleEpoch' });
  await expect(driver.setTtl(move(record, 2), context)).rejects.toMatchObject({ code: 'StaleEpoch' });
  expect(await driver.current(record, context)).toMatchObject({ values: primary, epoch: 3 });
});

test('setTtl changes the TTL alone', async () => {
  const record = await newRecord();
  await driver.switch(move(record, 2), context);
  const { recovery } = record.values;
  const state = await driver.setTtl(move(record, 3, { expected: recovery, ttlSeconds: 77 }), context);
  expect(state).toMatchObject({ values: recovery, ttlSeconds: 77, epoch: 2 });
  expect(await driver.resolve(record, context)).toMatchObject({ values: recovery, ttlSeconds: 77 });
});

test('a record that another group owns is RecordChanged', async () => {
  const record = await newRecord();
  await driver.switch(move(record, 2), context);
  const request = move(record, 9, { group: 'other', expected: record.values.recovery });
  await expect(driver.switch(request, context)).rejects.toMatchObject({ code: 'RecordChanged' });
});

test('an ownership record that somebody else wrote is never overwritten', async () => {
  const record = await newRecord();
  const name = `_switchback.${record.name}`;
  await create(server.apiPort, { name, type: 'TXT', ttl: 5, values: ['hands off'] });
  await expect(driver.switch(move(record, 2), context)).rejects.toMatchObject({ code: 'RecordChanged' });
});

test.each([
  ['AAAA', { primary: ['::1'], recovery: ['fd00::2', 'fd00::3'] }],
  ['CNAME', { primary: ['paris.example.test'], recovery: ['berlin.example.test'] }],
  ['A', { primary: ['127.0.1.1', '127.0.1.2'], recovery: ['127.0.2.1'] }],
] as const)('records of type %s are switched and resolved', async (type, values) => {
  const record = await newRecord({ type, values });
  await driver.switch(move(record, 2), context);
  const seen = await driver.resolve(record, context);
  expect([...seen.values].sort()).toEqual([...values.recovery].sort());
  expect(seen.ttlSeconds).toBe(1);
});

test('a record that is not there yet is created by a switch that expects nothing', async () => {
  const record = await newRecord({}, false);
  expect(await driver.current(record, context)).toMatchObject({ values: [], epoch: 0 });
  expect(await driver.resolve(record, context)).toMatchObject({ values: [] });
  await driver.switch(move(record, 1, { expected: [] }), context);
  expect(await driver.resolve(record, context)).toMatchObject({ values: record.values.recovery });
});

test('resolve asks the name server and not the API', async () => {
  const record = await newRecord();
  const withoutApi = { ...record, provider: { ...record.provider, api: 'http://127.0.0.1:1' } } as TrafficSpec;
  expect(await driver.resolve(withoutApi, context)).toMatchObject({ values: ['127.0.1.1'] });
});

test.each(['A', 'CNAME'] as const)(
  'a name server that does not answer is an error for %s, never an empty answer',
  async (type) => {
    const record = await newRecord(
      { type, provider: { driver: 'local', server: '127.0.0.1:1', api: 'http://127.0.0.1:1' } },
      false,
    );
    await expect(driver.resolve(record, context)).rejects.toMatchObject({ code: 'SiteUnreachable' });
    await expect(driver.current(record, context)).rejects.toMatchObject({ code: 'SiteUnreachable' });
  },
);

test('a cancelled call ends with the reason of its signal', async () => {
  const record = await newRecord();
  const cancelled = { ...context, signal: AbortSignal.abort(new Error('cancelled')) };
  await expect(driver.current(record, cancelled)).rejects.toThrow('cancelled');
  await expect(driver.resolve(record, cancelled)).rejects.toThrow('cancelled');
  await expect(driver.switch(move(record, 2), cancelled)).rejects.toThrow('cancelled');
});

test('in 100 races of an older and a newer epoch the newer one wins, whoever comes first', async () => {
  const record = await newRecord();
  const { primary, recovery } = record.values;
  for (let round = 0; round < 100; round += 1) {
    const older = move(record, 2 * round + 2);
    const newer = move(record, 2 * round + 3, { next: ['127.0.3.3'] });
    const writers = [older, newer].map((request) => async () => {
      for (let turn = 0; turn < (request === older ? round % 5 : 4 - (round % 5)); turn += 1) await Promise.resolve();
      return driver.switch(request, context).then(
        () => 'moved',
        (error: { code: string }) => error.code,
      );
    });
    if (round % 2 === 1) writers.reverse();
    await Promise.all(writers.map(async (write) => write()));
    const won = await driver.current(record, context);
    // When the older one came first, the newer one found other values than it expected, and has to be decided anew.
    expect([
      [['127.0.3.3'], 2 * round + 3],
      [recovery, 2 * round + 2],
    ]).toContainEqual([won.values, won.epoch]);
    if (won.epoch === newer.epoch) {
      await expect(driver.switch(older, context)).rejects.toMatchObject({ code: 'StaleEpoch' });
    }
    await driver.switch(move(record, 2 * round + 3, { expected: won.values, next: primary }), context);
  }
});

describe('the change API', () => {
  test.each([
    ['DELETE with another TTL', { action: 'DELETE', ttl: 31 }],
    ['DELETE with other values', { action: 'DELETE', values: ['127.0.1.2'] }],
    ['DELETE of what is not there', { action: 'DELETE', type: 'AAAA', values: ['::1'] }],
    ['CREATE of what is there', { action: 'CREATE' }],
    ['CREATE of a CNAME beside it', { action: 'CREATE', type: 'CNAME', values: ['a.test'] }],
  ])('%s refuses the whole batch', async (_, wrong) => {
    const { name } = await newRecord();
    const good = { action: 'CREATE', name: `new.${name}`, type: 'A', ttl: 5, values: ['127.0.1.1'] };
    const bad = { name, type: 'A', ttl: 30, values: ['127.0.1.1'], ...wrong };
    const before = await recordSets(server.apiPort);
    expect(await change(server.apiPort, [good, bad])).toBe(409);
    expect(await change(server.apiPort, [bad, good])).toBe(409);
    expect(await recordSets(server.apiPort)).toEqual(before);
  });

  test.each([
    [{ action: 'UPSERT' }],
    [{ name: 'Shop.test' }],
    [{ name: 'shop.test.' }],
    [{ type: 'MX' }],
    [{ ttl: -1 }],
    [{ ttl: 1.5 }],
    [{ values: [] }],
    [{ values: ['127.0.0.256'] }],
    [{ values: ['127.0.0.1', '127.0.0.1'] }],
    [{ values: 'x' }],
  ])('an invalid change %j is refused', async (wrong) => {
    const good = { action: 'CREATE', name: 'invalid.example.test', type: 'A', ttl: 5, values: ['127.0.1.1'] };
    expect(await change(server.apiPort, [{ ...good, ...wrong }])).toBe(400);
  });
});
