import net from 'node:net';
import { SwitchbackFailure } from '../../../core/model/failure';

export type PortState = 'open' | 'closed' | 'unknown';

/** Whether something accepts connections there. Only a refused connection proves that the port is closed. */
export async function probePort(address: string, port: number, timeoutMs = 1_000): Promise<PortState> {
  return new Promise((resolve) => {
    const socket = net.connect({ host: address, port });
    const settle = (state: PortState): void => {
      socket.destroy();
      resolve(state);
    };
    // A busy worker sees the timer first, though the answer has long been there: let it read that before it gives up.
    socket.setTimeout(timeoutMs, () => setImmediate(settle, 'unknown'));
    socket.once('connect', () => settle('open'));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      settle(error.code === 'ECONNREFUSED' ? 'closed' : 'unknown'),
    );
  });
}

/** Listens at a free port of the address. `LabAddressMissing` when the machine does not have the address. */
export async function listenAt(address: string): Promise<net.Server> {
  const server = net.createServer();
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRNOTAVAIL' ? addressMissing(address) : error);
    });
    server.listen(0, address, () => resolve(server));
  });
}

export function addressMissing(address: string): SwitchbackFailure {
  return new SwitchbackFailure(
    'LabAddressMissing',
    `the loopback address ${address} cannot be bound on this machine; ${addressFix(address)}`,
    { address },
  );
}

/** Linux answers on all of 127.0.0.0/8; macOS has 127.0.0.1 alone. */
export function addressFix(address: string): string {
  return process.platform === 'darwin'
    ? `run \`sudo ifconfig lo0 alias ${address} up\``
    : `run \`sudo ip address add ${address}/32 dev lo\``;
}
