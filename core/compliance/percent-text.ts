const DIGITS = 3;

/** "99.98 %"; never rounded up to 100, nor down to 0, where something is missing. */
export function percentText(part: number, total: number): string {
  if (total <= 0) return '–';
  const percent = (part / total) * 100;
  if (percent === 0 || percent === 100) return `${percent} %`;
  const smallest = 10 ** -DIGITS;
  const shown = Math.min(100 - smallest, Math.max(smallest, Math.floor(percent / smallest) * smallest));
  return `${Number(shown.toFixed(DIGITS))} %`;
}
