/** "20 ms", "0.4 s", "12 s", "2 min 5 s", "3 h 10 min", "2 d 4 h": two units at most. */
export function formatSeconds(seconds: number): string {
  const value = Math.max(0, seconds);
  if (value > 0 && value < 0.095) return `${Math.max(1, Math.round(value * 1000))} ms`;
  if (value < 9.95) return `${(Math.round(value * 10) / 10).toString()} s`;
  const whole = Math.round(value);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return pair(whole, [60, 'min'], [1, 's']);
  if (whole < 86_400) return pair(whole, [3600, 'h'], [60, 'min']);
  return pair(whole, [86_400, 'd'], [3600, 'h']);
}

type Unit = readonly [size: number, name: string];

function pair(seconds: number, [large, largeName]: Unit, [small, smallName]: Unit): string {
  const first = Math.floor(seconds / large);
  const second = Math.floor((seconds % large) / small);
  return second === 0 ? `${first} ${largeName}` : `${first} ${largeName} ${second} ${smallName}`;
}

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** "512 B", "1.5 MiB". */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 1024 && unit < BYTE_UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${BYTE_UNITS[unit] ?? 'B'}`;
}

/** Local time of day, "22:00:03". */
export const formatTime = (instant: string): string => {
  const date = new Date(instant);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
};

export const secondsBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 1000;

/** "1 step", "3 steps". */
export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
