import { createHash } from 'node:crypto';
import { productionOf } from '../../../core/model/drill';

const longest = 63;
const hashLength = 8;

/** "shop-orders-drill" for the group "orders" in the namespace "shop". */
export function copyNamespaceName(namespace: string, copy: string): string {
  const name = `${namespace}-${productionOf(copy)}`;
  if (`${name}-drill`.length <= longest) return `${name}-drill`;
  const end = `-${createHash('sha256').update(name).digest('hex').slice(0, hashLength)}-drill`;
  return `${name.slice(0, longest - end.length)}${end}`;
}
