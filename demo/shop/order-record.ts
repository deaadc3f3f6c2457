import { createHash } from 'node:crypto';

/** One line of orders.log. `seq` is the number of its line, from 1. */
export interface OrderRecord {
  readonly seq: number;
  readonly id: string;
  readonly epoch: number;
  readonly site: string;
  /** ISO instant at which it was accepted. */
  readonly at: string;
  readonly order: object;
  /** Hash of the record before; of the first one 64 zeros. */
  readonly prev: string;
  /** SHA-256, hex, over `prev` and everything above. */
  readonly hash: string;
}

export const noHash = '0'.repeat(64);

export function sealRecord(content: Omit<OrderRecord, 'hash'>): OrderRecord {
  return { ...content, hash: hashOf(content) };
}

function hashOf({ seq, id, epoch, site, at, order, prev }: Omit<OrderRecord, 'hash'>): string {
  return createHash('sha256')
    .update(JSON.stringify([prev, seq, id, epoch, site, at, order]))
    .digest('hex');
}

export interface ParsedLog {
  readonly records: readonly OrderRecord[];
  /** Bytes of the complete lines. What follows was torn off by a crash and was never acknowledged. */
  readonly completeBytes: number;
  /** What is wrong with the complete lines; empty: the chain is unbroken. */
  readonly faults: readonly string[];
}

/** Reads a whole orders.log and checks numbers, chain and hashes. */
export function parseLog(text: string): ParsedLog {
  const complete = text.slice(0, text.lastIndexOf('\n') + 1);
  const records: OrderRecord[] = [];
  const faults: string[] = [];
  let prev = noHash;
  for (const [index, line] of complete.split('\n').slice(0, -1).entries()) {
    const record = parseRecord(line);
    if (record === undefined) {
      faults.push(`line ${index + 1} is no record`);
      continue;
    }
    if (record.seq !== index + 1) faults.push(`line ${index + 1} has number ${record.seq}`);
    if (record.prev !== prev) faults.push(`record ${record.seq} does not follow the one before`);
    if (hashOf(record) !== record.hash) faults.push(`record ${record.seq} was changed after it was written`);
    prev = record.hash;
    records.push(record);
  }
  return { records, completeBytes: Buffer.byteLength(complete), faults };
}

function parseRecord(line: string): OrderRecord | undefined {
  try {
    const value = JSON.parse(line) as OrderRecord | null;
    return typeof value?.seq === 'number' && typeof value.id === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
