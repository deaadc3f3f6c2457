import { randomInt } from 'node:crypto';
import net from 'node:net';

/**
 * Below what systems give to outgoing connections, from 32768 on under Linux and from 49152 on elsewhere: one of those would take a
 * port between its choice and its use. Below the NodePorts of Kubernetes as well, which begin at 30000.
 */
const [lowest, highest] = [10_000, 29_999];
const tries = 100;

const given = new Set<number>();

/**
 * A port that is free now at the address, another one each time; whoever uses it must be ready to lose the race for it. At 0.0.0.0:
 * at every address.
 */
export async function freePort(address = '127.0.0.1'): Promise<number> {
  for (let left = tries; left > 0; left -= 1) {
    const port = randomInt(lowest, highest + 1);
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port, address)) return port;
  }
  throw new Error(`none of ${tries} ports at ${address} is free`);
}

export function isFree(port: number, address = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, address, () => probe.close(() => resolve(true)));
  });
}
