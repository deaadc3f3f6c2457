import net from 'node:net';

/** A loopback port in front of an API server that can be closed, as a cable that is cut. */
export class ApiGate {
  readonly #connections = new Set<net.Socket>();
  #open = true;

  static async before(server: string): Promise<ApiGate> {
    const target = Number(new URL(server).port);
    const listener = net.createServer();
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    return new ApiGate(listener, target);
  }

  private constructor(
    private readonly listener: net.Server,
    target: number,
  ) {
    listener.on('connection', (socket) => {
      if (!this.#open) return void socket.resetAndDestroy();
      const onward = net.connect(target, '127.0.0.1');
      for (const [one, other] of [
        [socket, onward],
        [onward, socket],
      ] as const) {
        this.#connections.add(one);
        one.on('error', () => other.destroy());
        one.on('close', () => {
          this.#connections.delete(one);
          other.destroy();
        });
        one.pipe(other);
      }
    });
  }

  get address(): string {
    return `https://127.0.0.1:${(this.listener.address() as net.AddressInfo).port}`;
  }

  /** Ends every connection, and resets each new one. */
  close(): void {
    this.#open = false;
    for (const socket of this.#connections) socket.resetAndDestroy();
  }

  open(): void {
    this.#open = true;
  }

  async stop(): Promise<void> {
    this.close();
    await new Promise((resolve) => this.listener.close(resolve));
  }
}
