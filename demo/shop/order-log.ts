import { fdatasync, ftruncateSync, openSync, readFileSync, write } from 'node:fs';
import { promisify } from 'node:util';
import { noHash, parseLog, sealRecord, type OrderRecord } from './order-record';

const writeAt = promisify(write);
const sync = promisify(fdatasync);

export interface NewOrder {
  readonly id: string;
  readonly order: object;
}

/**
 * The append-only order log. Everything that waits is written and synced together (group commit); an order that is there
 * already is found again by its id, so that an order which is sent twice is kept once.
 */
export class OrderLog {
  private readonly byId = new Map<string, OrderRecord>();
  private readonly durable = new Set<string>();
  private waiting: OrderRecord[] = [];
  private committing: Promise<void> | undefined;
  private lastHash: string;

  private constructor(
    private readonly file: number,
    records: readonly OrderRecord[],
    private readonly origin: { readonly epoch: number; readonly site: string },
  ) {
    for (const record of records) {
      this.byId.set(record.id, record);
      this.durable.add(record.id);
    }
    this.lastHash = records.at(-1)?.hash ?? noHash;
  }

  /** Verifies the whole log and cuts off a torn last line. Throws when the chain is broken. */
  static open(path: string, origin: { readonly epoch: number; readonly site: string }): OrderLog {
    const file = openSync(path, 'a+');
    const { records, completeBytes, faults } = parseLog(readFileSync(path, 'utf8'));
    if (faults.length > 0) throw new Error(`${path} is damaged: ${faults.slice(0, 3).join('; ')}`);
    ftruncateSync(file, completeBytes);
    return new OrderLog(file, records, origin);
  }

  /** Orders that are on disk. */
  get count(): number {
    return this.durable.size;
  }

  get head(): string {
    return this.lastHash;
  }

  /** Returns once the order is on disk. */
  async place({ id, order }: NewOrder): Promise<OrderRecord> {
    const known = this.byId.get(id) ?? this.append(id, order);
    while (!this.durable.has(id)) await (this.committing ??= this.commit());
    return known;
  }

  private append(id: string, order: object): OrderRecord {
    const seq = this.byId.size + 1;
    const at = new Date().toISOString();
    const record = sealRecord({ seq, id, ...this.origin, at, order, prev: this.lastHash });
    this.lastHash = record.hash;
    this.byId.set(id, record);
    this.waiting.push(record);
    return record;
  }

  private async commit(): Promise<void> {
    const batch = this.waiting;
    this.waiting = [];
    const bytes = Buffer.from(batch.map((record) => `${JSON.stringify(record)}\n`).join(''));
    try {
      for (let done = 0; done < bytes.length;) done += (await writeAt(this.file, bytes, done)).bytesWritten;
      await sync(this.file);
    } catch (error) {
      // After a failed sync nobody knows what is on disk: only a fresh start, which reads it, may go on.
      process.stderr.write(`the order log cannot be written: ${String(error)}\n`);
      process.exit(1);
    }
    for (const record of batch) this.durable.add(record.id);
    this.committing = undefined;
  }
}
