import { isCopy, runOf } from '../../../core/model/drill';
import { SwitchbackFailure } from '../../../core/model/failure';
import type { KubernetesMover, SiteSpec } from '../../../core/model/site';
import type { KubernetesVolume, VolumeSpec } from '../../../core/model/volume';
import { isStatus } from '../client/kube-error';
import type { SiteCluster, SiteClusters } from '../cluster';
import { copyLabel } from '../copies/copy-namespace';
import { nameIn } from '../fence/fence-record';
import type { KubeObject } from '../kube-object';

/** A volume of a group at a site: the claim that holds it, and how it is moved. */
export interface VolumePlace {
  readonly cluster: SiteCluster;
  readonly group: string;
  readonly volume: VolumeSpec;
  readonly claim: string;
  readonly settings: KubernetesVolume;
  readonly mover: KubernetesMover;
  /** Of the copy of a drill: the run that it is of. */
  readonly run?: string;
}

export interface Claim extends KubeObject {
  readonly spec: {
    readonly storageClassName?: string;
    readonly accessModes?: readonly string[];
    readonly resources?: { readonly requests?: { readonly storage?: string } };
    readonly volumeMode?: string;
  };
  readonly status?: { readonly phase?: string; readonly capacity?: { readonly storage?: string } };
}

/** What Switchback writes on what it makes for a volume. */
export const volumeLabel = {
  volume: 'switchback.dev/volume',
  group: 'switchback.dev/volume-of',
  /** The pass that an object was made for. */
  pass: 'switchback.dev/pass',
  /** What the pod does. */
  mover: 'switchback.dev/mover',
  /** Whether the pod writes the volume. */
  writes: 'switchback.dev/writes-volume',
} as const;

/** @throws SwitchbackFailure `InvalidRunbook` when the runbook does not say where the volume is, or what moves it */
export function placeOf(
  clusters: SiteClusters,
  site: SiteSpec,
  volume: VolumeSpec,
  { group, operationKey }: { readonly group: string; readonly operationKey?: string },
): VolumePlace {
  const cluster = clusters.of(site, group);
  const { mover } = cluster.site.kubernetes;
  const claim = volume.kubernetes?.claims[site.name];
  const lacks = (what: string) =>
    new SwitchbackFailure('InvalidRunbook', `volume "${volume.name}" at site "${site.name}" needs ${what}`, {
      volume: volume.name,
      site: site.name,
    });
  if (volume.kubernetes === undefined || claim === undefined) throw lacks('the name of its claim (kubernetes.claim)');
  if (mover === undefined) throw lacks('an image that moves it (kubernetes.mover of the site)');
  const run = isCopy(group) && operationKey !== undefined ? runOf(operationKey) : undefined;
  return { cluster, group, volume, claim, settings: volume.kubernetes, mover, ...(run !== undefined && { run }) };
}

const claimPath = ({ cluster, claim }: VolumePlace): string => cluster.path('v1', 'persistentvolumeclaims', claim);

/** Undefined: there is no such claim. */
export async function readClaim(place: VolumePlace): Promise<Claim | undefined> {
  try {
    return await place.cluster.client.get<Claim>(claimPath(place));
  } catch (error) {
    if (isStatus(error, 404)) return undefined;
    throw error;
  }
}

export function claimMissing({ cluster, claim, volume }: VolumePlace): SwitchbackFailure {
  const message =
    `there is no claim "${claim}" in namespace "${cluster.namespace}" at site "${cluster.site.name}" for volume ` +
    `"${volume.name}"; make it, or let \`stage:\` of the runbook make it`;
  return new SwitchbackFailure('ClaimMissing', message, { volume: volume.name, site: cluster.site.name, claim });
}

/** Labels of what is made for a volume; in the copy of a drill also that of its run. */
export const labelsOf = ({ volume, group, run }: VolumePlace): Readonly<Record<string, string>> => ({
  'app.kubernetes.io/managed-by': 'switchback',
  [volumeLabel.volume]: volume.name,
  [volumeLabel.group]: nameIn(group),
  ...(run !== undefined && { [copyLabel.run]: run }),
});

/** "volume "orders" at site "paris"" */
export const named = ({ volume, cluster }: VolumePlace): string =>
  `volume "${volume.name}" at site "${cluster.site.name}"`;
