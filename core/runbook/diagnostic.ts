import type { DiagnosticCode } from './diagnostic-codes';

/** One thing that is wrong (or doubtful) in a runbook, and where. Lines and columns count from 1. */
export interface Diagnostic {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly severity: 'error' | 'warning';
}

/** `shop.yaml:31:9 UnknownSite: site "pariss" is not declared; did you mean "paris"?` */
export function formatDiagnostic({ file, line, column, code, message, severity }: Diagnostic): string {
  return `${file}:${line}:${column} ${severity === 'warning' ? 'warning ' : ''}${code}: ${message}`;
}

/** Keys and indexes from the root of the runbook to a value. */
export type Path = readonly (string | number)[];

/** A diagnostic that does not yet know its file, line and column. */
export interface Problem {
  readonly path: Path;
  /** Which of the two the position is that of: the value at the path (default), or its key. */
  readonly at?: 'key' | 'value';
  readonly code: DiagnosticCode;
  readonly message: string;
  /** Another place that the problem has to do with; its line is added to the message. */
  readonly first?: Path;
}
