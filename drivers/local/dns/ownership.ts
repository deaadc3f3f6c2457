import { ownershipName, ownershipText, ownershipTtlSeconds, type Ownership } from '../../record-ownership';
import type { RecordSet } from './record-set';

export function ownershipSet(record: string, ownership: Ownership): RecordSet {
  const values = [ownershipText(ownership)];
  return { name: ownershipName(record), type: 'TXT', ttl: ownershipTtlSeconds, values };
}
