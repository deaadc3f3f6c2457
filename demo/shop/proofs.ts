import type { Acknowledgement } from './acknowledgement';
import { parseLog } from './order-record';

export interface Proof {
  readonly holds: boolean;
  /** One line for people: what was compared, and the outcome. */
  readonly saw: string;
  /** The first few violations; empty when it holds. */
  readonly evidence: readonly string[];
}

/** What the report of an unplanned failover names as lost: records of this epoch or a lower one, from this number on. */
export interface NamedLoss {
  readonly epoch: number;
  readonly fromRecord: number;
}

const shown = 10;

/**
 * Every acknowledged order is in the log exactly once, under the number that the customer was told, the chain is unbroken, and
 * an order that was sent after another one had been acknowledged comes after it.
 */
export function everyAcknowledgedOrderOnceInOrder(acks: readonly Acknowledgement[], log: string): Proof {
  const { faults, missing, misplaced } = compare(acks, log);
  const evidence = [...faults, ...missing.map((ack) => `${describe(ack)} is not in the log`), ...misplaced];
  return conclude(evidence, `${acks.length} acknowledged orders, ${parseLog(log).records.length} in the log`);
}

/** Of the acknowledged orders exactly those that the report names are missing; for all others the proof above holds. */
export function exactlyTheNamedOrdersAreLost(
  acks: readonly Acknowledgement[],
  log: string,
  lossNamedByReport: NamedLoss,
): Proof {
  const named = (ack: Acknowledgement): boolean =>
    ack.epoch <= lossNamedByReport.epoch && ack.seq >= lossNamedByReport.fromRecord;
  const lost = acks.filter(named);
  const kept = acks.filter((ack) => !named(ack));
  const ids = new Set(parseLog(log).records.map((record) => record.id));
  const survived = lost
    .filter((ack) => ids.has(ack.id))
    .map((ack) => `${describe(ack)} is named as lost, but is there`);
  const { faults, missing, misplaced } = compare(kept, log);
  const unnamed = missing.map((ack) => `${describe(ack)} is missing, and the report does not name it`);
  return conclude(
    [...faults, ...survived, ...unnamed, ...misplaced],
    `${acks.length} acknowledged orders, ${lost.length} named as lost, ${kept.length} kept`,
  );
}

/** The times from the first to the last acknowledgement of each ledger, by site and epoch, do not overlap. */
export function neverTwoLedgersAtOnce(acks: readonly Acknowledgement[]): Proof {
  const reigns = new Map<string, { first: number; last: number }>();
  for (const { site, epoch, ackedAt } of acks) {
    const reign = reigns.get(`${site} (epoch ${epoch})`) ?? { first: ackedAt, last: ackedAt };
    const widened = { first: Math.min(reign.first, ackedAt), last: Math.max(reign.last, ackedAt) };
    reigns.set(`${site} (epoch ${epoch})`, widened);
  }
  const sorted = [...reigns].sort(([, a], [, b]) => a.first - b.first);
  const evidence: string[] = [];
  let latest = sorted[0];
  for (const next of sorted.slice(1)) {
    if (latest !== undefined && next[1].first <= latest[1].last) {
      evidence.push(
        `${next[0]} acknowledged ${instant(next[1].first)}, and ${latest[0]} until ${instant(latest[1].last)}`,
      );
    }
    if (latest === undefined || next[1].last > latest[1].last) latest = next;
  }
  return conclude(evidence, `${acks.length} acknowledgements by ${sorted.length} ledgers, one after the other`);
}

interface Comparison {
  readonly faults: readonly string[];
  readonly missing: readonly Acknowledgement[];
  readonly misplaced: readonly string[];
}

function compare(acks: readonly Acknowledgement[], log: string): Comparison {
  const { records, faults } = parseLog(log);
  const seqOf = new Map(records.map((record) => [record.id, record.seq]));
  const repeated = records.filter((record) => seqOf.get(record.id) !== record.seq);
  const twice = repeated.map((record) => `order ${record.id} is in the log more than once`);
  const moved = acks.filter((ack) => seqOf.has(ack.id) && seqOf.get(ack.id) !== ack.seq);
  const misplaced = moved.map((ack) => `${describe(ack)} is record ${seqOf.get(ack.id)} of the log`);
  const missing = acks.filter((ack) => !seqOf.has(ack.id));
  return { faults: [...faults, ...twice], missing, misplaced: [...misplaced, ...outOfOrder(acks)] };
}

/** Orders sent after a later record had already been acknowledged. */
function outOfOrder(acks: readonly Acknowledgement[]): readonly string[] {
  const bySent = [...acks].sort((a, b) => a.sentAt - b.sentAt);
  const byAcked = [...acks].sort((a, b) => a.ackedAt - b.ackedAt);
  const evidence: string[] = [];
  let next = 0;
  let highest: Acknowledgement | undefined;
  for (const ack of bySent) {
    for (let done = byAcked[next]; done !== undefined && done.ackedAt < ack.sentAt; done = byAcked[(next += 1)]) {
      if (highest === undefined || done.seq > highest.seq) highest = done;
    }
    if (highest !== undefined && highest.seq > ack.seq) {
      evidence.push(`${describe(ack)} was sent after record ${highest.seq} had been acknowledged`);
    }
  }
  return evidence;
}

function conclude(evidence: readonly string[], saw: string): Proof {
  if (evidence.length === 0) return { holds: true, saw, evidence };
  return { holds: false, saw: `${saw}; ${evidence.length} violations`, evidence: evidence.slice(0, shown) };
}

function describe({ id, seq, site, epoch }: Acknowledgement): string {
  return `order ${id} (record ${seq}, ${site}, epoch ${epoch})`;
}

function instant(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(11, 23);
}
