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
  const names = typeof claim === 'string' ? { primary: claim, recovery: claim } : claim;
  return {
    claims: { [sites.primary]: names.primary, [sites.recovery]: names.recovery },
    ...(bandwidth !== undefined && { bandwidthKib: bandwidth }),
    ...(rsyncFlags.length > 0 && { rsyncFlags }),
    timeoutSeconds: acceptedSeconds(timeout),
  };
}

type WrittenSite = Extract<WrittenRunbook['sites'][SiteRole], { driver: 'kubernetes' }>;
type WrittenMover = NonNullable<WrittenSite['kubernetes']['mover']>;

export const moverOf = ({ image, service, keepOnFailure, ...rest }: WrittenMover): KubernetesMover => ({
  image,
  service,
  ...(keepOnFailure && { keepOnFailure }),
  ...present(rest),
});
