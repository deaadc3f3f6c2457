import type { DiagnosticCode } from '../diagnostic-codes';

/** What is wrong at an offset of the text, found before there are paths to speak of. */
export interface Fault {
  readonly offset: number;
  readonly code: DiagnosticCode;
  readonly message: string;
  /** Offset of another place that it has to do with; its line is added to the message. */
  readonly first?: number;
}
