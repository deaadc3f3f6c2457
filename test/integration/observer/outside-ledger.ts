import http from 'node:http';
import { Resolver } from 'node:dns/promises';
import { randomUUID } from 'node:crypto';
import { longestInterruption, type Acknowledgement, type Interruption } from '../../../demo/shop/acknowledgement';
import { sendOrder } from '../../../demo/shop/order-client';
import { parseLog } from '../../../demo/shop/order-record';
import { until } from '../faults/until';

const everyMs = 50;

export interface LedgerPlace {
  /** Name of the shop. */
  readonly name: string;
  /** "127.0.0.1:5353" */
  readonly nameServer: string;
  /** Of the web tier. */
  readonly port: number;
}

/** A stretch in milliseconds since 1970. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/**
 * What one customer writes down who knows nothing of Switchback: a new order every 50 ms, whatever became of the one before, each
 * sent once to the address that the name server gives in that moment, over a connection of its own.
 */
export class OutsideLedger {
  readonly acknowledged: Acknowledgement[] = [];
  /** When an order was not acknowledged: refused, or not answered within a second. */
  readonly refused: number[] = [];
  private readonly resolver = new Resolver({ timeout: 500, tries: 1 });
  private readonly agent = new http.Agent({ keepAlive: false });
  private readonly underWay = new Set<Promise<void>>();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly place: LedgerPlace) {
    this.resolver.setServers([place.nameServer]);
    this.timer = setInterval(() => {
      const order: Promise<void> = this.order().finally(() => this.underWay.delete(order));
      this.underWay.add(order);
    }, everyMs);
  }

  /** The longest time between two acknowledgements that touches the stretch. */
  interruption(stretch: Stretch): Interruption & { readonly sites: readonly [string, string] } {
    const longest = longestInterruption(this.acknowledged, stretch);
    if (longest === undefined) throw new Error('nothing was acknowledged');
    const siteAt = (instant: number) => this.acknowledged.find(({ ackedAt }) => ackedAt === instant)?.site ?? '';
    return { ...longest, sites: [siteAt(longest.from), siteAt(longest.to)] };
  }

  /** Orders that were acknowledged and are not in this log, in the order in which they were acknowledged. */
  missingIn(log: string, acknowledged: readonly Acknowledgement[]): readonly Acknowledgement[] {
    const kept = new Set(parseLog(log).records.map(({ id }) => id));
    return acknowledged.filter(({ id }) => !kept.has(id)).sort((one, other) => one.ackedAt - other.ackedAt);
  }

  /** Resolves when an order was sent and acknowledged from now on. */
  async served(): Promise<void> {
    const since = now();
    await until('a customer is served', () => (this.acknowledged.at(-1)?.sentAt ?? 0) > since);
  }

  /** Resolves when this many orders were refused from now on. */
  async turnedAway(orders: number): Promise<void> {
    const before = this.refused.length;
    await until('customers are turned away', () => this.refused.length >= before + orders);
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.underWay);
    this.agent.destroy();
  }

  private async order(): Promise<void> {
    const [id, sentAt] = [randomUUID(), now()];
    try {
      const [address = ''] = await this.resolver.resolve4(this.place.name);
      const answer = await sendOrder({ address, port: this.place.port, agent: this.agent }, { id });
      this.acknowledged.push({ id, ...answer, sentAt, ackedAt: now(), attempts: 1 });
    } catch {
      this.refused.push(sentAt);
    }
  }
}

/** A wall clock that never jumps. */
export const now = (): number => performance.timeOrigin + performance.now();
