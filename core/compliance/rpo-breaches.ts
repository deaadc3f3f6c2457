import type { ProtectionSample } from '../model/evidence';
import type { BreachFigure } from './compliance-report';
import { inOrder, isUnprotected } from './rpo-pieces';

type Breach = Omit<BreachFigure, 'secondsInPeriod'>;

/** As one sample tells of it. */
interface Told {
  readonly kind: BreachFigure['kind'];
  readonly start: number;
  readonly end: number;
  /** It had not ended where its sample did. */
  readonly open: boolean;
  readonly worstLagSeconds?: number;
}

/** Every stretch beyond the objective, once: what goes on from one sample to the next is one. */
export function breachesOf(samples: readonly ProtectionSample[]): readonly Breach[] {
  const sorted = inOrder(samples);
  const told = sorted.flatMap(toldBy);
  const ends = sorted.map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) }));
  return (['lag', 'unprotected'] as const)
    .flatMap((kind) => merged(told.filter((one) => one.kind === kind)))
    .sort((one, other) => one.start - other.start)
    .map((one) =>
      figureOf(one, { seenToEnd: !one.open || ends.some(({ from, to }) => from <= one.end && to > one.end) }),
    );
}

function merged(list: readonly Told[]): readonly Told[] {
  const stretches: Told[] = [];
  for (const next of [...list].sort((one, other) => one.start - other.start)) {
    const last = stretches.at(-1);
    if (last === undefined || next.start > last.end) stretches.push(next);
    else stretches[stretches.length - 1] = joined(last, next);
  }
  return stretches;
}

function toldBy(sample: ProtectionSample): readonly Told[] {
  const end = Date.parse(sample.to);
  if (isUnprotected(sample)) return [{ kind: 'unprotected', start: Date.parse(sample.from), end, open: true }];
  return sample.breaches.map(({ since, until, worstLagSeconds }) => ({
    kind: 'lag',
    start: Date.parse(since),
    end: until === undefined ? end : Date.parse(until),
    open: until === undefined,
    worstLagSeconds,
  }));
}

function joined(one: Told, other: Told): Told {
  const later = other.end >= one.end ? other : one;
  const lags = [one, other].flatMap(({ worstLagSeconds }) => worstLagSeconds ?? []);
  return {
    ...{ kind: one.kind, start: Math.min(one.start, other.start), end: later.end, open: later.open },
    ...(lags.length > 0 && { worstLagSeconds: Math.max(...lags) }),
  };
}

/** One that was open where its last sample ends was over then, when the next sample says nothing of it. */
const figureOf = (
  { kind, start, end, worstLagSeconds }: Told,
  { seenToEnd }: { readonly seenToEnd: boolean },
): Breach => ({
  kind,
  since: new Date(start).toISOString(),
  ...(seenToEnd && { until: new Date(end).toISOString() }),
  seconds: (end - start) / 1000,
  ...(worstLagSeconds !== undefined && { worstLagSeconds }),
});
