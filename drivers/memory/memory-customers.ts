import type { VolumeSpec } from '../../core/model/volume';
import { type MemoryCore, siteOf } from './memory-call';
import { changedVolume, type MemoryContent, type MemoryFile, own, seenGroup, seenVolume } from './memory-state';

/** One volume at one site. */
export interface VolumePlace {
  readonly site: string;
  readonly group: string;
  readonly volume: string;
}

export interface Order extends Omit<VolumePlace, 'volume'> {
  readonly volume: VolumeSpec;
  /** Epoch of the instance that is asked; absent: whichever runs. */
  readonly epoch?: number;
  /** One line, without its end. */
  readonly record: string;
}

export interface Receipt {
  readonly acknowledged: boolean;
  readonly saw: string;
}

/** Everybody who reads and writes the volumes without a driver. */
export interface MemoryCustomers {
  /** Appends a record to the marker file through a workload that runs there. What is not acknowledged is not written. */
  write(order: Order): Receipt;
  /** Sets files of a volume, whatever runs; `undefined` removes one. */
  put(place: VolumePlace, files: Readonly<Record<string, MemoryFile | undefined>>): void;
  read(place: VolumePlace): MemoryContent;
}

export function createMemoryCustomers(core: MemoryCore): MemoryCustomers {
  const put = ({ site, group, volume }: VolumePlace, files: Readonly<Record<string, MemoryFile | undefined>>): void => {
    const state = changedVolume(siteOf(core, site), group, volume);
    // What somebody writes without having claimed it is theirs all the same: no replication may overwrite it unasked.
    if (state.role === 'empty') state.role = 'active';
    const entries = Object.entries({ ...state.content, ...files });
    state.content = Object.fromEntries(
      entries.filter((entry): entry is [string, MemoryFile] => entry[1] !== undefined),
    );
  };
  const read = ({ site, group, volume }: VolumePlace): MemoryContent =>
    seenVolume(siteOf(core, site), group, volume).content;
  return {
    put,
    read,
    write: (order) => {
      const refusal = refusalOf(core, order);
      if (refusal !== undefined) return { acknowledged: false, saw: refusal };
      const path = order.volume.marker?.file ?? 'records.log';
      const place = { ...order, volume: order.volume.name };
      const file = own(read(place), path);
      const content = `${file !== undefined && 'content' in file ? file.content : ''}${order.record}\n`;
      put(place, { [path]: { content, mode: 0o644, modifiedMs: core.now() } });
      return { acknowledged: true, saw: 'written and acknowledged' };
    },
  };
}

/** Why a write is not acknowledged. A workload asks the fence of its site before each acknowledgement. */
function refusalOf(core: MemoryCore, { site, group, volume, epoch }: Order): string | undefined {
  const place = siteOf(core, site);
  if (place.isolated) return `site "${site}" does not answer`;
  const { fence, workloads } = seenGroup(place, group);
  const writer = Object.values(workloads).find(
    (one) => one.running && one.spec.volumes.includes(volume.name) && (epoch === undefined || one.epoch === epoch),
  );
  if (writer === undefined) return `nothing runs at "${site}" that writes volume "${volume.name}"`;
  if (fence.quarantined) return `site "${site}" is quarantined`;
  if (fence.epoch > writer.epoch) return `fenced: epoch ${writer.epoch} is lower than ${fence.epoch}`;
  return undefined;
}
