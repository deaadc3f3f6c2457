import net from 'node:net';

/** A loopback port that is free now; whoever uses it must be ready to lose the race for it. */
export async function freePort(): Promise<number> {
  const port = await bind(0);
  if (port === undefined) throw new Error('no loopback port is free');
  return port;
}

export async function isFree(port: number): Promise<boolean> {
  return (await bind(port)) !== undefined;
}

function bind(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once('error', () => resolve(undefined));
    probe.listen(port, '127.0.0.1', () => {
      const bound = (probe.address() as net.AddressInfo).port;
      probe.close(() => resolve(bound));
    });
  });
}
