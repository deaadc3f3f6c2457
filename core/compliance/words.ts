import type { CompliancePeriod, ComplianceVerdict, Promised, RpoFigure } from './compliance-report';
import { durationText } from '../report/markdown/duration-text';
import { goesOn } from './period';

/** Readable without colours: the sign says the same. */
export const verdictSigns: Readonly<Record<ComplianceVerdict, { readonly sign: string; readonly words: string }>> = {
  compliant: { sign: '✓', words: 'compliant' },
  'not-compliant': { sign: '✗', words: 'not compliant' },
  'not-provable': { sign: '?', words: 'not provable' },
};

/** "2026Q4: 2026-10-01 00:00:00 to 2027-01-01 00:00:00 UTC, so far until 2026-11-29 10:00:00" */
export function periodText(period: CompliancePeriod): string {
  const { name, from, to, timeZone } = period;
  const sofar = goesOn(period) ? `, so far until ${shortInstant(period.asOf)}` : '';
  const whose = timeZone === 'UTC' ? '' : `, by the clocks of ${timeZone}`;
  return `${name}: ${shortInstant(from)} to ${shortInstant(to)} UTC${whose}${sofar}`;
}

/** "2026-10-01 00:00:00" in UTC. */
export const shortInstant = (iso: string): string => iso.replace('T', ' ').replace(/(\.\d+)?Z$/, '');

export const lengthOf = ({ withinSeconds, beyondSeconds, unknownSeconds }: RpoFigure): number =>
  withinSeconds + beyondSeconds + unknownSeconds;

/** "RPO 5 s (on the way home 15 min), RTO 1 min" */
export const promisedText = ({ objectives, failbackRpoSeconds }: Promised): string =>
  `RPO ${durationText(objectives.rpoSeconds)} (on the way home ${durationText(failbackRpoSeconds)}), RTO ${durationText(objectives.rtoSeconds)}`;

/** "1 breach", "3 breaches". */
export const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;
