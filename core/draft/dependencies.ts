import type { FoundWorkload } from '../model/namespace-inventory';
import type { Reference } from './references';

export interface Dependencies {
  /** Without a circle. */
  readonly kept: readonly Reference[];
  readonly leftOut: readonly LeftOut[];
}

export interface LeftOut {
  readonly reference: Reference;
  /** The circle that it would have closed, from where it comes from back to there. */
  readonly circle: readonly FoundWorkload[];
}

/**
 * What starts before what. Applications do name each other in circles, and something has to start first: of a circle, the reference
 * to what is reached from outside gives way, since it is mostly an address for links and call-backs; else the last one.
 */
export function dependenciesOf(references: readonly Reference[], outside: ReadonlySet<FoundWorkload>): Dependencies {
  const next = new Map<FoundWorkload, FoundWorkload[]>();
  const kept: Reference[] = [];
  const leftOut: LeftOut[] = [];
  const ordered = [...references].sort((one, other) => Number(outside.has(one.to)) - Number(outside.has(other.to)));
  for (const reference of ordered) {
    const { from, to } = reference;
    const back = way(to, from, next);
    if (back !== undefined) {
      leftOut.push({ reference, circle: [from, ...back] });
      continue;
    }
    kept.push(reference);
    next.set(from, [...(next.get(from) ?? []), to]);
  }
  return { kept, leftOut };
}

/** From one to the other by dependencies, both included; the shortest. */
function way(
  start: FoundWorkload,
  end: FoundWorkload,
  next: ReadonlyMap<FoundWorkload, readonly FoundWorkload[]>,
): readonly FoundWorkload[] | undefined {
  const cameFrom = new Map<FoundWorkload, FoundWorkload | undefined>([[start, undefined]]);
  for (const one of cameFrom.keys()) {
    if (one === end) return backFrom(end, cameFrom);
    for (const other of next.get(one) ?? []) if (!cameFrom.has(other)) cameFrom.set(other, one);
  }
  return undefined;
}

function backFrom(
  end: FoundWorkload,
  cameFrom: ReadonlyMap<FoundWorkload, FoundWorkload | undefined>,
): readonly FoundWorkload[] {
  const steps: FoundWorkload[] = [];
  for (let at: FoundWorkload | undefined = end; at !== undefined; at = cameFrom.get(at)) steps.unshift(at);
  return steps;
}
