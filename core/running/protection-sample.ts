import type { ObjectiveBreach, ProtectionSample } from '../model/evidence';
import type { ProtectionState, ReplicationState } from '../model/protection';
import { completeUntil } from './protection-rules';

/** What decides how well a group is protected at a moment. */
interface Standing extends Pick<ProtectionSample, 'phase' | 'activeSite' | 'direction' | 'rpoSeconds' | 'during'> {
  /** Every write acknowledged before this instant is at the standby; absent: not known yet. */
  readonly asOf?: string;
}

/** A sample that still grows. Spans are in milliseconds. */
export interface GrowingSample {
  readonly from: string;
  /** Until here it is accounted for. */
  readonly at: string;
  readonly standing: Standing;
  readonly withinMs: number;
  readonly beyondMs: number;
  readonly unknownMs: number;
  readonly worst?: { readonly lagMs: number; readonly at: string };
  readonly breaches: readonly ObjectiveBreach[];
  readonly breach?: { readonly since: string; readonly worstMs: number };
}

/**
 * `before`: how it stood until now. Between the commit point of an operation and the first pass of the new direction nobody knows
 * more than before: what was at both sites then still is.
 */
export function standingOf({ phase, activeSite, replication, holder }: ProtectionState, before?: Standing): Standing {
  const { direction, rpoSeconds = before?.rpoSeconds } = replication;
  const asOf = knownAsOf(replication) ?? before?.asOf;
  return {
    ...{ phase, activeSite, direction },
    ...(rpoSeconds !== undefined && { rpoSeconds }),
    ...(asOf !== undefined && { asOf }),
    ...(holder && { during: { operation: holder.operation, workflowId: holder.workflowId } }),
  };
}

function knownAsOf(replication: ReplicationState): string | undefined {
  if (replication.direction === 'none') return undefined;
  // A pass over no volumes leaves nothing behind.
  if (Object.keys(replication.asOf).length === 0) return replication.lastPassAt;
  const until = completeUntil(replication);
  return until === undefined ? undefined : iso(until);
}

/** `breach`: of the sample before, when it goes on. */
export const beginSample = (
  standing: Standing,
  from: string,
  breach?: { readonly since: string; readonly worstMs: number },
): GrowingSample => ({
  ...{ from, at: from, standing, breaches: [], withinMs: 0, beyondMs: 0, unknownMs: 0 },
  ...(breach && { breach }),
});

/**
 * Time goes on to `at` with the standing as it was. The standby is known complete up to one instant, so the lag grows as the clock
 * does, and the moment at which it passed the objective is known exactly, however seldom anybody looks.
 */
export function accounted(sample: GrowingSample, at: string): GrowingSample {
  const [begin, end] = [Date.parse(sample.at), Date.parse(at)];
  if (!(end > begin)) return sample;
  const { direction, rpoSeconds, asOf } = sample.standing;
  if (rpoSeconds === undefined || asOf === undefined) {
    // Nothing protects the data, and nothing is known of before.
    if (direction === 'none') return beyond(sample, { begin, end, since: begin, lagMs: undefined });
    const closed = breachEnded(sample, sample.at);
    return { ...closed, at, unknownMs: closed.unknownMs + (end - begin) };
  }
  const passes = Date.parse(asOf) + rpoSeconds * 1000;
  const lagMs = Math.max(0, end - Date.parse(asOf));
  const worst = lagMs > (sample.worst?.lagMs ?? -1) ? { lagMs, at } : sample.worst;
  const grown = { ...sample, ...(worst && { worst }) };
  if (passes >= end) return { ...breachEnded(grown, sample.at), at, withinMs: grown.withinMs + (end - begin) };
  const since = Math.max(begin, passes);
  const before = passes > begin ? breachEnded(grown, sample.at) : grown;
  return beyond({ ...before, withinMs: before.withinMs + (since - begin) }, { begin: since, end, since, lagMs });
}

function beyond(
  sample: GrowingSample,
  {
    begin,
    end,
    since,
    lagMs,
  }: { readonly begin: number; readonly end: number; readonly since: number; readonly lagMs: number | undefined },
): GrowingSample {
  const breach = sample.breach ?? { since: iso(since), worstMs: 0 };
  const worstMs = Math.max(breach.worstMs, lagMs ?? end - Date.parse(breach.since));
  return {
    ...sample,
    at: iso(end),
    beyondMs: sample.beyondMs + (end - begin),
    breach: { ...breach, worstMs },
  };
}

function breachEnded(sample: GrowingSample, until: string): GrowingSample {
  const { breach, ...rest } = sample;
  return breach ? { ...rest, breaches: [...sample.breaches, { ...told(breach), until }] } : sample;
}

/** Whether what comes is of the same sample: only how far the standby is has changed. */
export const goesOn = ({ standing }: GrowingSample, next: Standing): boolean =>
  standing.phase === next.phase &&
  standing.activeSite === next.activeSite &&
  standing.direction === next.direction &&
  standing.rpoSeconds === next.rpoSeconds &&
  standing.during?.workflowId === next.during?.workflowId;

/** As it is kept, when it is accounted for up to its end. */
export function sampleOf({ from, at, standing, breach, worst, ...sample }: GrowingSample): ProtectionSample {
  const { asOf: _instant, ...frame } = standing;
  return {
    schemaVersion: 1,
    ...{ from, to: at },
    ...frame,
    withinSeconds: sample.withinMs / 1000,
    beyondSeconds: sample.beyondMs / 1000,
    unknownSeconds: sample.unknownMs / 1000,
    ...(worst && { worst: { lagSeconds: worst.lagMs / 1000, at: worst.at } }),
    breaches: [...sample.breaches, ...(breach ? [told(breach)] : [])],
  };
}

const told = ({ since, worstMs }: { readonly since: string; readonly worstMs: number }): ObjectiveBreach => ({
  since,
  worstLagSeconds: worstMs / 1000,
});

const iso = (ms: number): string => new Date(ms).toISOString();
