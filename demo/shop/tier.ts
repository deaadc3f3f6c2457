import { existsSync } from 'node:fs';
import http from 'node:http';

/** What the platform tells every workload it starts. */
export interface TierSettings {
  readonly tier: string;
  readonly site: string;
  readonly address: string;
  readonly port: number;
  readonly epoch: number;
  readonly fenceFile: string;
  readonly isolatedMarker: string;
}

export interface Answer {
  readonly status: number;
  readonly body: object;
}

/** Answers "<METHOD> <path>". A function is called in the very moment in which its answer is sent. */
export type Handler = (route: string, body: string) => Promise<Answer | (() => Answer)>;

const bodyLimitBytes = 64 * 1024;

export function readSettings(tier: string): TierSettings {
  return {
    tier,
    site: required('SWITCHBACK_SITE'),
    address: required('SWITCHBACK_ADDRESS'),
    port: Number(required('SWITCHBACK_PORT')),
    epoch: Number(required('SWITCHBACK_EPOCH')),
    fenceFile: required('SWITCHBACK_FENCE_FILE'),
    isolatedMarker: required('SWITCHBACK_ISOLATED_MARKER'),
  };
}

export function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`the environment variable ${name} is missing`);
  return value;
}

/** A cut-off site answers nobody. */
export function isIsolated(settings: TierSettings): boolean {
  return existsSync(settings.isolatedMarker);
}

/** Serves one tier at its address. Ends on SIGTERM, once what was accepted is answered. */
export function serveTier(settings: TierSettings, handler: Handler): http.Server {
  const server = http.createServer((request, response) => {
    respond({ settings, handler, server }, request, response).catch((error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      response.destroy();
    });
  });
  server.keepAliveTimeout = 30_000;
  server.listen({ host: settings.address, port: settings.port, exclusive: true });
  process.once('SIGTERM', () => {
    server.close(() => process.exit(0));
    server.closeIdleConnections();
  });
  return server;
}

interface Service {
  readonly settings: TierSettings;
  readonly handler: Handler;
  readonly server: http.Server;
}

async function respond(service: Service, request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
  const { settings, handler, server } = service;
  const body = await readBody(request);
  const [path] = (request.url ?? '/').split('?');
  const outcome = isIsolated(settings) ? undefined : await handler(`${request.method} ${path}`, body);
  // No `await` from here on: between the last look at the fence and the answer nothing else may run.
  const answer = typeof outcome === 'function' ? outcome() : outcome;
  if (answer === undefined || isIsolated(settings)) {
    response.destroy();
    return;
  }
  response.writeHead(answer.status, {
    'content-type': 'application/json',
    'x-switchback-site': settings.site,
    'x-switchback-epoch': String(settings.epoch),
    ...(server.listening ? {} : { connection: 'close' }),
  });
  response.end(`${JSON.stringify(answer.body)}\n`);
}

async function readBody(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyLimitBytes) throw new Error(`a request body is larger than ${bodyLimitBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
