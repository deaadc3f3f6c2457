import { Socket } from 'node:net';
import { Client, Query } from 'pg';
import type { SqlProbe } from '../../core/model/check';
import type { Answer, ProbeRequest } from './probe-request';
import { masked, shorten } from './without-secrets';

const booleanType = 16;

/** First value of the first row as PostgreSQL writes it; null: NULL; undefined: there was no row. */
type FirstValue = string | null | undefined;

/** One query on PostgreSQL in a transaction that can only read. */
export async function probeSql(request: ProbeRequest<SqlProbe>): Promise<Answer> {
  const { probe, signal, options } = request;
  const password = probe.passwordFrom === undefined ? '' : options.environment[probe.passwordFrom];
  if (password === undefined) {
    return { ok: false, saw: `the environment variable ${probe.passwordFrom} of the worker is not set` };
  }
  const socket = new Socket();
  const letGo = (): void => void socket.destroy();
  signal.addEventListener('abort', letGo, { once: true });
  try {
    const client = clientOf(request, socket, password);
    // A connection that breaks while nobody waits for it would otherwise end the worker.
    client.on('error', () => undefined);
    await client.connect();
    return answerOf(await firstValue(client, probe.query), request);
  } finally {
    signal.removeEventListener('abort', letGo);
    letGo();
  }
}

function clientOf({ probe, address, timeoutMs }: ProbeRequest<SqlProbe>, socket: Socket, password: string): Client {
  return new Client({
    host: address,
    port: probe.port,
    database: probe.database,
    user: probe.user,
    // A function, because an empty text would make the client look for a password in places of its own.
    password: () => password,
    ssl: false,
    stream: () => socket,
    application_name: 'switchback',
    connectionTimeoutMillis: timeoutMs,
    statement_timeout: timeoutMs,
    // The one statement of the extended protocol is a transaction of its own, and gets no chance to change this.
    options: '-c default_transaction_read_only=on',
  });
}

/** Takes the first row and leaves the rest: a query on a large table must not fill the memory of the worker. */
async function firstValue(client: Client, text: string): Promise<FirstValue> {
  return new Promise((resolve, reject) => {
    // The extended protocol takes one statement only, so that nothing can follow the query and end its transaction.
    const config = { text, values: [], rowMode: 'array', queryMode: 'extended', types: { getTypeParser } };
    const query = client.query(new Query<FirstValue[]>(config));
    query.on('row', (row) => resolve(row[0]));
    query.on('end', () => resolve(undefined));
    query.on('error', reject);
    client.on('end', () => reject(new Error('the connection was closed before the answer came')));
  });
}

/** Values as their text, so that what is expected can be written down; booleans as "true" and "false". */
function getTypeParser(type: number): (value: string) => string {
  return (value) => (type === booleanType ? String(value === 't') : value);
}

function answerOf(value: FirstValue, { probe: { expect }, options }: ProbeRequest<SqlProbe>): Answer {
  if (value === undefined) return { ok: false, saw: `no row, not "${shorten(expect, 80)}"` };
  const found = value === null ? 'NULL' : `"${shorten(masked(value, options), 80)}"`;
  if (value === expect) return { ok: true, saw: `first column is ${found}` };
  return { ok: false, saw: `first column is ${found}, not "${shorten(expect, 80)}"` };
}
