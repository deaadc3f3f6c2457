import { Client } from 'pg';
import type { SqlProbe } from '../../../core/model/check';
import { type Probing, probing } from '../../unit/drivers/check-probing';
import { closedPort, type Listening, silentServer } from './lying-server';
import { type PostgresServer, postgresPrograms, startPostgres } from './postgres-server';

const programs = postgresPrograms();
const environment = { SHOP_DB_PASSWORD: 'correct-horse-battery', WRONG_PASSWORD: 'wrong-horse-battery' };

const probeOf = (port: number, more: Partial<SqlProbe> = {}): SqlProbe => ({
  kind: 'sql',
  port,
  database: 'postgres',
  user: 'shop',
  passwordFrom: 'SHOP_DB_PASSWORD',
  query: 'SELECT count(*) FROM orders',
  expect: '3',
  ...more,
});

test('nobody there is not healthy', async () => {
  const seen = await probing(probeOf(await closedPort()), { environment });
  expect(seen).toMatchObject({ ok: false, saw: expect.stringMatching(/ECONNREFUSED 127\.0\.0\.1/) as string });
});

test('a variable that is not set is told by its name, and nothing is connected to', async () => {
  const server = await silentServer();
  const seen = await probing(probeOf(server.port), { environment: {} });
  expect(seen).toMatchObject({ ok: false, saw: expect.stringMatching(/SHOP_DB_PASSWORD .* is not set/) as string });
  expect(server.asked()).toBe(0);
  await server.close();
});

describe('a server that accepts the connection and says nothing', () => {
  let silent: Listening;
  beforeAll(async () => void (silent = await silentServer()));
  afterAll(async () => silent.close());

  test('is late after the timeout of the check', async () => {
    const seen = await probing(probeOf(silent.port), { environment, timeoutMs: 80 });
    expect(seen).toMatchObject({ ok: false, saw: 'no answer within 80 ms' });
  });

  test('is let go of at once when the call is cancelled', async () => {
    const controller = new AbortController();
    const call = probing(probeOf(silent.port), { environment, timeoutMs: 600_000, signal: controller.signal });
    setImmediate(() => controller.abort(new Error('no longer needed')));
    await expect(call).rejects.toThrow('no longer needed');
  });
});

if (programs === undefined) {
  test('postgres binaries not found: SQL check against a real server not run', async () => {
    const seen = await probing(probeOf(await closedPort()), { environment });
    expect(seen).toMatchObject({ ok: false, saw: expect.stringMatching(/ECONNREFUSED/) as string });
  });
} else {
  describe('a real server', () => {
    let server: PostgresServer;

    beforeAll(async () => {
      server = await startPostgres(programs);
      await withClient(async (client) => {
        await client.query('CREATE TABLE orders (id int PRIMARY KEY, note text)');
        await client.query(`INSERT INTO orders VALUES (1, 'first'), (2, NULL), (3, 'third')`);
      });
    });

    afterAll(async () => server.stop());

    async function withClient<T>(work: (client: Client) => Promise<T>): Promise<T> {
      const { user, password, port } = server;
      const client = new Client({ host: '127.0.0.1', port, user, password, database: 'postgres' });
      await client.connect();
      return work(client).finally(async () => client.end());
    }

    const ask = async (more: Partial<SqlProbe> = {}, how: Probing = {}) =>
      probing(probeOf(server.port, more), { environment, ...how });

    test.each([
      ['SELECT count(*) FROM orders', '3'],
      ['SELECT note, id FROM orders ORDER BY id', 'first'],
      ['SELECT bool_and(id > 0) FROM orders', 'true'],
      ['SELECT 1.50', '1.50'],
      [`SELECT timestamp '2026-11-21 10:15'`, '2026-11-21 10:15:00'],
      ['SHOW transaction_read_only', 'on'],
      ['SELECT count(*) FROM orders;', '3'],
    ])('%s with the answer %s passes', async (query, expected) => {
      expect(await ask({ query, expect: expected })).toMatchObject({ ok: true, saw: `first column is "${expected}"` });
    });

    test.each([
      ['another value', 'SELECT count(*) FROM orders WHERE id > 1', /first column is "2", not "3"/],
      ['no row', 'SELECT id FROM orders WHERE id > 9', /no row, not "3"/],
      ['NULL', 'SELECT note FROM orders WHERE id = 2', /first column is NULL, not "3"/],
      ['an unknown table', 'SELECT 1 FROM nothing', /relation "nothing" does not exist/],
      ['nothing to ask', '', /no row|no answer/],
    ])('%s fails and says so', async (_case, query, saw) => {
      const seen = await ask({ query }, { timeoutMs: 5000 });
      expect(seen).toMatchObject({ ok: false, saw: expect.stringMatching(saw) as string });
    });

    test.each([
      ['a change', 'DELETE FROM orders RETURNING 3', /read-only transaction/],
      ['a second statement', 'COMMIT; DELETE FROM orders', /multiple commands/],
    ])('%s is refused by the server, and changes nothing', async (_case, query, saw) => {
      expect(await ask({ query })).toMatchObject({ ok: false, saw: expect.stringMatching(saw) as string });
      const { rows } = await withClient(async (client) => client.query('SELECT count(*)::int AS left FROM orders'));
      expect(rows).toEqual([{ left: 3 }]);
    });

    test.each([
      ['a wrong password', { passwordFrom: 'WRONG_PASSWORD' }],
      ['no password', {}],
    ])('%s fails, and no password is told', async (_case, { passwordFrom }: { passwordFrom?: string }) => {
      process.env['PGPASSWORD'] = server.password;
      const { passwordFrom: _none, ...probe } = probeOf(server.port);
      const asked = passwordFrom === undefined ? probe : { ...probe, passwordFrom };
      const seen = await probing(asked, { environment }).finally(() => delete process.env['PGPASSWORD']);
      expect(seen.ok).toBe(false);
      expect(seen.saw).not.toMatch(/horse/);
    });

    test('a value that holds the password is told without it', async () => {
      const seen = await ask({ query: `SELECT 'x correct-horse-battery'` });
      expect(seen.saw).toBe('first column is "x ***", not "3"');
    });

    test('a slow query is late after the timeout of the check, and ends at the server too', async () => {
      const seen = await ask({ query: 'SELECT pg_sleep(600)' }, { timeoutMs: 300 });
      expect(seen.ok).toBe(false);
      expect(seen.saw).toMatch(/no answer within 300 ms|statement timeout/);
      for (;;) {
        const running = await withClient(async (client) =>
          client.query(`SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'`),
        );
        if (running.rowCount === 0) break;
      }
    });

    test('of a large answer only the first row is taken', async () => {
      const query = `SELECT repeat('x', 1000) FROM generate_series(1, 10000000)`;
      expect(await ask({ query, expect: 'x'.repeat(1000) }, { timeoutMs: 60_000 })).toMatchObject({ ok: true });
    });
  });
}
