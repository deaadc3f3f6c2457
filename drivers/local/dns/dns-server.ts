import { renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { serveChangeApi } from './change-api';
import { listenForQueries } from './dns-listener';
import { RecordStore } from './record-store';

/**
 * A program: `dns-server --folder <state> --dns 127.0.0.1:5353 --api 127.0.0.1:5380`; port 0 takes a free one. When it serves,
 * `<state>/listening.json` says {"pid", "dnsPort", "apiPort"}. With a parent that it has a channel to, it ends when that ends.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { folder: { type: 'string' }, dns: { type: 'string' }, api: { type: 'string' } },
  });
  const { folder, dns, api } = values;
  if (folder === undefined || dns === undefined || api === undefined) {
    throw new Error('usage: dns-server --folder <folder> --dns <host:port> --api <host:port>');
  }
  const store = RecordStore.open(folder);
  const { port: dnsPort } = await listenForQueries(hostOf(dns), portOf(dns), () => store);
  const apiPort = await serveChangeApi(hostOf(api), portOf(api), store);
  const listening = path.join(folder, 'listening.json');
  writeFileSync(`${listening}.tmp`, JSON.stringify({ pid: process.pid, dnsPort, apiPort }));
  renameSync(`${listening}.tmp`, listening);
}

const hostOf = (address: string): string => address.slice(0, address.lastIndexOf(':'));
const portOf = (address: string): number => Number(address.slice(address.lastIndexOf(':') + 1));

process.once('disconnect', () => process.exit(0));
process.once('SIGTERM', () => process.exit(0));
main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
