import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { longestInterruption, type Acknowledgement, type Interruption } from './acknowledgement';
import { CachedResolver } from './cached-resolver';
import { sendOrder } from './order-client';

export interface CustomersOptions {
  /** Name of the shop, "shop.example.test". */
  readonly name: string;
  /** Authoritative name server, "127.0.0.1:5353". */
  readonly dnsServer: string;
  /** Port of the web tier. */
  readonly port: number;
  /** How many customers order at a time; each waits for one order before it places the next. */
  readonly clients: number;
  /** Orders a second of all of them together. */
  readonly ratePerSecond: number;
  /** Every acknowledgement is kept here, one JSON record a line. */
  readonly ledgerFile: string;
  /** Pause before an order is sent again; default 20 ms. */
  readonly retryMs?: number;
  /** An order is given up after this time; default 60 s. */
  readonly giveUpSeconds?: number;
}

export interface CustomerTotals {
  readonly placed: number;
  readonly acknowledged: number;
  /** Never acknowledged: given up, or still unanswered at the end. They may be in the ledger or not. */
  readonly unanswered: number;
  readonly attempts: number;
  readonly longestInterruption?: Interruption;
}

export interface Customers {
  readonly acknowledgements: readonly Acknowledgement[];
  /** What the last attempt that failed saw; absent while all goes well. */
  readonly lastFailure: string | undefined;
  /** Lets every customer finish or give up its order within a second, and returns the totals. */
  stop(): Promise<CustomerTotals>;
}

/** Customers who order by name, all the time, and insist: the same order is sent again until it is acknowledged. */
export function startCustomers(options: CustomersOptions): Customers {
  const crowd = new Crowd(options);
  const running = Array.from({ length: options.clients }, async (_, index) => crowd.order(index));
  return {
    acknowledgements: crowd.acknowledgements,
    get lastFailure() {
      return crowd.lastFailure;
    },
    stop: async () => {
      crowd.close();
      await Promise.all(running);
      return crowd.totals();
    },
  };
}

class Crowd {
  readonly acknowledgements: Acknowledgement[] = [];
  lastFailure: string | undefined;
  private readonly agent = new http.Agent({ keepAlive: true });
  private readonly resolver: CachedResolver;
  private readonly file: number;
  private placed = 0;
  private attempts = 0;
  private closing = false;
  private deadline = Infinity;

  constructor(private readonly options: CustomersOptions) {
    mkdirSync(path.dirname(options.ledgerFile), { recursive: true });
    this.file = openSync(options.ledgerFile, 'a');
    this.resolver = new CachedResolver(options.name, options.dnsServer);
  }

  /** One customer. Its orders are spread evenly, and late ones are not caught up with. */
  async order(index: number): Promise<void> {
    const everyMs = (this.options.clients * 1_000) / this.options.ratePerSecond;
    let next = performance.now() + (index * 1_000) / this.options.ratePerSecond;
    while (!this.closing) {
      await sleep(Math.max(0, next - performance.now()));
      if (this.closing) return;
      await this.placeOne();
      next = Math.max(next + everyMs, performance.now());
    }
  }

  close(): void {
    this.closing = true;
    this.deadline = now() + 1_000;
  }

  totals(): CustomerTotals {
    this.agent.destroy();
    fsyncSync(this.file);
    closeSync(this.file);
    const { placed, attempts } = this;
    const acknowledged = this.acknowledgements.length;
    const gap = longestInterruption(this.acknowledgements);
    const totals = { placed, acknowledged, unanswered: placed - acknowledged, attempts };
    return gap === undefined ? totals : { ...totals, longestInterruption: gap };
  }

  private async placeOne(): Promise<void> {
    const { port, retryMs = 20, giveUpSeconds = 60 } = this.options;
    const order = { id: randomUUID(), item: 'a pound of tea' };
    const sentAt = now();
    this.placed += 1;
    for (let attempts = 1; now() < Math.min(sentAt + giveUpSeconds * 1_000, this.deadline); attempts += 1) {
      this.attempts += 1;
      try {
        const answer = await sendOrder({ address: await this.resolver.lookUp(), port, agent: this.agent }, order);
        this.keep({ id: order.id, ...answer, sentAt, ackedAt: now(), attempts });
        return;
      } catch (error) {
        this.lastFailure = String(error);
        await sleep(retryMs);
      }
    }
  }

  /** In the file before anything else happens: the proofs stand on it even when this process is killed. */
  private keep(acknowledgement: Acknowledgement): void {
    writeSync(this.file, `${JSON.stringify(acknowledgement)}\n`);
    this.acknowledgements.push(acknowledgement);
  }
}

/** A wall clock that never jumps. */
function now(): number {
  return performance.timeOrigin + performance.now();
}
