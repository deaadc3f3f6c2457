import { isIPv4 } from 'node:net';
import type { CheckSpec } from '../../core/model/check';
import { SwitchbackFailure } from '../../core/model/failure';
import type { SiteSpec } from '../../core/model/site';

/**
 * The address that probes of the site connect to. It is a literal IP address, so that no name can lead elsewhere; for a local site
 * one of loopback, so that no runbook can make the worker ask its network; for a Kubernetes site one that a service can have, so
 * that none can ask the metadata service of a cloud.
 */
export function allowedAddress({ name: check }: CheckSpec, site: SiteSpec): string {
  switch (site.driver) {
    case 'local':
      if (isLoopback(site.address)) return site.address;
      throw notAllowed(check, `address "${site.address}" of site "${site.name}" is not one of loopback (127.x.x.x)`);
    case 'kubernetes':
      if (isOfService(site.address)) return site.address;
      throw notAllowed(check, `address "${site.address}" of site "${site.name}" is none that a service can have`);
    case 'memory': {
      const message = `check "${check}": site "${site.name}" is of driver "memory"; this one checks sites of drivers "local" and "kubernetes"`;
      throw new SwitchbackFailure('DriverMissing', message, { check, site: site.name });
    }
  }
}

/** Not "this network" (0.x), not link-local (169.254.x), not multicast, reserved or broadcast (224 and above). */
function isOfService(address: string): boolean {
  if (!isIPv4(address)) return false;
  const [first = 0, second = 0] = address.split('.').map(Number);
  return first > 0 && first < 224 && !(first === 169 && second === 254);
}

export const isLoopback = (address: string): boolean => isIPv4(address) && address.startsWith('127.');

export function notAllowed(check: string, because: string): SwitchbackFailure {
  return new SwitchbackFailure('AddressNotAllowed', `check "${check}": ${because}`, { check });
}
