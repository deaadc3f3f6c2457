import { SwitchbackFailure } from '../../../../core/model/failure';
import type { RecoveryPoint, SyncResult } from '../../../../core/model/volume';
import { isStatus } from '../../client/kube-error';
import { assertOfRun } from '../../copies/while-open';
import { nameIn } from '../../fence/fence-record';
import type { KubeObject } from '../../kube-object';
import type { MoverScript } from '../jobs/scripts';
import { type Claim, labelsOf, named, readClaim, type VolumePlace } from '../volume-place';

/**
 * The ConfigMap `switchback-volume-<group>-<volume>` beside the claim:
 *
 *   writer        the pass that may write the volume; pods of every other one end when they read it. "nobody": none
 *   state         VolumeState as JSON
 *   point.<id>    StoredPoint as JSON, one key for each recovery point
 *
 * It is changed only as a compare-and-swap on what was read.
 */
export interface VolumeRecord extends VolumeState {
  readonly points: readonly StoredPoint[];
  /** Absent: there is no ConfigMap yet. */
  readonly resourceVersion?: string;
}

interface VolumeState {
  /** unclaimed: neither an operation nor replication has written it so far. It may hold data, of epoch 0, or none. */
  readonly role: 'active' | 'replica' | 'unclaimed';
  readonly epoch: number;
  /** Of a replica: as in VolumeObservation. */
  readonly asOf?: string;
  readonly figures?: Figures;
  /** Of the claim that all this is of: another one of its name is unclaimed. */
  readonly claimUid?: string;
  /** Counts the changes of the content that replication has made. */
  readonly changes: number;
  /** A pass that has begun and whose result nobody has written down. */
  readonly pass?: OpenPass;
  /** The latest changes, newest first: a repeated call finds its answer here. */
  readonly done: readonly DoneChange[];
  /** Points that are none any more, and whose folders are still to be removed. */
  readonly thinned?: readonly string[];
}

/** What a volume holds. */
export interface Figures {
  readonly files: number;
  readonly bytes: number;
  /** Complete lines of `marker`. */
  readonly records?: number;
  readonly marker?: string;
}

export interface OpenPass {
  readonly id: string;
  readonly operationKey: string;
  /** Of the Job that does the work. Absent: its attempt was ended, or came from a worker of before; nobody waits for it. */
  readonly script?: MoverScript;
  /** The attempt that waits for it; an attempt that is no longer named here has lost. */
  readonly holder: string;
  /** ISO instant before anything was read. */
  readonly asOf: string;
}

/** Of the point that a pass takes: "20261121T101500.123Z-3f2a91c07b". */
export const pointId = ({ asOf, id }: OpenPass): string => `${asOf.replaceAll(/[-:]/g, '')}-${id}`;

export interface DoneChange {
  readonly operationKey: string;
  readonly change: 'sync' | 'restore' | 'claim' | 'copy';
  readonly result?: SyncResult;
}

export interface StoredPoint {
  readonly operationKey: string;
  readonly point: RecoveryPoint;
  /** Of its content, as scripts/tree.sh computes it. */
  readonly digest: string;
  /** Name of the VolumeSnapshot that holds it; absent: a folder of the claim of points. */
  readonly snapshot?: string;
}

interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

const nobody = 'nobody';
const pointPrefix = 'point.';
const rememberedChanges = 16;

export const remember = (record: VolumeState, change: DoneChange): readonly DoneChange[] =>
  [change, ...record.done].slice(0, rememberedChanges);

export const recordName = ({ group, volume }: VolumePlace): string =>
  `switchback-volume-${nameIn(group)}-${volume.name}`;

export const recordPath = (place: VolumePlace): string => place.cluster.path('v1', 'configmaps', recordName(place));

/** A volume as it is now: its claim, and what is written down of it. */
export interface OpenVolume {
  readonly place: VolumePlace;
  readonly record: VolumeRecord;
  /** Undefined: there is none. */
  readonly claim: Claim | undefined;
}

const fresh: VolumeState = { role: 'unclaimed', epoch: 0, changes: 0, done: [] };

export async function openVolume(place: VolumePlace): Promise<OpenVolume> {
  const [found, claim] = await Promise.all([readMap(place), readClaim(place)]);
  if (found !== undefined && place.run !== undefined) {
    assertOfRun(found, { group: place.group, operationKey: place.run, epoch: 0 });
  }
  return { place, claim, record: recordOf(place, found, claim) };
}

async function readMap({ cluster, ...place }: VolumePlace): Promise<ConfigMap | undefined> {
  try {
    return await cluster.client.get<ConfigMap>(recordPath({ cluster, ...place }));
  } catch (error) {
    if (isStatus(error, 404)) return undefined;
    throw error;
  }
}

function recordOf(place: VolumePlace, found: ConfigMap | undefined, claim: Claim | undefined): VolumeRecord {
  if (found === undefined) return { ...fresh, points: [] };
  const { resourceVersion } = found.metadata;
  const { state = '', ...data } = found.data ?? {};
  try {
    const points = Object.entries(data)
      .filter(([key]) => key.startsWith(pointPrefix))
      .map(([, value]) => JSON.parse(value) as StoredPoint)
      .sort((one, other) => other.point.id.localeCompare(one.point.id));
    const parsed = JSON.parse(state) as VolumeState;
    const ofClaim = parsed.claimUid === undefined || parsed.claimUid === claim?.metadata.uid;
    return { ...(ofClaim ? parsed : fresh), points, resourceVersion };
  } catch (cause) {
    const message = `the record of ${named(place)}, ConfigMap ${found.metadata.name}, cannot be read; restore it, or delete it to begin anew`;
    throw new SwitchbackFailure('StepFailed', message, { site: place.cluster.site.name }, { cause });
  }
}

/** A new ConfigMap with this record, or a merge patch that holds only while the one that was read is unchanged. */
export function recordObject({ place, record: before, claim }: OpenVolume, next: VolumeRecord): object {
  const { points, resourceVersion: _, ...state } = next;
  const kept = new Set(points.map(({ point }) => point.id));
  const gone = before.points
    .filter(({ point }) => !kept.has(point.id))
    .map(({ point }) => [`${pointPrefix}${point.id}`, null]);
  const pointData = points.map((stored) => [`${pointPrefix}${stored.point.id}`, JSON.stringify(stored)]);
  const claimUid = claim?.metadata.uid;
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: recordName(place),
      labels: labelsOf(place),
      ...(before.resourceVersion !== undefined && { resourceVersion: before.resourceVersion }),
    },
    data: {
      writer: state.pass?.id ?? nobody,
      state: JSON.stringify({ ...state, ...(claimUid !== undefined && { claimUid }) }),
      ...(Object.fromEntries([...gone, ...pointData]) as Record<string, string | null>),
    },
  };
}
