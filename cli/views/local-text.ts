/** "Sat 2026-12-05 22:00" as clocks in the zone show it. */
export function localText(instant: string, timeZone: string): string {
  const field = '2-digit' as const;
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    year: 'numeric',
    month: field,
    day: field,
    hour: field,
    minute: field,
    hourCycle: 'h23',
  }).formatToParts(new Date(instant));
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('weekday')} ${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}`;
}
