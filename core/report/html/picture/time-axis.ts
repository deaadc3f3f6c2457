import { clip, measure, subtract, union, type Interval } from '../../history/intervals';

/** A stretch that is drawn shorter than it was. */
export interface Fold {
  readonly x: number;
  readonly width: number;
  readonly seconds: number;
}

export interface TimeAxis {
  /** Where an instant, in milliseconds since the epoch, is drawn. */
  readonly x: (ms: number) => number;
  /** Ticks at round times since the beginning, none within a fold. */
  readonly ticks: readonly { readonly x: number; readonly seconds: number }[];
  readonly folds: readonly Fold[];
}

/** A wait longer than this share of all other time is folded: else three hours for a person hide three seconds of work. */
const FOLDED_FROM = 0.3;
const FOLD_SHARE = 0.08;
/** All folds together leave this to what happened between them. */
const MOST_FOLDED = 0.5;
/** Less is not worth a fold, in milliseconds. */
const LEAST_FOLD = 2_000;
const LEAST_TICK_WIDTH = 64;
const TICK_SECONDS = [
  ...[0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800],
  ...[3600, 7200, 14_400, 21_600, 43_200, 86_400],
];

interface Piece extends Interval {
  readonly folded: boolean;
}

/** `waits`: stretches in which nothing but a person or a clock was waited for, as `union` gives them. */
export function timeAxis(span: Interval, waits: readonly Interval[], width: number): TimeAxis {
  const pieces = piecesOf(span, foldedWaits(span, waits));
  const folds = pieces.filter(({ folded }) => folded);
  const foldWidth = width * Math.min(FOLD_SHARE, MOST_FOLDED / Math.max(1, folds.length));
  const open = Math.max(1, measure(pieces.filter(({ folded }) => !folded)));
  const perMs = (width - folds.length * foldWidth) / open;
  const drawn: (Piece & { readonly x: number; readonly width: number })[] = [];
  let x = 0;
  for (const piece of pieces) {
    const wide = piece.folded ? foldWidth : (piece.end - piece.start) * perMs;
    drawn.push({ ...piece, x, width: wide });
    x += wide;
  }
  const place = (ms: number): number => {
    const piece = drawn.find(({ end }) => ms <= end) ?? drawn.at(-1);
    if (!piece) return 0;
    const share = (ms - piece.start) / Math.max(1, piece.end - piece.start);
    return piece.x + piece.width * Math.min(1, Math.max(0, share));
  };
  const every = (TICK_SECONDS.find((seconds) => seconds * 1000 * perMs >= LEAST_TICK_WIDTH) ?? 604_800) * 1000;
  const ticks = drawn
    .filter(({ folded }) => !folded)
    .flatMap((piece) => ticksIn(piece, span.start, every))
    .map((ms) => ({ x: place(ms), seconds: (ms - span.start) / 1000 }));
  return {
    x: place,
    ticks,
    folds: drawn
      .filter(({ folded }) => folded)
      .map(({ x: at, width: wide, start, end }) => ({ x: at, width: wide, seconds: (end - start) / 1000 })),
  };
}

function foldedWaits(span: Interval, waits: readonly Interval[]): Interval[] {
  const within = clip(union(waits), span);
  const busy = measure(subtract([span], within));
  if (busy === 0) return [];
  // What is left open counts as time that has to be seen, so that of two equal waits both are folded or none.
  const least = Math.max(LEAST_FOLD, busy * FOLDED_FROM);
  return within.filter(({ start, end }) => end - start > least);
}

function piecesOf(span: Interval, folds: readonly Interval[]): Piece[] {
  const pieces = [
    ...folds.map((fold) => ({ ...fold, folded: true })),
    ...subtract([span], folds).map((open) => ({ ...open, folded: false })),
  ];
  return pieces.sort((left, right) => left.start - right.start);
}

function ticksIn({ start, end }: Interval, origin: number, every: number): number[] {
  const first = Math.ceil((start - origin) / every);
  const last = Math.floor((end - origin) / every);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => origin + (first + index) * every);
}
