import type { EndedDrill } from '../model/attestation';
import type { Attestation } from '../model/run';
import { durationText } from './markdown/duration-text';

/** What there is to know of a drill for whoever attests it, as one line. */
export function drillText({ verdict, because, startedAt, endedAt, facts }: EndedDrill): string {
  const { site, healthySeconds, data, byHand } = facts;
  const took = (Date.parse(endedAt) - Date.parse(startedAt)) / 1000;
  return [
    `${verdict}: ${because}`,
    `took ${durationText(Math.max(0, took))}`,
    healthySeconds === undefined
      ? `its copy at ${site} was never healthy as a whole`
      : `its copy at ${site} was healthy after ${durationText(healthySeconds)}`,
    ...data.map(({ volume, asOf }) => `${volume} as of ${asOf ?? 'unknown'}`),
    ...(byHand.length === 0 ? [] : [`left out or done by hand: ${byHand.join(', ')}`]),
  ].join('; ');
}

/** "passed, says ana@example.com (signed, key 1a2b...): all orders of today are there; evidence: https://..." */
export function attestationText({ verdict, by, notes, evidence, signed }: Attestation): string {
  const how = signed ? `signed, key ${signed.keyId}` : 'claimed';
  const proof = evidence === undefined ? '' : `; evidence: ${evidence}`;
  return `${verdict}, says ${by} (${how}): ${notes}${proof}`;
}
