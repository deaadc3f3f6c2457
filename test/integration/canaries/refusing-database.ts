import { once } from 'node:events';
import net from 'node:net';

/** Message of type R with the code 3: a password in plain text is wanted. */
const passwordWanted = Buffer.from('R\0\0\0\x08\0\0\0\x03', 'latin1');

/** What a message of a type and a body looks like to PostgreSQL. */
function messageOf(type: string, body: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, Buffer.from(body)]);
}

export interface Login {
  readonly password: string;
  readonly refusal: string;
}

/** Speaks as much PostgreSQL as it takes to ask for a password and to refuse it, with words that repeat it. */
export async function refusingDatabase(
  { address, port }: { readonly address: string; readonly port: number },
  noted: (login: Login) => void,
): Promise<net.Server> {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.once('data', (message) => {
        const password = message.subarray(5, -1).toString();
        const refusal = `password authentication failed: ${password}`;
        socket.end(messageOf('E', `SFATAL\0C28P01\0M${refusal}\0\0`), () => noted({ password, refusal }));
      });
      socket.write(passwordWanted);
    });
  });
  server.listen(port, address);
  await once(server, 'listening');
  return server;
}
