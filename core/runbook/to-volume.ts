import type { KubernetesMover, SiteRole } from '../model/site';
import type { KubernetesVolume, VolumeSpec } from '../model/volume';
import { acceptedSeconds } from './duration';
import { present } from './present';
import type { WrittenRunbook } from './schema';

type WrittenVolume = WrittenRunbook['volumes'][number];

/** A volume with its claims by the names of the sites. */
export const volumeOf =
  ({ primary, recovery }: WrittenRunbook['sites']) =>
  ({ name, marker, kubernetes }: WrittenVolume): VolumeSpec => ({
    name,
    ...present({ marker }),
    ...(kubernetes && { kubernetes: claimsOf(kubernetes, { primary: primary.name, recovery: recovery.name }) }),
  });

function claimsOf(
  { claim, bandwidth, rsyncFlags, timeout }: NonNullable<WrittenVolume['kubernetes']>,
  sites: { readonly primary: string; readonly recovery: string },
): KubernetesVolume {
  const names = namesOf(claim);
  return {
    claims: { [sites.primary]: names.primary, [sites.recovery]: names.recovery },
    ...(bandwidth !== undefined && { bandwidthKib: bandwidth }),
    ...(rsyncFlags.length > 0 && { rsyncFlags }),
    timeoutSeconds: acceptedSeconds(timeout),
  };
}

const namesOf = (claim: NonNullable<WrittenVolume['kubernetes']>['claim']): Readonly<Record<SiteRole, string>> =>
  typeof claim === 'string' ? { primary: claim, recovery: claim } : claim;

type WrittenSite = Extract<WrittenRunbook['sites'][SiteRole], { driver: 'kubernetes' }>;
type WrittenMover = NonNullable<WrittenSite['kubernetes']['mover']>;

/** `claims`: those of the volumes at the site of the mover. */
export const moverOf = (
  { image, service, addressWithin, keepOnFailure, snapshotClass, ...rest }: WrittenMover,
  claims: readonly string[],
): KubernetesMover => ({
  image,
  service,
  ...(addressWithin !== undefined && { addressWithinSeconds: acceptedSeconds(addressWithin) }),
  ...(keepOnFailure && { keepOnFailure }),
  ...(snapshotClass !== undefined && { snapshots: { class: snapshotClass, claims } }),
  ...present(rest),
});

export const claimsAt = (volumes: readonly WrittenVolume[], role: SiteRole): readonly string[] =>
  volumes.flatMap(({ kubernetes }) => (kubernetes === undefined ? [] : [namesOf(kubernetes.claim)[role]]));
