import type { IncomingHttpHeaders } from 'node:http';
import type { Filling } from '../placeholders';

/** An answer as it came. */
export interface Page {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** At most `longestBody` bytes of it. */
  readonly body: string;
  readonly cut: boolean;
  /** From the beginning of the request to the end of the body. */
  readonly ms: number;
}

/** What was asked, and when. */
export interface Asked extends Filling {
  /** That the connection was made to. */
  readonly address: string;
  /** Milliseconds since 1970. */
  readonly askedAtMs: number;
  /** Blanks out secrets of what the answer holds, before anything of it is cut off or told. */
  readonly masked: (text: string) => string;
}
