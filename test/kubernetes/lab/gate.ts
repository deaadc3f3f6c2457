import net from 'node:net';

export interface GatePlace {
  readonly address: string;
  /** 0: one that is free. */
  readonly port: number;
}

/** Where a connection goes on to; undefined: nowhere, so that it is reset. */
export type Onward = () => Promise<{ readonly host: string; readonly port: number } | undefined>;

/** A port in front of something else that can be closed, as a cable that is cut. */
export class Gate {
  readonly #connections = new Set<net.Socket>();
  #open = true;

  static async at({ address, port }: GatePlace, onward: Onward): Promise<Gate> {
    const listener = net.createServer();
    await new Promise<void>((resolve, reject) => listener.once('error', reject).listen(port, address, resolve));
    return new Gate(listener, onward);
  }

  private constructor(
    private readonly listener: net.Server,
    private readonly onward: Onward,
  ) {
    listener.on('connection', (socket) => {
      this.#keep(socket);
      this.#pass(socket).catch(() => socket.resetAndDestroy());
    });
  }

  get port(): number {
    return (this.listener.address() as net.AddressInfo).port;
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

  async #pass(socket: net.Socket): Promise<void> {
    const target = this.#open ? await this.onward() : undefined;
    if (target === undefined || !this.#open) return void socket.resetAndDestroy();
    const further = net.connect(target.port, target.host);
    this.#keep(further);
    socket.on('close', () => further.destroy());
    further.on('close', () => socket.destroy());
    socket.pipe(further).pipe(socket);
  }

  #keep(socket: net.Socket): void {
    this.#connections.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#connections.delete(socket));
  }
}

/** A loopback port in front of an API server. */
export async function gateBefore(server: string): Promise<Gate> {
  const target = { host: '127.0.0.1', port: Number(new URL(server).port) };
  return Gate.at({ address: '127.0.0.1', port: 0 }, async () => target);
}
