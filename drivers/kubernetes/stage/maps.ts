import type { StageMaps } from '../../../core/model/stage';
import { type Draft, listWithin, within } from './draft';

/** Read from the primary to the recovery site; the other way round each map is turned. */
export function mapsTowards(target: 'primary' | 'recovery', maps: StageMaps): StageMaps {
  if (target === 'recovery') return maps;
  const turned = (map: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(Object.entries(map).map(([here, there]) => [there, here]));
  return {
    storageClasses: turned(maps.storageClasses),
    images: turned(maps.images),
    ingressHosts: turned(maps.ingressHosts),
  };
}

const mapped = (map: Readonly<Record<string, string>>, value: unknown): unknown =>
  typeof value === 'string' && Object.hasOwn(map, value) ? map[value] : value;

export function mapStorageClass(claim: Draft, { storageClasses }: StageMaps): void {
  const spec = within(claim, 'spec');
  if (spec?.['storageClassName'] !== undefined) {
    spec['storageClassName'] = mapped(storageClasses, spec['storageClassName']);
  }
}

/** The longest beginning that fits counts. */
export function mapImages(podTemplate: Draft | undefined, { images }: StageMaps): void {
  const beginnings = Object.entries(images).sort(([one], [other]) => other.length - one.length);
  for (const list of ['containers', 'initContainers']) {
    for (const container of listWithin(podTemplate, 'spec', list)) {
      const image = container['image'];
      if (typeof image !== 'string') continue;
      const fitting = beginnings.find(([beginning]) => image.startsWith(beginning));
      if (fitting) container['image'] = fitting[1] + image.slice(fitting[0].length);
    }
  }
}

export function mapHosts(ingress: Draft, { ingressHosts }: StageMaps): void {
  for (const rule of listWithin(ingress, 'spec', 'rules')) {
    if (rule['host'] !== undefined) rule['host'] = mapped(ingressHosts, rule['host']);
  }
  for (const tls of listWithin(ingress, 'spec', 'tls')) {
    const hosts = tls['hosts'];
    if (Array.isArray(hosts)) tls['hosts'] = hosts.map((host) => mapped(ingressHosts, host));
  }
}
