import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RecordStore } from './record-store';

const bodyLimitBytes = 1024 * 1024;

interface ApiAnswer {
  readonly status: number;
  readonly body: object;
}

/**
 * The change API, for loopback only:
 *
 *   GET  /records?name=<name>   {"serial": 7, "sets": [{"name", "type", "ttl", "values"}]}
 *   POST /changes               {"changes": [{"action": "CREATE" | "DELETE", "name", "type", "ttl", "values"}]}
 *                               200 when all are applied; 409 RecordChanged or 400 InvalidChange when none is
 */
export async function serveChangeApi(host: string, port: number, store: RecordStore): Promise<number> {
  const server = http.createServer((request, response) => {
    answer(request, store)
      .catch((error: unknown) => ({ status: 500, body: { code: 'ServerFailure', message: String(error) } }))
      .then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body));
      }, String);
  });
  server.listen(port, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function answer(request: http.IncomingMessage, store: RecordStore): Promise<ApiAnswer> {
  const url = new URL(request.url ?? '/', 'http://loopback');
  if (request.method === 'GET' && url.pathname === '/records') {
    const name = url.searchParams.get('name');
    const sets = name === null ? store.sets : store.sets.filter((set) => set.name === name);
    return { status: 200, body: { serial: store.serial, sets } };
  }
  if (request.method !== 'POST' || url.pathname !== '/changes') {
    return { status: 404, body: { code: 'NotFound', message: `${request.method} ${url.pathname}` } };
  }
  const changes = parseChanges(await readBody(request));
  if (changes === undefined) return { status: 400, body: { code: 'InvalidChange', message: 'no list "changes"' } };
  const outcome = store.change(changes);
  if (outcome.kind === 'applied') return { status: 200, body: { serial: store.serial } };
  const { code, message } = outcome;
  return { status: code === 'RecordChanged' ? 409 : 400, body: { code, message } };
}

function parseChanges(text: string): readonly unknown[] | undefined {
  try {
    const value = JSON.parse(text) as { readonly changes?: unknown } | null;
    return Array.isArray(value?.changes) ? value.changes : undefined;
  } catch {
    return undefined;
  }
}

async function readBody(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyLimitBytes) throw new Error(`the request is larger than ${bodyLimitBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
