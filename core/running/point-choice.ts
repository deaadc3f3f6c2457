import type { RecoveryPoint, VolumeObservation } from '../model/volume';
import { isLocalTime } from '../runbook/local-time';
import { nearestName } from '../runbook/nearest-name';

/** What a failover or a drill starts from. */
export type PointChoice =
  | { readonly kind: 'latest' | 'latest-application-consistent' }
  /** Of a point, or of a set of points that were taken together. */
  | { readonly kind: 'id'; readonly id: string }
  /** The newest point that is not after this instant. */
  | { readonly kind: 'time'; readonly instant: string };

export const CHOICE_WORDS =
  '"latest", "latest-application-consistent", an id, or an instant with its zone like "2026-12-05T22:00:00Z"';

const INSTANT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/i;
const LIKE_A_TIME = /^\d{4}-\d{1,2}-\d{1,2}([T ]|$)|^\d{1,2}:\d{2}/;
const ID = /^\w[\w.-]{0,199}$/;

/** Reads what a person wrote; a text says what is wrong with it. */
export function parsePointChoice(written: string): PointChoice | string {
  const text = written.trim();
  const words = text.toLowerCase().replace(/\s+/g, '-');
  if (words === 'latest' || words === 'latest-application-consistent') return { kind: words };
  if (INSTANT.test(text)) {
    const ms = Date.parse(text.toUpperCase().replace(' ', 'T'));
    // Date.parse makes March 2nd of February 30th.
    if (!Number.isNaN(ms) && isLocalTime(`${text.slice(0, 10)}T${text.slice(11, 16)}`))
      return { kind: 'time', instant: new Date(ms).toISOString() };
    return `"${text}" is no instant that exists; write ${CHOICE_WORDS}`;
  }
  if (LIKE_A_TIME.test(text)) {
    return `"${text.slice(0, 60)}" is not a whole instant: write date, time and zone, like "2026-12-05T22:00:00+01:00"`;
  }
  if (ID.test(text)) return { kind: 'id', id: text };
  return `"${text.slice(0, 60)}" names no recovery point: write ${CHOICE_WORDS}`;
}

/** The points of a volume as they were seen, newest first. */
export type SeenPoints = Pick<VolumeObservation, 'volume' | 'points'>;

export interface ChosenPoints {
  /** By volume. */
  readonly points: Readonly<Record<string, RecoveryPoint | 'latest'>>;
  /** A sentence for each volume of which there is no such point; then nothing may start. */
  readonly missing: readonly string[];
}

/**
 * The point of each volume that the choice means. Points that were taken together are restored together: one of them, or the id
 * of their set, stands for all. Of a point that belongs to no set, the other volumes take their newest one that is not after it.
 */
export function choosePoints(choice: PointChoice, seen: readonly SeenPoints[]): ChosenPoints {
  switch (choice.kind) {
    case 'latest':
      return { points: Object.fromEntries(seen.map(({ volume }) => [volume, 'latest'])), missing: [] };
    case 'latest-application-consistent': {
      const set = completeSets(seen)[0];
      return set === undefined ? { points: {}, missing: [noSetYet(seen)] } : pointsOfSet(set, seen);
    }
    case 'time':
      return each(seen, (volume) => notAfter(volume, choice.instant) ?? nothingBefore(volume, choice.instant));
    case 'id':
      return byId(choice.id, seen);
  }
}

/** Ids of the sets of which every volume has its point, newest first. */
export function completeSets(seen: readonly SeenPoints[]): readonly string[] {
  const [first, ...others] = seen;
  const ids = (first?.points ?? []).flatMap(({ set }) => set?.id ?? []);
  return ids.filter((id) => others.every(({ points }) => points.some(({ set }) => set?.id === id)));
}

function byId(id: string, seen: readonly SeenPoints[]): ChosenPoints {
  const all = seen.flatMap(({ points }) => points);
  const point = all.find((one) => one.id === id);
  const set = point?.set?.id ?? all.find((one) => one.set?.id === id)?.set?.id;
  if (set !== undefined) return pointsOfSet(set, seen);
  if (point === undefined) return { points: {}, missing: [unknownId(id, all)] };
  return each(seen, (volume) => {
    if (volume.volume === point.volume) return point;
    return notAfter(volume, point.asOf) ?? nothingBefore(volume, point.asOf);
  });
}

const pointsOfSet = (id: string, seen: readonly SeenPoints[]): ChosenPoints =>
  each(seen, ({ volume, points }) => {
    const found = points.find(({ set }) => set?.id === id);
    return found ?? `${volume}: has no point of the set "${id}", which is not complete any more`;
  });

function each(seen: readonly SeenPoints[], choose: (volume: SeenPoints) => RecoveryPoint | string): ChosenPoints {
  const points: Record<string, RecoveryPoint> = {};
  const missing: string[] = [];
  for (const volume of seen) {
    const chosen = choose(volume);
    if (typeof chosen === 'string') missing.push(chosen);
    else points[volume.volume] = chosen;
  }
  return { points, missing };
}

function notAfter({ points }: SeenPoints, instant: string): RecoveryPoint | undefined {
  const at = Date.parse(instant);
  const earlier = points.filter(({ asOf }) => Date.parse(asOf) <= at);
  // By what they hold, not by when they were taken: the two differ where a point was taken of a replica that was behind.
  return earlier.reduce<RecoveryPoint | undefined>(
    (best, point) => (best && Date.parse(best.asOf) >= Date.parse(point.asOf) ? best : point),
    undefined,
  );
}

function nothingBefore({ volume, points }: SeenPoints, instant: string): string {
  const oldest = points.reduce<RecoveryPoint | undefined>(
    (best, point) => (best && Date.parse(best.asOf) <= Date.parse(point.asOf) ? best : point),
    undefined,
  );
  const there = oldest === undefined ? 'it has none' : `its oldest is ${oldest.id}, as of ${oldest.asOf}`;
  return `${volume}: no recovery point at or before ${instant}; ${there}`;
}

const LISTED = 5;

function unknownId(id: string, all: readonly RecoveryPoint[]): string {
  if (all.length === 0) return `there is no recovery point "${id}", nor any other`;
  const ids = all.map((point) => point.id);
  const nearest = nearestName(id, ids) ?? nearestInTime(id, all);
  const listed = ids.slice(0, LISTED).join(', ');
  const more = ids.length > LISTED ? ` and ${ids.length - LISTED} more` : '';
  return `there is no recovery point "${id}"; the nearest is ${nearest}; there are ${listed}${more} (switchback points)`;
}

/** Ids begin with the instant at which they were given. */
function nearestInTime(id: string, all: readonly RecoveryPoint[]): string {
  const later = all.filter((point) => point.id >= id).sort((left, right) => (left.id < right.id ? -1 : 1));
  const newest = [...all].sort((left, right) => (left.id < right.id ? 1 : -1));
  return (later[0] ?? newest[0])?.id ?? '';
}

function noSetYet(seen: readonly SeenPoints[]): string {
  const some = seen.flatMap(({ points }) => points).filter(({ set }) => set !== undefined);
  if (some.length > 0) return 'no application-consistent set has a point of every volume';
  const count = seen.reduce((sum, { points }) => sum + points.length, 0);
  return `there is no application-consistent recovery point yet; there are ${count} crash-consistent ones, and "latest"`;
}
