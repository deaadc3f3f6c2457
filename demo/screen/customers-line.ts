import { formatSeconds } from '../../cli/terminal/format';
import { span, type Line, type Span } from '../../cli/terminal/line';
import type { Acknowledgement } from '../shop/acknowledgement';

/** A pause between two acknowledgements that people would call an interruption. */
const noticedMs = 500;
const rateOverMs = 1_000;

/** What the customers see at this moment, for one line. Looks only at what is new since the last look. */
export class CustomersView {
  private seen = 0;
  private last: Acknowledgement | undefined;
  private recent: number[] = [];
  private interruption: { readonly seconds: number; readonly endedAt: number } | undefined;

  constructor(private readonly acknowledgements: readonly Acknowledgement[]) {}

  /** `now` in milliseconds since 1970. */
  line(now: number): Line {
    this.catchUp(now);
    if (this.last === undefined) return [span('customers  ', 'bold'), span('no order acknowledged yet', 'dim')];
    return [
      span('customers  ', 'bold'),
      ...this.rate(now),
      span(`, ${this.seen} in all, served by `),
      span(this.last.site, 'bold'),
      ...this.lastInterruption(),
    ];
  }

  private catchUp(now: number): void {
    for (; this.seen < this.acknowledgements.length; this.seen += 1) {
      const next = this.acknowledgements[this.seen];
      if (next === undefined) break;
      const gap = this.last === undefined ? 0 : next.ackedAt - this.last.ackedAt;
      if (gap >= noticedMs) this.interruption = { seconds: gap / 1000, endedAt: next.ackedAt };
      this.last = next;
      this.recent.push(next.ackedAt);
    }
    this.recent = this.recent.filter((at) => at > now - rateOverMs);
  }

  private rate(now: number): readonly Span[] {
    const gap = now - (this.last?.ackedAt ?? now);
    if (gap >= noticedMs) return [span(`no order acknowledged for ${formatSeconds(gap / 1000)}`, 'red')];
    return [span(`${this.recent.length} orders/s`, 'green')];
  }

  private lastInterruption(): readonly Span[] {
    if (this.interruption === undefined) return [];
    return [span(`; last interruption ${this.interruption.seconds.toFixed(2)} s`, 'dim')];
  }
}
