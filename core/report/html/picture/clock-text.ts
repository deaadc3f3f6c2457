/** Time since the beginning as a clock shows it: "0", "12 s", "1.5 s", "3:05", "2:00:30", "1:33.5". Tenths only where they are not 0. */
export function clockText(seconds: number): string {
  const tenths = Math.round(seconds * 10);
  const rest = tenths % 600;
  const minutes = Math.floor(tenths / 600);
  if (minutes === 0) return rest === 0 ? '0' : `${rest / 10} s`;
  const whole = String(Math.floor(rest / 10)).padStart(2, '0');
  const fraction = rest % 10 === 0 ? '' : `.${rest % 10}`;
  if (minutes < 60) return `${minutes}:${whole}${fraction}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${whole}${fraction}`;
}
