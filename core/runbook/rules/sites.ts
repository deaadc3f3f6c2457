import type { Problem } from '../diagnostic';
import type { Part } from '../part';
import { quote } from '../quote';

/** The two sites are two: nothing that tells them apart may be the same, and data must be able to flow between them. */
export function* sitePair(runbook: Part): Iterable<Problem> {
  const primary = runbook.at('sites').at('primary');
  const recovery = runbook.at('sites').at('recovery');
  for (const key of ['name', 'address']) {
    const value = recovery.at(key).text;
    if (value === undefined || primary.at(key).text !== value) continue;
    const message = `both sites have the ${key} ${quote(value)}`;
    yield recovery.at(key).problem('SiteConflict', message, { first: primary.at(key).path });
  }
  yield* copyAddresses(primary, recovery);
  yield* folders(primary, recovery);
  yield* namespaces(primary, recovery);
  for (const [site, other] of [
    [primary, 'recovery'],
    [recovery, 'primary'],
  ] as const) {
    const name = site.at('name');
    if (name.text === other)
      yield name.problem('SiteConflict', `a site may not have the name of the other role, ${quote(other)}`);
  }
  const drivers = [primary, recovery].map((site) => site.at('driver').text);
  if (drivers.every((driver) => driver !== undefined && known.includes(driver)) && drivers[0] !== drivers[1]) {
    const message = `one site has the driver ${quote(String(drivers[0]))}, the other ${quote(String(drivers[1]))}`;
    yield recovery.at('driver').problem('DriverMismatch', message, { first: primary.at('driver').path });
  }
}

const known: readonly string[] = ['local', 'memory', 'kubernetes'];

/** One namespace cannot be fenced for one site and not for the other. */
function* namespaces(primary: Part, recovery: Part): Iterable<Problem> {
  const coordinates = (site: Part): string | undefined => {
    const { namespace, ...where } = Object.fromEntries(
      ['namespace', 'context', 'kubeconfig'].map((key) => [key, site.at('kubernetes').at(key).text]),
    );
    return namespace === undefined ? undefined : JSON.stringify([namespace, where]);
  };
  const [one, other] = [coordinates(primary), coordinates(recovery)];
  if (one === undefined || one !== other) return;
  const message = 'both sites are the same namespace of the same cluster; each needs its own';
  yield recovery.at('kubernetes').problem('SiteConflict', message, { first: primary.at('kubernetes').path });
}

/** Copies of drills must not meet what is in production, at neither site. */
function* copyAddresses(primary: Part, recovery: Part): Iterable<Problem> {
  const own = [primary, recovery].map((site) => site.at('address'));
  const copies = [primary, recovery].map((site) => site.at('drill').at('address'));
  for (const [index, copy] of copies.entries()) {
    const taken = [...own, ...copies.slice(0, index)].find(({ text }) => text !== undefined && text === copy.text);
    if (taken === undefined) continue;
    const message = `copies of drills need an address of their own, and ${quote(copy.text ?? '')} is taken`;
    yield copy.problem('SiteConflict', message, { first: taken.path });
  }
}

function* folders(primary: Part, recovery: Part): Iterable<Problem> {
  if (primary.at('driver').text !== 'local' || recovery.at('driver').text !== 'local') return;
  const [one, two] = [folderOf(primary), folderOf(recovery)];
  if (one?.text === undefined || two?.text === undefined) return;
  const inside = `${two.text}/`.startsWith(`${one.text}/`) || `${one.text}/`.startsWith(`${two.text}/`);
  // Sites of the same name are reported as such; that their default folders agree follows from it.
  if (!inside || (one.path.at(-1) === 'name' && two.path.at(-1) === 'name')) return;
  const message = `the folders ${quote(one.text)} and ${quote(two.text)} overlap; each site needs its own`;
  yield two.problem('SiteConflict', message, { first: one.path });
}

const folderOf = (site: Part): Part | undefined => [site.at('folder'), site.at('name')].find((part) => part.present);
