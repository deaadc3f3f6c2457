import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo } from 'node:net';

export interface Listening {
  readonly port: number;
  /** Requests, or connections, so far. */
  readonly asked: () => number;
  readonly close: () => Promise<void>;
}

/** A real web server on loopback that answers as the listener says. */
export async function webServer(listener: RequestListener, address = '127.0.0.1'): Promise<Listening> {
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    listener(request, response);
  });
  return { ...(await listening(server, address)), asked: () => asked };
}

/** Accepts connections, and never says a word. */
export async function silentServer(): Promise<Listening> {
  let asked = 0;
  const sockets = new Set<{ destroy(): void }>();
  const server = createTcpServer((socket) => {
    asked += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  };
  return { port: (server.address() as AddressInfo).port, asked: () => asked, close };
}

/** A port on which nobody listens, at least not a moment ago. */
export async function closedPort(): Promise<number> {
  const { port, close } = await silentServer();
  await close();
  return port;
}

async function listening(server: Server, address: string): Promise<Omit<Listening, 'asked'>> {
  server.listen(0, address);
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { port: (server.address() as AddressInfo).port, close };
}
