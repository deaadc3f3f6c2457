import type { RecordSet } from './record-set';

/** Who moved a record last: TXT `_switchback.<name>` with "group=<group> epoch=<epoch>". */
export interface Ownership {
  readonly group: string;
  readonly epoch: number;
}

const ownershipTtlSeconds = 5;

export function ownershipName(record: string): string {
  return `_switchback.${record}`;
}

export function ownershipSet(record: string, { group, epoch }: Ownership): RecordSet {
  const values = [`group=${group} epoch=${epoch}`];
  return { name: ownershipName(record), type: 'TXT', ttl: ownershipTtlSeconds, values };
}

/** Undefined: the text is not one of ours. */
export function parseOwnership(set: RecordSet): Ownership | undefined {
  const [, group, epoch] = /^group=(\S+) epoch=(\d+)$/.exec(set.values.join('\n')) ?? [];
  return group === undefined || epoch === undefined ? undefined : { group, epoch: Number(epoch) };
}
