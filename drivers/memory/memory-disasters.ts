import type { RecordState } from '../../core/model/traffic';
import { type MemoryCore, siteOf } from './memory-call';
import { own, recordKey, seenVolume } from './memory-state';

/** What happens to sites and records without any driver. */
export interface MemoryDisasters {
  /** Nothing reaches the site any more; what runs there goes on running and acknowledges nothing. */
  isolate(site: string): void;
  /** The site answers again, and every group there is quarantined until it is fenced or unfenced anew. */
  reconnect(site: string): void;
  /** Every workload of the site ends, as by a power cut. */
  killWorkloads(site: string): void;
  /** Provider and name servers stop answering, or answer again. */
  setProvider(answers: boolean): void;
  /** Somebody else changes a record at the provider; its name servers follow. The record must be held. */
  changeRecord(record: Pick<RecordState, 'name' | 'type'>, values: readonly string[]): void;
  /** Spoils the image of a recovery point. */
  damagePoint(where: { readonly site: string; readonly group: string; readonly volume: string }, point: string): void;
}

export function createMemoryDisasters(core: MemoryCore): MemoryDisasters {
  const { state } = core;
  return {
    isolate: (site) => void (siteOf(core, site).isolated = true),
    reconnect: (site) => {
      const place = siteOf(core, site);
      if (!place.isolated) return;
      place.isolated = false;
      for (const { fence } of Object.values(place.groups)) fence.quarantined = true;
    },
    killWorkloads: (site) => {
      const running = Object.values(siteOf(core, site).groups).flatMap(({ workloads }) => Object.values(workloads));
      for (const instance of running) instance.running = false;
    },
    setProvider: (answers) => void (state.providerAnswers = answers),
    changeRecord: (record, values) => {
      const entry = own(state.records, recordKey(record));
      if (entry === undefined) throw new Error(`the provider holds no record ${recordKey(record)}`);
      entry.held = { ...entry.held, values };
      entry.served = { values, ttlSeconds: entry.held.ttlSeconds };
    },
    damagePoint: ({ site, group, volume }, id) => {
      const { points } = seenVolume(siteOf(core, site), group, volume);
      for (const stored of points) if (stored.point.id === id) delete stored.content;
    },
  };
}
