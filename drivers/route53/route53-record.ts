import { SwitchbackFailure } from '../../core/model/failure';
import type { Route53Provider, TrafficSpec } from '../../core/model/traffic';

export type Route53Record = TrafficSpec & { readonly provider: Route53Provider };

/** @throws SwitchbackFailure `DriverMissing` for a record of another provider */
export function route53Record(record: TrafficSpec): Route53Record {
  const { provider } = record;
  if (provider.driver === 'route53') return { ...record, provider };
  const message = `record "${record.name}" is of provider "${provider.driver}"; this driver serves provider "route53"`;
  throw new SwitchbackFailure('DriverMissing', message, { record: record.name });
}
