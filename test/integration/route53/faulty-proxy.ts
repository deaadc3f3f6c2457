import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** The calls of the service that the driver makes, by their requests. */
export type Call = 'list' | 'change' | 'getChange' | 'other';

export interface SeenRequest {
  readonly call: Call;
  readonly body: string;
  readonly authorization: string;
}

/** What happens to a request instead of being passed on and answered. */
export type Fault =
  | { readonly kind: 'answer'; readonly status: number; readonly body: string }
  /** Passed on; the answer is lost. `then` runs before the connection is cut. */
  | { readonly kind: 'lose-answer'; readonly then?: () => Promise<void> }
  /** Passed on after this. */
  | { readonly kind: 'before'; readonly run: () => Promise<void> }
  /** Passed on; the answer says that the change is not everywhere yet. */
  | { readonly kind: 'pending' };

/** Stands before a server and passes requests on, but for the faults that are laid out for them. */
export class FaultyProxy {
  readonly requests: SeenRequest[] = [];
  private readonly faults: { readonly call: Call; readonly fault: Fault }[] = [];

  private constructor(
    private readonly server: http.Server,
    private readonly target: () => string,
  ) {
    server.on('request', (request: http.IncomingMessage, response: http.ServerResponse) => {
      this.handle(request, response).catch(() => response.destroy());
    });
  }

  static async open(target: () => string): Promise<FaultyProxy> {
    const server = http.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new FaultyProxy(server, target);
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Meets the next so many requests of the call. */
  inject(call: Call, fault: Fault, times = 1): void {
    for (let index = 0; index < times; index += 1) this.faults.push({ call, fault });
  }

  clear(): void {
    this.faults.length = 0;
    this.requests.length = 0;
  }

  calls(call: Call): readonly SeenRequest[] {
    return this.requests.filter((request) => request.call === call);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async handle(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const body = await textOf(request);
    const call = callOf(request);
    this.requests.push({ call, body, authorization: request.headers.authorization ?? '' });
    const at = this.faults.findIndex((laid) => laid.call === call);
    const fault = at < 0 ? undefined : this.faults.splice(at, 1)[0]?.fault;
    if (fault?.kind === 'answer') {
      response.writeHead(fault.status, { 'content-type': 'text/xml' }).end(fault.body);
      return;
    }
    if (fault?.kind === 'before') await fault.run();
    const answer = await this.passOn(request, body);
    if (fault?.kind === 'lose-answer') {
      await fault.then?.();
      response.destroy();
      return;
    }
    const text = fault?.kind === 'pending' ? answer.text.replace('INSYNC', 'PENDING') : answer.text;
    response.writeHead(answer.status, { 'content-type': 'text/xml' }).end(text);
  }

  private async passOn(request: http.IncomingMessage, body: string): Promise<{ status: number; text: string }> {
    const { host: _host, 'content-length': _length, connection: _connection, ...headers } = request.headers;
    const answer = await fetch(`${this.target()}${request.url}`, {
      method: request.method ?? 'GET',
      headers: headers as Record<string, string>,
      ...(body !== '' && { body }),
    });
    return { status: answer.status, text: await answer.text() };
  }
}

function callOf({ method, url = '' }: http.IncomingMessage): Call {
  if (/\/hostedzone\/[^/]+\/rrset/.test(url)) return method === 'POST' ? 'change' : 'list';
  return /\/change\//.test(url) ? 'getChange' : 'other';
}

async function textOf(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** An error as the service writes it. */
export const refusal = (status: number, code: string, message: string): Fault => ({
  kind: 'answer',
  status,
  body: `<?xml version="1.0"?><ErrorResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>test</RequestId></ErrorResponse>`,
});
