/** One order that the shop has acknowledged to a customer. All times are milliseconds since 1970, of the customer's clock. */
export interface Acknowledgement {
  readonly id: string;
  /** Number of the order in the ledger. */
  readonly seq: number;
  /** Epoch and site of the ledger that acknowledged it. */
  readonly epoch: number;
  readonly site: string;
  /** When the first attempt was sent, and when the acknowledgement came. */
  readonly sentAt: number;
  readonly ackedAt: number;
  readonly attempts: number;
}

export interface Interruption {
  readonly milliseconds: number;
  /** The acknowledgements before and after the gap. */
  readonly from: number;
  readonly to: number;
}

/**
 * The longest time between two consecutive acknowledgements, as far as it touches the range: what the customers saw of a move.
 * Undefined with fewer than two acknowledgements.
 */
export function longestInterruption(
  acks: readonly Pick<Acknowledgement, 'ackedAt'>[],
  range: { readonly from: number; readonly to: number } = { from: -Infinity, to: Infinity },
): Interruption | undefined {
  const times = acks.map((ack) => ack.ackedAt).sort((a, b) => a - b);
  let longest: Interruption | undefined;
  for (const [index, to] of times.entries()) {
    const from = times[index - 1];
    if (from === undefined || to < range.from || from > range.to) continue;
    if (longest === undefined || to - from > longest.milliseconds) longest = { milliseconds: to - from, from, to };
  }
  return longest;
}

/** Reads the file that the customers keep. A torn last line is left out. */
export function parseAcknowledgements(text: string): readonly Acknowledgement[] {
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Acknowledgement);
}
