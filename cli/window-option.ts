import { InvalidArgumentError } from 'commander';
import { parseDuration } from './options';

/** Start and length of maintenance windows, by gate. */
export type Windows = Readonly<Record<string, { readonly start?: string; readonly durationSeconds?: number }>>;

const FORM = /^([^=]{1,200})=([^/]*)(?:\/(.+))?$/;

/** Collects `--window gate=2026-12-05T22:00/2h`; start or length may be left out. */
export function collectWindow(text: string, earlier: Windows = {}): Windows {
  const [, gate, start, duration] = FORM.exec(text) ?? [];
  if (gate === undefined || (!start && !duration)) {
    throw new InvalidArgumentError(`"${text}" is not a window; write it as maintenance=2026-12-05T22:00/2h.`);
  }
  return {
    ...earlier,
    [gate]: { ...(start && { start }), ...(duration && { durationSeconds: parseDuration(duration) }) },
  };
}
