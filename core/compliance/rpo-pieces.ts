import type { ProtectionSample, ProtectionTerms } from '../model/evidence';
import { clip, measure, subtract, union, type Interval } from '../report/history/intervals';

/** A stretch of time, and which shares of it the lag was within the objective, beyond it, and not known. Together they are 1. */
export interface RpoPiece extends Interval {
  readonly within: number;
  readonly beyond: number;
  readonly unknown: number;
  /** Nothing was replicated. */
  readonly unprotected?: true;
}

/**
 * The samples as stretches that do not overlap, in order; where none is, nothing is known. A sample says when it was beyond the
 * objective, and of the rest only how long it was what: that is spread evenly over the rest, so that one which lies across the
 * edge of a period counts for the part that lies in it.
 */
export function rpoPieces(
  samples: readonly ProtectionSample[],
  terms: readonly ProtectionTerms[],
): readonly RpoPiece[] {
  const pieces: RpoPiece[] = [];
  let known = -Infinity;
  for (const sample of inOrder(samples)) {
    const open = { start: Math.max(ms(sample.from), known), end: ms(sample.to) };
    if (open.end <= open.start) continue;
    known = open.end;
    // Told twice, the first counts: two that write at the same moment do not make time longer.
    for (const piece of piecesOf(sample, terms))
      pieces.push(...clip([piece], open).map((part) => ({ ...piece, ...part })));
  }
  return pieces;
}

export const inOrder = (samples: readonly ProtectionSample[]): readonly ProtectionSample[] =>
  [...samples]
    .filter(({ from, to }) => ms(to) > ms(from))
    .sort((one, other) => ms(one.from) - ms(other.from) || ms(one.to) - ms(other.to));

/** While an operation moves the service its own report tells what was lost. At all other times no copy was kept current. */
export const isUnprotected = ({ direction, phase }: ProtectionSample): boolean =>
  direction === 'none' && phase !== 'Recovering';

function piecesOf(sample: ProtectionSample, terms: readonly ProtectionTerms[]): readonly RpoPiece[] {
  const span = { start: ms(sample.from), end: ms(sample.to) };
  if (isUnprotected(sample)) return [{ ...span, within: 0, beyond: 1, unknown: 0, unprotected: true }];
  const breached = union(
    clip(
      sample.breaches.map(({ since, until }) => ({
        start: ms(since),
        end: until === undefined ? span.end : ms(until),
      })),
      span,
    ),
  );
  const calm = subtract([span], breached);
  const [breachMs, calmMs] = [measure(breached), measure(calm)];
  const beyondMs = least(sample.beyondSeconds * 1000, breachMs + calmMs);
  const inBreach = { beyond: least(beyondMs, breachMs), unknown: breachMs - least(beyondMs, breachMs) };
  const elsewhere = beyondMs - inBreach.beyond;
  // What the sample does not account for is not known.
  const within = tooLoose(sample, terms)
    ? 0
    : least(sample.withinSeconds * 1000, calmMs - elsewhere - least(leftUnknown(sample, inBreach), calmMs - elsewhere));
  const parts = { beyond: elsewhere, within, unknown: calmMs - elsewhere - within };
  return [
    ...breached.map((piece) => ({ ...piece, ...shares({ within: 0, ...inBreach }, breachMs) })),
    ...calm.map((piece) => ({ ...piece, ...shares(parts, calmMs) })),
  ].sort((one, other) => one.start - other.start);
}

const leftUnknown = ({ unknownSeconds }: ProtectionSample, inBreach: { readonly unknown: number }): number =>
  Math.max(0, unknownSeconds * 1000 - inBreach.unknown);

const least = (one: number, other: number): number => Math.max(0, Math.min(one, other));

type Parts = Pick<RpoPiece, 'within' | 'beyond' | 'unknown'>;

const shares = ({ within, beyond, unknown }: Parts, total: number): Parts => ({
  within: within / total,
  beyond: beyond / total,
  unknown: unknown / total,
});

/**
 * It was judged by an objective that is easier than any that was promised meanwhile, and the lag was not always within that:
 * how long it was within the one that was promised, nobody has measured.
 */
function tooLoose(sample: ProtectionSample, terms: readonly ProtectionTerms[]): boolean {
  const { rpoSeconds, worst } = sample;
  const promised = termsWithin(terms, sample).map(({ objectives, failbackRpoSeconds }) =>
    sample.direction === 'recovery-to-primary' ? failbackRpoSeconds : objectives.rpoSeconds,
  );
  if (rpoSeconds === undefined || promised.length === 0) return false;
  const easiest = Math.max(...promised);
  return rpoSeconds > easiest && (worst === undefined || worst.lagSeconds > easiest);
}

/** Those in force at some moment from `from` to `to`, in order. */
export function termsWithin(
  terms: readonly ProtectionTerms[],
  { from, to }: { readonly from: string; readonly to: string },
): readonly ProtectionTerms[] {
  const sorted = [...terms].sort((one, other) => ms(one.since) - ms(other.since));
  return sorted.filter(({ since }, index) => {
    const next = sorted[index + 1];
    return ms(since) < ms(to) && (next === undefined || ms(next.since) > ms(from));
  });
}

const ms = (instant: string): number => Date.parse(instant);
