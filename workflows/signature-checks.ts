/** Signatures of one gate that are verified at the same time at most. */
const MOST_AT_A_TIME = 4;
/** So many wrong ones cost history; a gate that got them takes nothing signed any more. */
const MOST_WRONG = 100;

/**
 * Counts the verifications of each gate. Each is an activity with its events, and anybody who can reach the server can forge
 * messages without end: the history of the run must not grow with them.
 */
export class SignatureChecks {
  /** @param wayOut what to do about a gate that takes nothing signed any more. */
  constructor(
    private readonly wayOut = 'who asked for the run takes it back with `switchback withdraw`, and starts it anew',
  ) {}

  private readonly running = new Map<string, number>();
  private readonly wrong = new Map<string, number>();

  /** Why no signature is verified now, or undefined. */
  refusal(gate: string): string | undefined {
    if (this.exhausted(gate)) {
      return `gate "${gate}" got ${MOST_WRONG} wrong signatures and takes nothing signed any more: ${this.wayOut}`;
    }
    return (this.running.get(gate) ?? 0) >= MOST_AT_A_TIME
      ? `${MOST_AT_A_TIME} signatures are being verified at gate "${gate}" already: send it again in a moment`
      : undefined;
  }

  /** It got so many wrong ones that it takes nothing signed any more. */
  exhausted(gate: string): boolean {
    return (this.wrong.get(gate) ?? 0) >= MOST_WRONG;
  }

  /** Performs one verification; its outcome is a text when the signature proves nothing. */
  async counting<Outcome extends object>(
    gate: string,
    verify: () => Promise<Outcome | string>,
  ): Promise<Outcome | string> {
    this.running.set(gate, (this.running.get(gate) ?? 0) + 1);
    try {
      const outcome = await verify();
      if (typeof outcome === 'string') this.wrong.set(gate, (this.wrong.get(gate) ?? 0) + 1);
      return outcome;
    } finally {
      this.running.set(gate, (this.running.get(gate) ?? 1) - 1);
    }
  }
}
