import type { StepStatus } from '../../core/model/run';
import type { Format } from '../terminal/style';

export interface Symbol {
  readonly text: string;
  readonly format: Format;
}

/** How a finding looks: of a precheck, a site or the doctor. */
export const symbols = {
  ok: { text: '✓', format: 'green' },
  warning: { text: '!', format: 'yellow' },
  error: { text: '✗', format: 'red' },
} as const satisfies Record<string, Symbol>;

/** How a step looks. */
export const stepSymbols: Readonly<Record<StepStatus, Symbol>> = {
  pending: { text: '·', format: 'dim' },
  running: { text: '▶', format: 'cyan' },
  done: { text: '✓', format: 'green' },
  failed: { text: '✗', format: 'red' },
  skipped: { text: '»', format: 'yellow' },
  'marked-done': { text: '✓', format: 'yellow' },
  'not-needed': { text: '–', format: 'dim' },
  cancelled: { text: '–', format: 'yellow' },
};
