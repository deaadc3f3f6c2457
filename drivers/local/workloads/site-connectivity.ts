import { once } from 'node:events';
import net from 'node:net';
import type { Connectivity } from '../../../core/model/site';
import type { SiteFolder } from '../site-folder';
import { addressMissing, listenAt } from './port-probe';

const timeoutMs = 1_000;

/** A byte there and back over TCP between the addresses of the two sites; replication also needs both folders. */
export async function tryConnectivity(from: SiteFolder, to: SiteFolder): Promise<Connectivity> {
  const ends = { from: from.site.name, to: to.site.name };
  const silent = [from, to].find((folder) => !folder.reachable);
  if (silent !== undefined) return { ...ends, ok: false, saw: `site "${silent.site.name}" does not answer` };
  try {
    const latencyMs = await roundTrip(from.site.address, to.site.address);
    const saw = `TCP from ${from.site.address} to ${to.site.address} and back; both folders are there`;
    return { ...ends, ok: true, saw, latencyMs };
  } catch (error) {
    return { ...ends, ok: false, saw: error instanceof Error ? error.message : String(error) };
  }
}

async function roundTrip(from: string, to: string): Promise<number> {
  const server = await listenAt(to);
  server.on('connection', (socket) => socket.on('error', () => socket.destroy()).pipe(socket));
  const { port } = server.address() as net.AddressInfo;
  const since = performance.now();
  const socket = net.connect({ host: to, port, localAddress: from });
  try {
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    await once(socket, 'connect');
    socket.write('?');
    await once(socket, 'data');
    return Math.round((performance.now() - since) * 1_000) / 1_000;
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EADDRNOTAVAIL' ? addressMissing(from) : error;
  } finally {
    socket.destroy();
    server.close();
  }
}
