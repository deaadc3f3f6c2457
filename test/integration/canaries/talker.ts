import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** One call of a server, complete. */
export interface Exchange {
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
  readonly answer: Answer;
}

/** A web server at several addresses, on one port, whose answer can be changed. */
export class Talker {
  answer: (path: string) => Answer = () => ({ body: 'ok' });
  private readonly servers: http.Server[] = [];
  port = 0;

  /** `noted` is told of every exchange, after the answer is out. */
  constructor(private readonly noted: (exchange: Exchange) => void) {}

  async open(addresses: readonly string[]): Promise<this> {
    for (const address of addresses) {
      const server = http.createServer((request, response) => void this.reply(request, response));
      server.listen(this.port, address);
      await once(server, 'listening');
      this.port = (server.address() as AddressInfo).port;
      this.servers.push(server);
    }
    return this;
  }

  async close(): Promise<void> {
    for (const server of this.servers) {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    }
  }

  private async reply(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    // Whoever hangs up in the middle of a request has said nothing.
    const body = await text(request).catch(() => undefined);
    if (body === undefined) return;
    const { url = '/', headers } = request;
    const answer = this.answer(url);
    response.on('finish', () => this.noted({ path: url, headers, body, answer }));
    response.writeHead(answer.status ?? 200, answer.headers).end(answer.body);
  }
}
