import { isIPv4 } from 'node:net';
import type { CheckSpec } from '../../core/model/check';
import { SwitchbackFailure } from '../../core/model/failure';
import type { SiteSpec } from '../../core/model/site';

/**
 * The address that probes of the site connect to. It is a literal IP address, so that no name can lead elsewhere, and for a
 * local site one of loopback, so that no runbook can make the worker ask its network.
 */
export function allowedAddress({ name: check }: CheckSpec, site: SiteSpec): string {
  if (site.driver !== 'local') {
    const message = `check "${check}": site "${site.name}" is of driver "${site.driver}"; this one checks sites of driver "local"`;
    throw new SwitchbackFailure('DriverMissing', message, { check, site: site.name });
  }
  if (isLoopback(site.address)) return site.address;
  throw notAllowed(check, `address "${site.address}" of site "${site.name}" is not one of loopback (127.x.x.x)`);
}

export const isLoopback = (address: string): boolean => isIPv4(address) && address.startsWith('127.');

export function notAllowed(check: string, because: string): SwitchbackFailure {
  return new SwitchbackFailure('AddressNotAllowed', `check "${check}": ${because}`, { check });
}
