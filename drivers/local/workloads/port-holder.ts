import { readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { namesIn } from '../names-in';

interface Port {
  readonly address: string;
  readonly port: number;
  /** First process of the workload, which mostly holds the port. */
  readonly main: number;
  /** Every process of the workload; looking for them takes long. */
  readonly ours: () => ReadonlySet<number>;
}

/**
 * What answers at the port instead of the workload, in words; undefined: nothing, or nobody can tell. On Linux the kernel says
 * which sockets listen, and whose they are to those who may look into the process.
 */
export function strangerAtPort({ address, port, main, ours }: Port): string | undefined {
  const listening = listenersAt(address, port);
  if (listening.size === 0) return undefined;
  const held = socketsOf(main);
  // Of another user: what it holds is not told.
  if (held === undefined || held.some((socket) => listening.has(socket))) return undefined;
  for (const pid of ours()) if (socketsOf(pid)?.some((socket) => listening.has(socket)) !== false) return undefined;
  return `another process listens at ${address}:${port}, and none of the workload does`;
}

const listens = '0A';

/** Numbers of the sockets that accept connections to the address. The more exact one of several gets them. */
function listenersAt(address: string, port: number): ReadonlySet<string> {
  const exact = hexOf(address);
  const rows = ['tcp', 'tcp6']
    .flatMap((table) => rowsOf(`/proc/net/${table}`))
    .filter(({ state }) => state === listens);
  const atPort = rows.filter((row) => Number.parseInt(row.port, 16) === port);
  const atAddress = atPort.filter((row) => row.address.endsWith(exact));
  const chosen = atAddress.length > 0 ? atAddress : atPort.filter((row) => /^0+$/.test(row.address));
  return new Set(chosen.map(({ socket }) => socket));
}

/** As the kernel writes it: bytes in the order of the machine, of IPv4 in IPv6 at the end. */
const hexOf = (address: string): string =>
  address
    .split('.')
    .reverse()
    .map((byte) => Number(byte).toString(16).toUpperCase().padStart(2, '0'))
    .join('');

function rowsOf(file: string) {
  const lines = textOf(file).split('\n').slice(1);
  return lines.flatMap((line) => {
    const [, local = '', , state, , , , , , socket] = line.trim().split(/\s+/);
    const [address = '', port = ''] = local.split(':');
    return socket === undefined ? [] : [{ address, port, state, socket }];
  });
}

function socketsOf(pid: number): readonly string[] | undefined {
  const folder = `/proc/${pid}/fd`;
  try {
    return namesIn(folder).flatMap((name) => /^socket:\[(\d+)\]$/.exec(linkOf(path.join(folder, name)))?.[1] ?? []);
  } catch {
    return undefined;
  }
}

/** Descriptors are closed while they are looked at. */
function linkOf(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
