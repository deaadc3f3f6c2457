import net from 'node:net';
import { isBlocked } from './blocked-ports';
import type { ServedPort } from './service-ports';

interface Listening {
  readonly server: net.Server;
  readonly connections: Set<net.Socket>;
  served: ServedPort;
}

const keyOf = ({ host, port }: ServedPort): string => `${host}:${port}`;

/** Listens at the addresses of Services and passes each connection on to one of the pods that are Ready then. */
export class PortForwarder {
  readonly #listening = new Map<string, Listening>();

  constructor(
    /** Of the cluster. */
    private readonly folder: string,
    private readonly say: (line: string) => void,
  ) {}

  /** From now on these and no others. Connections of one that is gone are ended. */
  serve(ports: readonly ServedPort[]): void {
    const wanted = new Map(ports.map((port) => [keyOf(port), port]));
    for (const [key, { server, connections }] of this.#listening) {
      if (wanted.has(key)) continue;
      this.#listening.delete(key);
      server.close();
      for (const socket of connections) socket.destroy();
    }
    for (const [key, served] of wanted) {
      const there = this.#listening.get(key);
      if (there === undefined) this.#listen(key, served);
      else there.served = served;
    }
  }

  #listen(key: string, served: ServedPort): void {
    const server = net.createServer((socket) => void this.#accept(listening, socket));
    const listening: Listening = { server, connections: new Set(), served };
    this.#listening.set(key, listening);
    server.on('error', (error) => {
      this.say(`${key}: ${error.message}`);
      // Tried again with the next change.
      this.#listening.delete(key);
    });
    server.listen(served.port, served.host);
  }

  async #accept(listening: Listening, socket: net.Socket): Promise<void> {
    const { connections } = listening;
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
    socket.on('error', () => socket.destroy());
    if (await isBlocked(this.folder, listening.served)) return;
    const { endpoints } = listening.served;
    const endpoint = endpoints[Math.floor(Math.random() * endpoints.length)];
    if (endpoint === undefined) return void socket.resetAndDestroy();
    const onward = net.connect(endpoint.port, endpoint.host);
    onward.on('error', () => socket.destroy());
    onward.on('close', () => socket.destroy());
    socket.on('close', () => onward.destroy());
    socket.pipe(onward).pipe(socket);
  }
}
