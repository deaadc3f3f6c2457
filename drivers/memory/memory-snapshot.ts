import type { MemoryContent, MemoryState, SiteState, VolumeState } from './memory-state';

/** What a world has come to, as plain JSON: equal for two worlds that differ only in when and by which run it came so. */
export interface MemorySnapshot {
  readonly sites: Readonly<Record<string, SiteSnapshot>>;
  /** By name and type. */
  readonly records: Readonly<Record<string, RecordSnapshot>>;
}

interface SiteSnapshot {
  readonly isolated: boolean;
  readonly groups: Readonly<Record<string, GroupSnapshot>>;
}

interface GroupSnapshot {
  readonly fence: { readonly epoch: number; readonly fencing: string; readonly quarantined: boolean };
  /** Epoch of each workload that runs, by name. */
  readonly running: Readonly<Record<string, number>>;
  readonly volumes: Readonly<Record<string, VolumeSnapshot>>;
}

interface VolumeSnapshot {
  readonly role: string;
  readonly epoch: number;
  /** Content of each file, or "-> target" of a link, by path. */
  readonly content: Readonly<Record<string, string>>;
  /** "application point of epoch 2, 10 files, 120 bytes (before failback)", sorted. */
  readonly points: readonly string[];
}

interface RecordSnapshot {
  readonly values: readonly string[];
  readonly ttlSeconds: number;
  readonly epoch: number;
  readonly served: readonly string[];
}

export function snapshotOf(state: MemoryState): MemorySnapshot {
  return {
    sites: mapValues(state.sites, siteSnapshot),
    records: mapValues(state.records, ({ held, served }) => ({
      values: [...held.values].sort(),
      ttlSeconds: held.ttlSeconds,
      epoch: held.epoch,
      served: [...served.values].sort(),
    })),
  };
}

function siteSnapshot({ isolated, groups }: SiteState): SiteSnapshot {
  return {
    isolated,
    groups: mapValues(groups, ({ fence, workloads, volumes }) => {
      const running = Object.entries(workloads).filter(([, { running: runs }]) => runs);
      return {
        fence: { ...fence },
        running: sorted(running.map(([name, { epoch }]): [string, number] => [name, epoch])),
        volumes: mapValues(volumes, volumeSnapshot),
      };
    }),
  };
}

function volumeSnapshot({ role, epoch, content, points }: VolumeState): VolumeSnapshot {
  const lines = points.map(({ point }) => {
    const why = point.reason === undefined ? '' : ` (${point.reason})`;
    return `${point.consistency} point of epoch ${point.epoch}, ${point.files} files, ${point.bytes} bytes${why}`;
  });
  return { role, epoch, content: plainContent(content), points: lines.sort() };
}

const plainContent = (content: MemoryContent): Record<string, string> =>
  mapValues(content, (file) => ('link' in file ? `-> ${file.link}` : file.content));

function mapValues<T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return sorted(Object.entries(record).map(([key, value]): [string, U] => [key, change(value)]));
}

/** In the order of the keys, so that two equal snapshots are the same text as JSON. */
function sorted<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  return Object.fromEntries([...entries].sort(([one], [other]) => (one < other ? -1 : 1)));
}
