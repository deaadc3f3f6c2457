import { SwitchbackFailure } from '../core/model/failure';
import type { SwitchRequest } from './ports';

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

/** @throws SwitchbackFailure `RecordChanged` for the record of another group, `StaleEpoch` for one that a higher epoch has moved */
export function assertMayMove(
  { record, epoch, group }: Pick<SwitchRequest, 'record' | 'epoch' | 'group'>,
  owner: Ownership,
): void {
  if (owner.group !== '' && owner.group !== group) {
    const message = `record "${record.name}" belongs to group "${owner.group}", not to "${group}"`;
    throw new SwitchbackFailure('RecordChanged', message, { record: record.name, owner: owner.group });
  }
  if (owner.epoch <= epoch) return;
  const message = `record "${record.name}" was moved by epoch ${owner.epoch}; the request carries ${epoch}`;
  throw new SwitchbackFailure('StaleEpoch', message, { record: record.name, epoch, found: owner.epoch });
}
