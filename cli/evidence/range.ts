import { InvalidArgumentError } from 'commander';

const DAY_MS = 86_400_000;
const FORM = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/;

/** A parser for the beginning of a range: a day begins at midnight, in UTC. Gives an ISO instant. */
export const parseFrom = (text: string): string => new Date(instantOf(text)).toISOString();

/** A parser for the end of a range: a day ends with its last moment. Gives the first ISO instant after it. */
export const parseUntil = (text: string): string =>
  new Date(instantOf(text) + (text.includes('T') ? 0 : DAY_MS)).toISOString();

function instantOf(text: string): number {
  const instant = FORM.test(text) ? Date.parse(text) : NaN;
  // There is no 30 February, whatever a calendar makes of it.
  const day = FORM.test(text) ? new Date(`${text.slice(0, 10)}T00:00:00Z`) : undefined;
  if (!Number.isNaN(instant) && day?.toISOString().slice(0, 10) === text.slice(0, 10)) return instant;
  throw new InvalidArgumentError(
    `"${text}" is no date; write it as 2026-10-01, or with a time and zone as 2026-10-01T06:00Z.`,
  );
}
