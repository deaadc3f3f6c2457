import { mkdtemp, readFile, rm } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Connection, type WorkflowClient } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import { searchAttributes } from '../../../core/model/search-attributes';
import { createClient } from '../../../temporal/create-client';
import { findTemporalServer } from '../../../workers/temporal-server/find-temporal-server';
import { type RunningServer, startTemporalServer } from '../../../workers/temporal-server/start-temporal-server';

let folder: string;
let binary: string;
const running = new Set<RunningServer>();

beforeAll(async () => {
  // A test needs a server of its own, whatever TEMPORAL_ADDRESS offers.
  const env = { ...process.env, TEMPORAL_ADDRESS: '' };
  const found = await findTemporalServer({ say: () => undefined, env });
  if (found.kind === 'binary') binary = found.path;
}, 1_300_000);

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-server-'));
});

afterEach(async () => {
  for (const server of running) await server.kill9();
  running.clear();
  await rm(folder, { recursive: true, force: true });
});

const options = () => ({
  binary,
  dbFile: path.join(folder, 'temporal.db'),
  logFile: path.join(folder, 'temporal.log'),
  searchAttributes,
});

async function start(
  more: { port?: number; namespace?: string; uiPort?: number | false } = {},
): Promise<RunningServer> {
  const server = await startTemporalServer({ ...options(), ...more });
  running.add(server);
  return server;
}

async function withClient<T>(
  { address }: RunningServer,
  use: (client: WorkflowClient, connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await Connection.connect({ address });
  try {
    return await use((await createClient(connection)).workflow, connection);
  } finally {
    await connection.close();
  }
}

const portOf = (address: string): number => Number(address.split(':')[1]);

test('a workflow that was started before the server was killed is there after its restart on the same file and port', async () => {
  const first = await start({ uiPort: false });
  const group = defineSearchAttributeKey('SwitchbackGroup', 'KEYWORD');
  await withClient(first, (client) =>
    client.start('failback', {
      workflowId: 'failback/shop',
      taskQueue: 'nobody-serves-it',
      args: [{ runbook: 'shop' }],
      typedSearchAttributes: [{ key: group, value: 'shop' }],
    }),
  );
  await first.kill9();

  const second = await start({ uiPort: false, port: portOf(first.address) });

  expect(second.address).toBe(first.address);
  const description = await withClient(second, (client) => client.getHandle('failback/shop').describe());
  expect(description.status.name).toBe('RUNNING');
  expect(description.typedSearchAttributes.get(group)).toBe('shop');
});

test('a server that is said to be up has the namespace, the search attributes of the right types and the Web UI', async () => {
  const server = await start({ namespace: 'recovery' });

  const { customAttributes } = await withClient(server, (_, connection) =>
    connection.operatorService.listSearchAttributes({ namespace: 'recovery' }),
  );
  const [keyword, keywordList] = [2, 7];
  for (const [name, type] of Object.entries(searchAttributes)) {
    expect([name, Number(customAttributes[name])]).toEqual([name, type === 'Keyword' ? keyword : keywordList]);
  }
  expect((await fetch(server.uiAddress!)).status).toBe(200);
});

test('two servers run side by side on ports of their own', async () => {
  const [first, second] = [
    await start({ uiPort: false }),
    await startTemporalServer({ ...options(), dbFile: path.join(folder, 'b.db') }),
  ];
  running.add(second);
  expect(first.address).not.toBe(second.address);
  expect(first.uiAddress).toBeUndefined();
});

test.each(['stop', 'kill9'] as const)('after %s the process is gone and its port is free', async (way) => {
  const server = await start({ uiPort: false });
  await server[way]();
  expect(() => process.kill(server.pid, 0)).toThrow('ESRCH');
  await expect(Connection.connect({ address: server.address, connectTimeout: 300 })).rejects.toThrow();
});

test('a port that something else listens on is refused by its number, and nothing is left running', async () => {
  const other = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as net.AddressInfo;
  try {
    await expect(start({ port })).rejects.toMatchObject({
      code: 'TemporalUnavailable',
      message: expect.stringContaining(`cannot have port ${port}`),
    });
  } finally {
    other.close();
  }
});

test('a port that is taken before the server listens is given up for another', async () => {
  process.env['SERVER'] = binary;
  process.env['FIRST'] = path.join(folder, 'first');
  const server = await startTemporalServer({ ...options(), binary: path.join(__dirname, 'port-taken-once.sh') });
  running.add(server);
  await withClient(server, async (_, connection) => connection.healthService.check({}));
  expect((await readFile(options().logFile, 'utf8')).match(/^starting$/gm)).toHaveLength(2);
});

test('a server that ends instead of serving is reported with the end of its log', async () => {
  const failure = startTemporalServer({ ...options(), dbFile: folder });
  await expect(failure).rejects.toMatchObject({ code: 'TemporalUnavailable' });
  const log = await readFile(options().logFile, 'utf8');
  await expect(failure).rejects.toThrow(log.trim().split('\n').at(-1));
});

test('a program that runs and never serves is ended when the time is up', async () => {
  const failure = startTemporalServer({
    ...options(),
    binary: path.join(__dirname, 'never-serves.sh'),
    readyWithinSeconds: 1,
  });
  await expect(failure).rejects.toThrow(/does not serve on 127\.0\.0\.1:\d+ after 1 s/);
  const [pid] = (await readFile(options().logFile, 'utf8')).trim().split('\n');
  expect(() => process.kill(Number(pid), 0)).toThrow('ESRCH');
});

test('a binary that is not there is reported by its path', async () => {
  const failure = startTemporalServer({ ...options(), binary: path.join(folder, 'no-such-binary') });
  await expect(failure).rejects.toThrow(/did not start: .*no-such-binary/);
});
