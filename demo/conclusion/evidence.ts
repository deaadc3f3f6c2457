import type { Report } from '../../core/report/report';
import type { NamedLoss } from '../shop/proofs';

/**
 * What the report of an unplanned failover names as lost. Throws when it names nothing that orders can be compared with: then
 * nothing is proven.
 */
export function namedLoss({ dataLoss }: Report): NamedLoss {
  const [orders] = dataLoss.volumes;
  if (dataLoss.status !== 'lost' || orders?.records === undefined) {
    throw new Error(`the report names no loss by records: ${dataLoss.status}, ${dataLoss.because}`);
  }
  return { epoch: orders.epoch, fromRecord: orders.records + 1 };
}
