import dgram from 'node:dgram';
import { once } from 'node:events';
import { withinTime } from '../../../drivers/within-time';

/**
 * A name server that asks another one and passes its answer on, until it goes stale: then it repeats what it last answered to
 * each question, as a secondary does that no longer hears from its primary.
 */
export class StaleNameServer {
  private readonly answers = new Map<string, Buffer>();
  private upstream = 0;
  stale = false;

  private constructor(private readonly socket: dgram.Socket) {
    socket.on('message', (query, from) => {
      this.answer(query).then(
        (answer) => socket.send(answer, from.port, from.address),
        // No answer is an answer too: whoever asks runs into its timeout.
        () => undefined,
      );
    });
  }

  static async open(): Promise<StaleNameServer> {
    const socket = dgram.createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new StaleNameServer(socket);
  }

  get port(): number {
    return this.socket.address().port;
  }

  /** Passes on what the server at this port answers. */
  follow(port: number): void {
    this.upstream = port;
  }

  close(): void {
    this.socket.close();
  }

  /** The first two bytes of a message are its id, and belong to who asks. */
  private async answer(query: Buffer): Promise<Buffer> {
    const question = query.subarray(2).toString('hex');
    const known = this.answers.get(question);
    if (this.stale && known !== undefined) return Buffer.concat([query.subarray(0, 2), known.subarray(2)]);
    const fresh = await this.ask(query);
    this.answers.set(question, fresh);
    return fresh;
  }

  private async ask(query: Buffer): Promise<Buffer> {
    const socket = dgram.createSocket('udp4');
    try {
      socket.send(query, this.upstream, '127.0.0.1');
      const [answer] = (await withinTime({ ms: 1_000 }, (signal) => once(socket, 'message', { signal }))) as [Buffer];
      return answer;
    } finally {
      socket.close();
    }
  }
}
