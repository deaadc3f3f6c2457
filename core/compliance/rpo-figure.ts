import type { ProtectionSample } from '../model/evidence';
import { clip, subtract, union, type Interval } from '../report/history/intervals';
import type { BreachFigure, CompliancePeriod, RpoFigure, RpoSlice, RpoTimes } from './compliance-report';
import type { KeptEvidence } from './kept-evidence';
import { endOf, goesOn } from './period';
import { breachesOf } from './rpo-breaches';
import { inOrder, rpoPieces, type RpoPiece } from './rpo-pieces';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Of a period that goes on: samples are kept once an hour, and the one of now is not there yet. */
const LATEST_SAMPLE = HOUR + HOUR / 4;

/** Lag against the objective over the period. Time that no sample tells of is not known. */
export function rpoFigure({ samples, terms }: KeptEvidence, period: CompliancePeriod): RpoFigure {
  const span = spanOf(samples, period);
  const pieces = rpoPieces(samples, terms);
  const gaps = subtract([span], union(clip(pieces, span)));
  const worst = worstOf(samples, span);
  return {
    from: iso(span.start),
    to: iso(span.end),
    ...timesOf(pieces, span),
    unprotectedSeconds: seconds(shareOf(pieces, span, ({ unprotected }) => (unprotected ? 1 : 0))),
    ...(worst && { worst }),
    breaches: breachesOf(samples).flatMap((breach) => inPeriod(breach, span)),
    gaps: gaps.map(({ start, end }) => ({ from: iso(start), to: iso(end), seconds: seconds(end - start) })),
    slices: slicesOf(span).map((slice) => sliceFigure(slice, pieces, samples)),
  };
}

function spanOf(samples: readonly ProtectionSample[], period: CompliancePeriod): Interval {
  const [start, end] = [Date.parse(period.from), Date.parse(endOf(period))];
  const last = Math.max(...samples.map(({ to }) => Date.parse(to)), -Infinity);
  const awaited = goesOn(period) && last > start && last < end && end - last <= LATEST_SAMPLE;
  return { start, end: awaited ? last : end };
}

/** The three add up to the span. */
function timesOf(pieces: readonly RpoPiece[], span: Interval): RpoTimes {
  const total = span.end - span.start;
  const beyond = Math.round(shareOf(pieces, span, (piece) => piece.beyond));
  const within = Math.min(total - beyond, Math.round(shareOf(pieces, span, (piece) => piece.within)));
  return {
    withinSeconds: within / 1000,
    beyondSeconds: beyond / 1000,
    unknownSeconds: (total - beyond - within) / 1000,
  };
}

const shareOf = (pieces: readonly RpoPiece[], span: Interval, share: (piece: RpoPiece) => number): number =>
  pieces.reduce((sum, piece) => {
    const length = Math.min(piece.end, span.end) - Math.max(piece.start, span.start);
    return length > 0 ? sum + length * share(piece) : sum;
  }, 0);

function worstOf(samples: readonly ProtectionSample[], span: Interval): RpoFigure['worst'] {
  const seen = samples.flatMap(({ worst }) => (worst && isIn(Date.parse(worst.at), span) ? [worst] : []));
  return seen.reduce<RpoFigure['worst']>(
    (most, one) => (most === undefined || one.lagSeconds > most.lagSeconds ? one : most),
    undefined,
  );
}

const isIn = (ms: number, { start, end }: Interval): boolean => ms >= start && ms < end;

function inPeriod(breach: Omit<BreachFigure, 'secondsInPeriod'>, span: Interval): readonly BreachFigure[] {
  const start = Date.parse(breach.since);
  const [part] = clip([{ start, end: start + breach.seconds * 1000 }], span);
  return part === undefined ? [] : [{ ...breach, secondsInPeriod: seconds(part.end - part.start) }];
}

/** An hour, a day or a week each: some dozens, so that they can be looked at. */
function slicesOf({ start, end }: Interval): readonly Interval[] {
  const length = end - start;
  const each = length <= 3 * DAY ? HOUR : length <= 120 * DAY ? DAY : 7 * DAY;
  return Array.from({ length: Math.ceil(length / each) }, (_, index) => ({
    start: start + index * each,
    end: Math.min(end, start + (index + 1) * each),
  }));
}

function sliceFigure(slice: Interval, pieces: readonly RpoPiece[], samples: readonly ProtectionSample[]): RpoSlice {
  const worst = worstOf(inOrder(samples), slice);
  return {
    from: iso(slice.start),
    to: iso(slice.end),
    ...timesOf(pieces, slice),
    ...(worst && { worstLagSeconds: worst.lagSeconds }),
  };
}

const seconds = (ms: number): number => Math.round(ms) / 1000;

const iso = (ms: number): string => new Date(ms).toISOString();
