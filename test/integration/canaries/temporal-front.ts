import { once } from 'node:events';
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';

type Headers = http2.IncomingHttpHeaders & http2.IncomingHttpStatusHeader;

export interface FrontCall {
  /** The program that makes the call. */
  readonly agent: string;
  /** What it shows to be let in. */
  readonly shown: string;
  /** Absent: it is passed on. */
  readonly refusal?: string;
}

export interface FrontOptions {
  /** `host:port` of the server behind it. */
  readonly behind: string;
  /** Calls of these paths; all others are refused, with words that repeat what was shown. */
  readonly admits: RegExp;
  readonly noted: (call: FrontCall) => void;
}

/** Of a gateway before the server that wants a key of its own. */
export const gatewayHeader = 'x-gateway-key';

const unauthenticated = '16';

/** Stands before a Temporal server, which itself takes no keys, and sees with which key it is called. */
export class TemporalFront {
  private readonly server = http2.createServer();
  private readonly sessions = new Set<http2.Http2Session>();
  private onward: http2.ClientHttp2Session | undefined;

  private constructor(private readonly options: FrontOptions) {
    this.server.on('session', (session) => {
      this.sessions.add(session);
      session.on('close', () => this.sessions.delete(session));
    });
    this.server.on('stream', (stream, headers) => this.take(stream, headers));
  }

  static async open(options: FrontOptions): Promise<TemporalFront> {
    const front = new TemporalFront(options);
    front.server.listen(0, '127.0.0.1');
    await once(front.server, 'listening');
    return front;
  }

  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const session of this.sessions) session.destroy();
    await closed;
    this.onward?.destroy();
  }

  /** Servers end connections of a certain age. */
  private connected(): http2.ClientHttp2Session {
    if (this.onward !== undefined && !this.onward.closed) return this.onward;
    this.onward = http2.connect(`http://${this.options.behind}`);
    // Each call that is under way tells of it.
    this.onward.on('error', () => undefined);
    return this.onward;
  }

  private take(stream: http2.ServerHttp2Stream, headers: Headers): void {
    const { authorization = '', [gatewayHeader]: gateway = '', 'user-agent': agent = '' } = headers;
    const shown = `${authorization}, ${String(gateway)}`;
    stream.on('error', () => undefined);
    if (this.options.admits.test(headers[':path'] ?? '')) {
      this.options.noted({ agent, shown });
      return pass(stream, headers, this.connected());
    }
    const refusal = `who is ${shown}?`;
    stream.respond(
      { 'content-type': 'application/grpc', 'grpc-status': unauthenticated, 'grpc-message': refusal },
      { endStream: true },
    );
    this.options.noted({ agent, shown, refusal });
  }
}

function pass(stream: http2.ServerHttp2Stream, headers: Headers, onward: http2.ClientHttp2Session): void {
  const call = onward.request(headers);
  let trailers: http2.OutgoingHttpHeaders = {};
  call.on('error', () => stream.close(http2.constants.NGHTTP2_REFUSED_STREAM));
  call.on('trailers', (given: http2.IncomingHttpHeaders) => (trailers = given));
  call.on('response', (given, flags) => {
    // A call that fails at once has all it says in these headers.
    const ends = (flags & http2.constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    if (stream.destroyed) return;
    stream.on('wantTrailers', () => stream.sendTrailers(trailers));
    stream.respond(given, { endStream: ends, waitForTrailers: !ends });
    if (!ends) call.pipe(stream);
  });
  stream.on('close', () => call.close(http2.constants.NGHTTP2_CANCEL));
  stream.pipe(call);
}
