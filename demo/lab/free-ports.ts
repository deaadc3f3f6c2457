import net from 'node:net';

/** Loopback ports that nobody listens on now. Whoever uses them may still lose a race for one. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listen()));
  const ports = servers.map((server) => (server.address() as net.AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** On all addresses, so that the port is free on that of every site. */
const listen = (): Promise<net.Server> =>
  new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject);
    server.listen(0, '0.0.0.0', () => resolve(server));
  });
