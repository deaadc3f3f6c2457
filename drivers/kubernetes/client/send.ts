import { setMaxListeners } from 'node:events';
import https from 'node:https';
import type http from 'node:http';
import type { Access } from './credentials';
import { KubeError, NoAnswer } from './kube-error';

export interface KubeRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** "/api/v1/namespaces/shop/pods" */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

/** An API server that says nothing for so long counts as one that does not answer. */
const silentMs = 10_000;
const closed: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE']);

/** Begins a request; resolves with a successful answer whose body is still to be read. Throws `KubeError` or `NoAnswer`. */
export async function send(access: Access, request: KubeRequest): Promise<http.IncomingMessage> {
  const { method, path, query = {}, body, contentType = 'application/json', signal } = request;
  const url = new URL(access.server.pathname.replace(/\/$/, '') + path, access.server);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const text = body === undefined ? undefined : JSON.stringify(body);
  const headers = {
    accept: 'application/json',
    ...access.headers,
    ...(text !== undefined && { 'content-type': contentType, 'content-length': Buffer.byteLength(text) }),
  };
  // One step may have hundreds of requests on their way: Node takes more than ten listeners for a leak, and says so.
  if (signal) setMaxListeners(0, signal);
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    const outgoing = https.request(url, {
      method,
      headers,
      agent: access.agent,
      timeout: silentMs,
      ...(signal && { signal }),
    });
    outgoing.once('response', resolve);
    outgoing.once('timeout', () => outgoing.destroy(new Error(`no answer within ${silentMs / 1000} s`)));
    outgoing.on('error', (error) => {
      const stale = outgoing.reusedSocket && closed.has((error as NodeJS.ErrnoException).code ?? '');
      reject(signal?.aborted === true ? (signal.reason as Error) : new NoAnswer(error.message, stale));
    });
    outgoing.end(text);
  });
  const status = response.statusCode ?? 0;
  if (status < 400) return response;
  throw errorOf(status, response.headers['retry-after'], await readText(response));
}

/** The whole body. Throws `NoAnswer` when the connection breaks before its end. */
export async function readText(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of response) chunks.push(chunk as Buffer);
  } catch (error) {
    throw new NoAnswer((error as Error).message);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function errorOf(status: number, retryAfter: string | undefined, text: string): KubeError {
  const { reason = '', message = text.slice(0, 500) } = parsed(text);
  const seconds = Number(retryAfter);
  const wait = retryAfter !== undefined && Number.isFinite(seconds) ? seconds : undefined;
  return new KubeError(status, reason, message || `HTTP ${status}`, wait);
}

function parsed(text: string): { reason?: string; message?: string } {
  try {
    return JSON.parse(text) as { reason?: string; message?: string };
  } catch {
    return {};
  }
}
