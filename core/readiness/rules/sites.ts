import type { SiteExamination, VolumePlaceSeen, WorkloadParts } from '../../model/examination';
import { peerRole, type SiteRole } from '../../model/site';
import type { StageMaps } from '../../model/stage';
import { siteName, type Found, type ReadinessSubject } from '../subject';

const roles = ['primary', 'recovery'] as const;

/** What a site lacks of what a plan expects there. A site that does not answer is told of elsewhere. */
export function lackingParts(subject: ReadinessSubject): readonly Found[] {
  return roles.flatMap((role) => {
    if (!subject.observation.sites[role].health.reachable) return [];
    const site = siteName(subject, role);
    const seen = subject.examinations[role];
    const unknown = seen === undefined ? ['it was not examined: its worker did not answer in time'] : seen.unknown;
    return [
      ...unknown.map((what): Found => ({
        code: 'SiteNotExamined',
        severity: 'warning',
        site,
        subject: `site ${site}`,
        what,
      })),
      ...(seen?.workloads ?? []).flatMap((one) => partsOf(subject, { role, site }, one)),
      ...(seen?.volumes ?? []).filter(({ there }) => there === undefined).map((one) => volumeMissing(site, one)),
    ];
  });
}

function partsOf(
  { observation }: ReadinessSubject,
  { role, site }: { readonly role: SiteRole; readonly site: string },
  { workload, missing, notUp }: WorkloadParts,
): readonly Found[] {
  const subject = `${workload} at ${site}`;
  const isStandby = role !== observation.activeSite;
  return [
    ...missing.map((part): Found => ({
      code: 'PartMissing',
      // What runs already has had it; what is to be started would fail.
      severity: isStandby ? 'error' : 'warning',
      site,
      subject,
      what: `${part} is not there`,
    })),
    ...(notUp === undefined || isStandby
      ? []
      : [{ code: 'InstancesNotUp', severity: 'warning', site, subject, what: notUp } as const]),
  ];
}

const volumeMissing = (site: string, { volume, place }: VolumePlaceSeen): Found => ({
  code: 'VolumeMissing',
  severity: 'error',
  site,
  subject: `${volume} at ${site}`,
  what: `there is no ${place}`,
});

/** What the standby has otherwise than the active site. */
export function differences(subject: ReadinessSubject): readonly Found[] {
  const { activeSite } = subject.observation;
  const standby = peerRole(activeSite);
  const [active, other] = [subject.examinations[activeSite], subject.examinations[standby]];
  if (active === undefined || other === undefined) return [];
  const site = siteName(subject, standby);
  const maps = mapsTowards(standby, subject.runbook.stage?.maps);
  return [...imagesOf(active, other, { site, maps }), ...placesOf(active, other, { site, maps })];
}

interface Compared {
  readonly site: string;
  /** From the active site to the standby; absent: nothing is called otherwise there. */
  readonly maps: StageMaps | undefined;
}

function imagesOf(active: SiteExamination, standby: SiteExamination, { site, maps }: Compared): readonly Found[] {
  return active.workloads.flatMap(({ workload, images }) => {
    const there = standby.workloads.find((one) => one.workload === workload)?.images ?? {};
    return Object.entries(images).flatMap(([container, image]): readonly Found[] => {
      const [has, wanted] = [there[container], mappedImage(image, maps)];
      // An object that is not there is told of by a precheck.
      if (has === undefined || has === wanted) return [];
      const what = `${container} has image ${has}, the active site ${image}`;
      return [{ code: 'ImageDiffers', severity: 'warning', site, subject: `${workload} at ${site}`, what }];
    });
  });
}

/** The longest beginning that fits counts, as when images are staged. */
function mappedImage(image: string, maps: StageMaps | undefined): string {
  const beginnings = Object.entries(maps?.images ?? {}).sort(([one], [other]) => other.length - one.length);
  const fitting = beginnings.find(([beginning]) => image.startsWith(beginning));
  return fitting === undefined ? image : fitting[1] + image.slice(fitting[0].length);
}

function placesOf(active: SiteExamination, standby: SiteExamination, { site, maps }: Compared): readonly Found[] {
  return active.volumes.flatMap(({ volume, there: source }): readonly Found[] => {
    const place = standby.volumes.find((one) => one.volume === volume);
    const there = place?.there;
    if (source === undefined || place === undefined || there === undefined) return [];
    const subject = `${volume} at ${site}`;
    const wanted = maps?.storageClasses[source.storageClass ?? ''];
    const smaller = (there.bytes ?? Infinity) < (source.bytes ?? 0);
    return [
      ...(smaller
        ? [
            {
              code: 'VolumeSmaller',
              severity: 'warning',
              site,
              subject,
              what: `${place.place} holds ${there.bytes ?? 0} bytes, the one of the active site ${source.bytes ?? 0}`,
            } as const,
          ]
        : []),
      ...(wanted !== undefined && wanted !== there.storageClass
        ? [
            {
              code: 'VolumeClassDiffers',
              severity: 'warning',
              site,
              subject,
              what: `${place.place} has storage class ${there.storageClass ?? 'none'}, expected is ${wanted}`,
            } as const,
          ]
        : []),
    ];
  });
}

/** Maps are written from the primary to the recovery site. */
function mapsTowards(standby: SiteRole, maps: StageMaps | undefined): StageMaps | undefined {
  if (maps === undefined || standby === 'recovery') return maps;
  const turned = (map: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
    Object.fromEntries(Object.entries(map).map(([here, there]) => [there, here]));
  return {
    storageClasses: turned(maps.storageClasses),
    images: turned(maps.images),
    ingressHosts: turned(maps.ingressHosts),
  };
}
