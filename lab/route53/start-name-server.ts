import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import { readFile } from 'node:fs/promises';
import { listenForQueries } from '../../drivers/local/dns/dns-listener';
import { servedSets } from './served-sets';

interface NameServerOptions {
  /** Where moto keeps its record sets: that of `startMoto`. */
  readonly stateFile: string;
  readonly host?: string;
  /** Absent: a free one. */
  readonly port?: number;
}

export interface RunningNameServer {
  readonly port: number;
  close(): void;
}

/**
 * A name server that answers from the record sets that moto holds at the moment of each question. It reads them where moto puts
 * them before it answers a change, and so goes on when moto is slow or down: of Route 53, answers have gone on while changes
 * were impossible.
 */
export async function startNameServer(options: NameServerOptions): Promise<RunningNameServer> {
  const { stateFile, host = '127.0.0.1', port = 0 } = options;
  let last = '';
  let serial = 0;
  const view = async () => {
    const now = await readFile(stateFile, 'utf8').catch(() => '{}');
    if (now !== last) serial += 1;
    last = now;
    return { sets: servedSets(recordSetsOf(now)), serial };
  };
  const { port: taken, close } = await listenForQueries(host, port, view);
  return { port: taken, close };
}

/** A record set as it came in a request: numbers are texts. */
type StoredSet = Omit<ResourceRecordSet, 'TTL' | 'Weight'> & { readonly TTL?: string; readonly Weight?: string };

function recordSetsOf(stored: string): readonly ResourceRecordSet[] {
  const zones = JSON.parse(stored) as Readonly<Record<string, readonly StoredSet[]>>;
  return Object.values(zones)
    .flat()
    .map(({ TTL, Weight, ...set }) => ({
      ...set,
      ...(TTL !== undefined && { TTL: Number(TTL) }),
      ...(Weight !== undefined && { Weight: Number(Weight) }),
    }));
}
