import { SwitchbackFailure } from './failure';
import type { SiteSpec } from './site';

const COPY = '~drill';

/** The group under whose name the drivers keep the copy of a drill. No runbook can have such a name. */
export const copyOf = (group: string): string => `${group}${COPY}`;

export const isCopy = (group: string): boolean => group.endsWith(COPY);

/** @throws SwitchbackFailure `InvalidInput` */
export function assertIsCopy(group: string): void {
  if (isCopy(group)) return;
  const message = `"${group}" is not the copy of a drill: nothing of it is removed`;
  throw new SwitchbackFailure('InvalidInput', message, { group });
}

/** The run that a copy is of: operation keys begin with it. */
export const runOf = (operationKey: string): string => operationKey.split('/')[0] ?? '';

/** The site as a copy lives there: in the same place, at an address of its own. @throws SwitchbackFailure `InvalidInput` */
export function copySite(site: SiteSpec): SiteSpec {
  if (site.drill !== undefined) return { ...site, address: site.drill.address };
  throw new SwitchbackFailure(
    'InvalidInput',
    `site "${site.name}" has no address for copies; give it one: \`drill: { address: 127.0.3.1 }\``,
    { site: site.name },
  );
}
