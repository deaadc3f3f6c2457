import type { DecisionFacts } from '../model/run';
import { estimatedFrom } from '../running/estimate-text';
import { durationText } from './markdown/duration-text';

/** What people decide upon, as one line; of the lag that of the volume which is furthest behind. */
export function factsText(facts: DecisionFacts): string {
  const { estimateSeconds, interruptionSeconds, lag, loss, warnings } = facts;
  const parts = [
    `estimate ${durationText(estimateSeconds)} (${estimatedFrom(facts)})`,
    ...(interruptionSeconds === undefined
      ? []
      : [`service interrupted for about ${durationText(interruptionSeconds)}`]),
    ...(lag === undefined ? [] : [lagText(lag)]),
    loss === undefined ? 'no data lost' : `lost: ${loss}`,
    warnings.length === 0 ? 'no warnings' : `${warnings.length} warning${warnings.length === 1 ? '' : 's'}`,
  ];
  return parts.join('; ');
}

/** The same, with what the warnings say. */
export const factsInFull = (facts: DecisionFacts): string =>
  [factsText(facts), ...(facts.warnings.length === 0 ? [] : [facts.warnings.join('; ')])].join(': ');

function lagText({ observedAt, volumes: [worst] }: NonNullable<DecisionFacts['lag']>): string {
  if (worst === undefined) return 'lag unknown';
  return `lag ${durationText(worst.seconds)} (${worst.volume}, at ${observedAt})`;
}
