import { Temporal } from 'temporal-polyfill';
import type { WindowGate } from '../../../core/model/runbook';
import { openingsOf } from '../../../core/planning/openings';

export const gate = (more: Partial<WindowGate>): WindowGate => ({
  kind: 'window',
  name: 'maintenance',
  start: '2026-01-03T22:00',
  durationSeconds: 2 * 3600,
  timeZone: 'Europe/Berlin',
  ...more,
});

/** "2026-12-05T22:00/2h": local begin, and elapsed length; and what it is cut by. */
export const shown = (more: Partial<WindowGate>, after: string, count: number): string[] => {
  const wanted = gate(more);
  return openingsOf(wanted, after)
    .slice(0, count)
    .map(({ opensAt, closesAt, cutBy }) => {
      const local = Temporal.Instant.from(opensAt).toZonedDateTimeISO(wanted.timeZone).toPlainDateTime();
      const hours = (Date.parse(closesAt) - Date.parse(opensAt)) / 3_600_000;
      const cut = cutBy === undefined ? '' : ` cut by ${cutBy.join(' and ')}`;
      return `${local.toString({ smallestUnit: 'minute' })}/${hours}h${cut}`;
    });
};
