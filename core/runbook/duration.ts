const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Number and unit: "500ms", "1.5s", "10m", "2h", "1d". */
export const DURATION_FORM = /^(\d{1,6}(?:\.\d{1,3})?)(ms|s|m|h|d)$/;

/** Milliseconds, rounded to whole ones; undefined when the text is no duration. */
export function durationMs(text: string): number | undefined {
  const [, count, unit] = DURATION_FORM.exec(text) ?? [];
  const factor = unitMs[unit ?? ''];
  return factor === undefined ? undefined : Math.round(Number(count) * factor);
}

/** Milliseconds of a text that the schema has accepted. */
export function acceptedMs(text: string): number {
  const ms = durationMs(text);
  if (ms === undefined) throw new RangeError(`"${text}" is not a duration`);
  return ms;
}

export const acceptedSeconds = (text: string): number => acceptedMs(text) / 1000;
