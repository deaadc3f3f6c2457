import { SwitchbackFailure } from '../../core/model/failure';
import { Evidence } from '../../evidence/evidence';
import { evidencePlace, openEvidence, placeText } from '../../evidence/evidence-place';

/** Evidence, and where it is, as people write it. */
export interface PlacedEvidence {
  readonly evidence: Evidence;
  readonly place: string;
}

/** The evidence at the place that is named, or else where the environment says. */
export async function evidenceAt(
  env: Readonly<Record<string, string | undefined>>,
  named: string | undefined,
): Promise<PlacedEvidence> {
  const place = named === undefined ? evidencePlace(env, '.') : evidencePlace(env, '.', named);
  return { evidence: new Evidence(await openEvidence(place)), place: placeText(place) };
}

/**
 * Those that are named, or all of which there is any evidence.
 *
 * @throws SwitchbackFailure `InvalidInput` when there is none at all, or the name is none of a group
 */
export async function groupsOf(
  { evidence, place }: PlacedEvidence,
  named: readonly string[],
): Promise<readonly string[]> {
  const stranger = named.find((name) => !/^[a-z0-9-]+$/.test(name));
  if (stranger !== undefined) throw new SwitchbackFailure('InvalidInput', `"${stranger}" is not the name of a group.`);
  const groups = named.length > 0 ? named : await evidence.groups();
  if (groups.length > 0) return groups;
  throw new SwitchbackFailure(
    'InvalidInput',
    `there is no evidence in ${place}. Name where the workers keep it: --store, or SWITCHBACK_EVIDENCE as they have it.`,
  );
}
