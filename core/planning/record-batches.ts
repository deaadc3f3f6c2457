import { zoneOf, type TrafficSpec } from '../model/traffic';

/** Records that move in one change; most are alone. */
export type RecordBatch = readonly [TrafficSpec, ...TrafficSpec[]];

/** What Route 53 takes in one change: so many values, deleted and created ones counted alike, with so many characters. */
const mostValues = 1_000;
const mostCharacters = 32_000;
/** The ownership record with the longest name of a group, deleted and created. */
const ownership = { values: 2, characters: 2 * 100 };

/** The records in their order; those of one zone together, as many as one change can take. */
export function recordBatches(records: readonly TrafficSpec[]): readonly RecordBatch[] {
  const batches: { readonly zone: string | undefined; readonly records: [TrafficSpec, ...TrafficSpec[]] }[] = [];
  for (const record of records) {
    const zone = zoneOf(record);
    const open = zone === undefined ? undefined : batches.filter((batch) => batch.zone === zone).at(-1);
    if (open !== undefined && fits([...open.records, record])) open.records.push(record);
    else batches.push({ zone, records: [record] });
  }
  return batches.map((batch) => batch.records);
}

function fits(records: readonly TrafficSpec[]): boolean {
  const sizes = records.map(sizeOf);
  const values = sizes.reduce((sum, size) => sum + size.values, 0);
  const characters = sizes.reduce((sum, size) => sum + size.characters, 0);
  return values <= mostValues && characters <= mostCharacters;
}

/** At most: all values of both sites are deleted and created, as they are where each site has a record set of its own. */
function sizeOf({ values: { primary, recovery } }: TrafficSpec): typeof ownership {
  const all = [...primary, ...recovery];
  const characters = all.reduce((sum, value) => sum + value.length, 0);
  return { values: 2 * all.length + ownership.values, characters: 2 * characters + ownership.characters };
}
