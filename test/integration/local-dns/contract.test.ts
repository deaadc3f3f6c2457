import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TrafficSpec } from '../../../core/model/traffic';
import { createLocalTraffic } from '../../../drivers/local/dns/local-traffic';
import { startDnsServer, type RunningDnsServer } from '../../../drivers/local/dns/start-dns-server';
import { describeTrafficContract, type TrafficFixture } from '../../contract/traffic-contract';
import { change, create, recordSets } from './change-client';

const folder = mkdtempSync(path.join(tmpdir(), 'switchback-dns-'));
let server: RunningDnsServer;
/** Never told of any change. */
let stale: RunningDnsServer;
let names = 0;

beforeAll(async () => {
  server = await startDnsServer({ folder: path.join(folder, 'server') });
  stale = await startDnsServer({ folder: path.join(folder, 'stale') });
});
afterAll(async () => {
  await Promise.all([server.stop(), stale.stop()]);
  rmSync(folder, { recursive: true });
});

async function newRecord(): Promise<TrafficSpec> {
  const name = `contract-${(names += 1)}.example.test`;
  const api = `http://127.0.0.1:${server.apiPort}`;
  const record = {
    name,
    type: 'A',
    ttlSeconds: 60,
    moveTtlSeconds: 5,
    values: { primary: ['192.0.2.1'], recovery: ['192.0.2.2'] },
    provider: { driver: 'local', server: `127.0.0.1:${server.dnsPort}`, api },
  } as const;
  await create(server.apiPort, setOf(record));
  return record;
}

const setOf = ({ name, values }: TrafficSpec) => ({ name, type: 'A', ttl: 60, values: values.primary }) as const;

async function setUp(): Promise<TrafficFixture> {
  const api = `http://127.0.0.1:${server.apiPort}`;
  const record = await newRecord();
  const set = setOf(record);
  return {
    group: 'shop',
    driver: createLocalTraffic(),
    record,
    another: newRecord,
    state: async () => recordSets(server.apiPort),
    changeBehind: async (values) => {
      const changes = [
        { action: 'DELETE', ...set },
        { action: 'CREATE', ...set, values },
      ];
      if ((await change(server.apiPort, changes)) !== 200) throw new Error('the record could not be changed');
    },
    servedStale: async () => {
      await create(stale.apiPort, set);
      return { ...record, provider: { driver: 'local', server: `127.0.0.1:${stale.dnsPort}`, api } };
    },
    unreachable: async () => {
      return { ...record, provider: { driver: 'local', server: '127.0.0.1:1', api: 'http://127.0.0.1:1' } };
    },
    tearDown: async () => undefined,
  };
}

describeTrafficContract('local name server', setUp);
