import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import type { AddressInfo } from 'node:net';

/** Programs in a folder of their own, each of which tells what it is given to tell. */
export class Programs {
  readonly folder = mkdtempSync(path.join(os.tmpdir(), 'switchback-talk-'));

  /** A program for hooks and checks. */
  write(name: string, script: string): string {
    const file = path.join(this.folder, name);
    writeFileSync(file, `#!${process.execPath}\n${script}\n`);
    chmodSync(file, 0o755);
    return file;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

export type Reply = (response: http.ServerResponse) => void;

/** A web server at several addresses, on one port, whose answer can be changed. */
export class Talker {
  reply: Reply = (response) => response.end('ok');
  private readonly servers: http.Server[] = [];
  port = 0;

  async open(addresses: readonly string[]): Promise<this> {
    for (const address of addresses) {
      const server = http.createServer((request, response) => {
        request.resume();
        this.reply(response);
      });
      server.listen(this.port, address);
      await once(server, 'listening');
      this.port = (server.address() as AddressInfo).port;
      this.servers.push(server);
    }
    return this;
  }

  async close(): Promise<void> {
    for (const server of this.servers) {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    }
  }
}

/** Speaks as much PostgreSQL as it takes to refuse a login, with these words. */
export async function refusingDatabase(address: string, port: number, words: string): Promise<net.Server> {
  const fields = `SFATAL\0C28P01\0M${words}\0\0`;
  const length = Buffer.alloc(4);
  length.writeUInt32BE(fields.length + 4);
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(Buffer.concat([Buffer.from('E'), length, Buffer.from(fields)])));
  });
  server.listen(port, address);
  await once(server, 'listening');
  return server;
}
