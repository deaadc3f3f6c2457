/** Who moved a record last: TXT `_switchback.<name>` with "group=<group> epoch=<epoch>". */
export interface Ownership {
  readonly group: string;
  readonly epoch: number;
}

/** No record of that kind: the record was never moved. */
export const unowned: Ownership = { group: '', epoch: 0 };

export const ownershipTtlSeconds = 5;

export const ownershipName = (record: string): string => `_switchback.${record}`;

export const ownershipText = ({ group, epoch }: Ownership): string => `group=${group} epoch=${epoch}`;

/** Undefined: the text is not one of ours. */
export function parseOwnership(text: string): Ownership | undefined {
  const [, group, epoch] = /^group=(\S+) epoch=(\d+)$/.exec(text) ?? [];
  return group === undefined || epoch === undefined ? undefined : { group, epoch: Number(epoch) };
}
