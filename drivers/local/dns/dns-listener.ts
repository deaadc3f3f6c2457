import dgram from 'node:dgram';
import { once } from 'node:events';
import net from 'node:net';
import { answerQuery, type ZoneView } from './dns-answer';

const idleMs = 10_000;
const portAttempts = 20;

/** Asked before each answer; a rejection is answered as a failure of the server. */
type View = () => ZoneView | Promise<ZoneView>;

interface Listening {
  readonly port: number;
  readonly close: () => void;
}

/** Answers on UDP and TCP of the same port; 0 takes a free one. */
export async function listenForQueries(host: string, port: number, view: View): Promise<Listening> {
  for (let attempt = 1; ; attempt += 1) {
    const tcp = net.createServer((socket) => answerStream(socket, view));
    tcp.listen(port, host);
    await once(tcp, 'listening');
    const taken = (tcp.address() as net.AddressInfo).port;
    try {
      const udp = await bindUdp(host, taken, view);
      return { port: taken, close: () => [udp, tcp].forEach((socket) => socket.close()) };
    } catch (error) {
      tcp.close();
      // The port that TCP got may be in use for UDP: then another one is tried, unless it was asked for.
      if (port !== 0 || attempt === portAttempts) throw error;
    }
  }
}

async function bindUdp(host: string, port: number, view: View): Promise<dgram.Socket> {
  const socket = dgram.createSocket('udp4');
  let open = true;
  socket.on('close', () => (open = false));
  socket.on('message', (query, from) => {
    void answerTo(query, view, 'udp').then((answer) => {
      if (answer !== undefined && open) socket.send(answer, from.port, from.address);
    });
  });
  socket.bind(port, host);
  await once(socket, 'listening');
  socket.on('error', (error) => process.stderr.write(`${String(error)}\n`));
  return socket;
}

async function answerTo(query: Buffer, view: View, transport: 'udp' | 'tcp'): Promise<Buffer | undefined> {
  const seen = await Promise.resolve()
    .then(view)
    .then(
      (zone) => () => zone,
      (error: unknown) => () => {
        throw error;
      },
    );
  return answerQuery({ query, view: seen, transport });
}

/** Each message is preceded by its length in two bytes. */
function answerStream(socket: net.Socket, view: View): void {
  let pending = Buffer.alloc(0);
  let answered = Promise.resolve();
  socket.setTimeout(idleMs, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
      const end = 2 + pending.readUInt16BE(0);
      const query = pending.subarray(2, end);
      pending = pending.subarray(end);
      answered = answered.then(async () => {
        const answer = await answerTo(query, view, 'tcp');
        if (answer !== undefined) writeWithLength(socket, answer);
      });
    }
  });
}

function writeWithLength(socket: net.Socket, answer: Buffer): void {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(answer.length);
  if (!socket.destroyed) socket.write(Buffer.concat([length, answer]));
}
