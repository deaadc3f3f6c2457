import type { SiteExamination, VolumePlaceSeen, WorkloadParts } from '../../../core/model/examination';
import type { VolumeSpec } from '../../../core/model/volume';
import type { WorkloadSpec } from '../../../core/model/workload';
import type { ExaminationRequest } from '../../examination-port';
import { isStatus } from '../client/kube-error';
import type { SiteCluster } from '../cluster';
import { quantity } from '../health/quantity';
import type { WorkloadObject } from '../kube-object';
import type { Claim } from '../volumes/volume-place';
import { listAutoscalers, type Autoscaler } from '../workloads/autoscalers';
import { findTargets } from '../workloads/target';
import { imagesOf, needsOf, type PodSpec } from './pod-needs';

/** Contract: drivers/examination-port.ts. */
export async function examineSite(
  cluster: SiteCluster,
  { workloads, volumes }: ExaminationRequest,
): Promise<SiteExamination> {
  const unknown: string[] = [];
  const lookAt = async <Seen>(what: string, look: () => Promise<Seen>): Promise<readonly Seen[]> => {
    try {
      return [await look()];
    } catch (error) {
      unknown.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    }
  };
  const claims = lookAt('claims', async () => cluster.list<Claim>('v1', 'persistentvolumeclaims'));
  const autoscalers = lookAt('autoscalers', async () => listAutoscalers(cluster));
  const maps = new ConfigMaps(cluster);
  const parts = workloads.map(async (workload) =>
    lookAt(`workload ${workload.name}`, async () =>
      partsOf(cluster, workload, { maps, claims: (await claims).at(0), autoscalers: (await autoscalers).flat() }),
    ),
  );
  const credentials = lookAt('credentials', async () => cluster.client.endingCredentials());
  return {
    workloads: (await Promise.all(parts)).flat(),
    volumes: (await claims).flatMap((all) => volumes.flatMap((volume) => placeOf(cluster, volume, all))),
    credentials: (await credentials).flat(),
    unknown,
  };
}

/** Each is asked for once, by its name: the Role of the worker lets it list none. */
class ConfigMaps {
  readonly #asked = new Map<string, Promise<boolean>>();

  constructor(private readonly cluster: SiteCluster) {}

  async has(name: string): Promise<boolean> {
    const asked = this.#asked.get(name) ?? this.#ask(name);
    this.#asked.set(name, asked);
    return asked;
  }

  async #ask(name: string): Promise<boolean> {
    try {
      await this.cluster.client.get(this.cluster.path('v1', 'configmaps', name));
      return true;
    } catch (error) {
      if (isStatus(error, 404)) return false;
      throw error;
    }
  }
}

interface There {
  readonly maps: ConfigMaps;
  /** Undefined: they could not be listed. */
  readonly claims: readonly Claim[] | undefined;
  readonly autoscalers: readonly Autoscaler[];
}

async function partsOf(cluster: SiteCluster, { name, kubernetes }: WorkloadSpec, there: There): Promise<WorkloadParts> {
  const targets = kubernetes === undefined ? [] : await findTargets(cluster, kubernetes);
  const images = targets.flatMap(({ object }) => imagesOf(object.metadata.name, podSpecOf(object)));
  const missing = await Promise.all(targets.map(async ({ object }) => missingOf(podSpecOf(object), there)));
  const notUp = targets.flatMap(({ kind, object }) => {
    const { kind: is, saw } = kind.readiness(object);
    return kind.wanted(object) > 0 && is !== 'ready' ? [saw] : [];
  });
  const autoscaled = targets.some((target) =>
    there.autoscalers.some(
      ({ spec: { scaleTargetRef: of } }) => of.kind === target.kind.kind && of.name === target.name,
    ),
  );
  return {
    workload: name,
    images: Object.fromEntries(images),
    missing: [...new Set(missing.flat())].sort(),
    ...(autoscaled && { autoscaled }),
    ...(notUp.length > 0 && { notUp: notUp.join(', ') }),
  };
}

const podSpecOf = ({ spec }: WorkloadObject): PodSpec =>
  ((spec.template ?? spec.jobTemplate?.spec?.template)?.spec ?? {}) as PodSpec;

async function missingOf(spec: PodSpec, { maps, claims }: There): Promise<readonly string[]> {
  const needs = needsOf(spec);
  const found = await Promise.all(needs.configMaps.map(async (name) => ({ name, has: await maps.has(name) })));
  return [
    ...found.filter(({ has }) => !has).map(({ name }) => `ConfigMap ${name}`),
    ...needs.claims
      .filter((name) => claims?.every(({ metadata }) => metadata.name !== name) ?? false)
      .map((name) => `claim ${name}`),
  ];
}

function placeOf({ site }: SiteCluster, volume: VolumeSpec, claims: readonly Claim[]): readonly VolumePlaceSeen[] {
  const name = volume.kubernetes?.claims[site.name];
  if (name === undefined) return [];
  const place = { volume: volume.name, place: `claim ${name}` };
  const claim = claims.find(({ metadata }) => metadata.name === name);
  if (claim === undefined) return [place];
  const { spec, status } = claim;
  const room = status?.capacity?.storage ?? spec.resources?.requests?.storage;
  const { storageClassName: storageClass } = spec;
  const there = { ...(room !== undefined && { bytes: quantity(room) }), ...(storageClass && { storageClass }) };
  return [{ ...place, there }];
}
