import { InvalidArgumentError } from 'commander';
import { durationMs } from '../core/runbook/duration';

/** How long the copy of a drill is held, in the words of the workflow's input. */
export type Keep = { readonly keepSeconds: number } | { readonly keepUntil: string };

const INSTANT_FORM = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/;

/** "30m", or an instant with its zone such as "2026-12-05T18:00Z". */
export function parseKeep(text: string): Keep {
  const ms = durationMs(text);
  if (ms !== undefined) return { keepSeconds: ms / 1000 };
  const instant = INSTANT_FORM.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(instant)) return { keepUntil: new Date(instant).toISOString() };
  throw new InvalidArgumentError(
    `"${text}" is neither a duration such as 30m nor an instant such as 2026-12-05T18:00Z.`,
  );
}
