import { formatDiagnostic, type Diagnostic } from '../../core/runbook/diagnostic';
import { span, type Line } from '../terminal/line';

/** "shop.yaml:31:9 UnknownSite: …", one line each. */
export const diagnosticLines = (diagnostics: readonly Diagnostic[]): readonly Line[] =>
  diagnostics.map((one) => [span(formatDiagnostic(one), one.severity === 'error' ? 'red' : 'yellow')]);
