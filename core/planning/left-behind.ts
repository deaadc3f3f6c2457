import type { SiteObservation } from '../model/observation';
import type { Runbook } from '../model/runbook';

const mostNamed = 10;

/** What would run at a site and is in no plan, as "Deployment batch". Undefined: nobody could look. Objects that `stage` excepts are the site's own. */
export function uncoveredAt({ stage }: Runbook, { unnamed }: SiteObservation): readonly string[] | undefined {
  if (unnamed?.kind !== 'seen') return undefined;
  const isOwn = ({ kind, name }: { readonly kind: string; readonly name: string }): boolean =>
    stage?.except.some((one) => one.kind === kind && one.name === name) ?? false;
  return unnamed.objects.filter((object) => !isOwn(object)).map(({ kind, name }) => `${kind} ${name}`);
}

/** What a move leaves running at the old site, and what to do. */
export function leftBehind(runbook: Runbook, observation: SiteObservation): readonly string[] {
  const titles = uncoveredAt(runbook, observation) ?? [];
  if (titles.length === 0) return [];
  const more = titles.length > mostNamed ? `, and ${titles.length - mostNamed} more` : '';
  const advice =
    'name them under `workloads` when they belong to the application; what each site has for itself, list under `stage.except`';
  return [`it goes on running there: ${titles.slice(0, mostNamed).join(', ')}${more} (${advice})`];
}

/** What was seen when nothing is left behind. */
export const nothingLeftBehind = ({ unnamed }: SiteObservation): string =>
  unnamed?.kind === 'unknown' ? `not known: ${unnamed.saw}` : 'nothing else runs there';
