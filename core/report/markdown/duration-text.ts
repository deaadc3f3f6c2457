const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Seconds as people say them: "240 ms", "2.4 s", "3 min 12 s", "2 h 5 min", "3 d 4 h". */
export function durationText(seconds: number): string {
  if (seconds < 0) return `-${durationText(-seconds)}`;
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 59.95) return `${trimZero((Math.round(seconds * 10) / 10).toFixed(1))} s`;
  const whole = Math.round(seconds);
  if (whole < HOUR) return two(whole, { size: MINUTE, unit: 'min' }, { size: 1, unit: 's' });
  if (whole < DAY) return two(whole, { size: HOUR, unit: 'h' }, { size: MINUTE, unit: 'min' });
  return two(whole, { size: DAY, unit: 'd' }, { size: HOUR, unit: 'h' });
}

interface Unit {
  readonly size: number;
  readonly unit: string;
}

function two(seconds: number, large: Unit, small: Unit): string {
  const count = Math.floor(seconds / large.size);
  const rest = Math.floor((seconds - count * large.size) / small.size);
  return rest === 0 ? `${count} ${large.unit}` : `${count} ${large.unit} ${rest} ${small.unit}`;
}

const trimZero = (text: string): string => text.replace(/\.0$/, '');
