import dgram from 'node:dgram';
import { once } from 'node:events';
import net from 'node:net';
import { answerQuery, type ZoneView } from './dns-answer';

const idleMs = 10_000;
const portAttempts = 20;

/** Answers on UDP and TCP of the same port; 0 takes a free one. Returns the port. */
export async function listenForQueries(host: string, port: number, view: () => ZoneView): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    const tcp = net.createServer((socket) => answerStream(socket, view));
    tcp.listen(port, host);
    await once(tcp, 'listening');
    const taken = (tcp.address() as net.AddressInfo).port;
    try {
      await bindUdp(host, taken, view);
      return taken;
    } catch (error) {
      tcp.close();
      // The port that TCP got may be in use for UDP: then another one is tried, unless it was asked for.
      if (port !== 0 || attempt === portAttempts) throw error;
    }
  }
}

async function bindUdp(host: string, port: number, view: () => ZoneView): Promise<void> {
  const socket = dgram.createSocket('udp4');
  socket.on('message', (query, from) => {
    const answer = answerQuery({ query, view, transport: 'udp' });
    if (answer !== undefined) socket.send(answer, from.port, from.address);
  });
  socket.bind(port, host);
  await once(socket, 'listening');
  socket.on('error', (error) => process.stderr.write(`${String(error)}\n`));
}

/** Each message is preceded by its length in two bytes. */
function answerStream(socket: net.Socket, view: () => ZoneView): void {
  let pending = Buffer.alloc(0);
  socket.setTimeout(idleMs, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
      const end = 2 + pending.readUInt16BE(0);
      const answer = answerQuery({ query: pending.subarray(2, end), view, transport: 'tcp' });
      pending = pending.subarray(end);
      if (answer === undefined) continue;
      const length = Buffer.alloc(2);
      length.writeUInt16BE(answer.length);
      socket.write(Buffer.concat([length, answer]));
    }
  });
}
