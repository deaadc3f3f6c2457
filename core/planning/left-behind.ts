import type { SiteObservation } from '../model/observation';
import type { Runbook } from '../model/runbook';

const mostNamed = 10;

/** What a move leaves running at the old site, and what to do. Objects that `stage` excepts are each site's own. */
export function leftBehind({ stage }: Runbook, { unnamed }: SiteObservation): readonly string[] {
  if (unnamed?.kind !== 'seen') return [];
  const isOwn = ({ kind, name }: { readonly kind: string; readonly name: string }): boolean =>
    stage?.except.some((one) => one.kind === kind && one.name === name) ?? false;
  const titles = unnamed.objects.filter((object) => !isOwn(object)).map(({ kind, name }) => `${kind} ${name}`);
  if (titles.length === 0) return [];
  const more = titles.length > mostNamed ? `, and ${titles.length - mostNamed} more` : '';
  const advice =
    'name them under `workloads` when they belong to the application; what each site has for itself, list under `stage.except`';
  return [`it goes on running there: ${titles.slice(0, mostNamed).join(', ')}${more} (${advice})`];
}

/** What was seen when nothing is left behind. */
export const nothingLeftBehind = ({ unnamed }: SiteObservation): string =>
  unnamed?.kind === 'unknown' ? `not known: ${unnamed.saw}` : 'nothing else runs there';
