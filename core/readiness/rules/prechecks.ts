import type { SiteObservation } from '../../model/observation';
import type { Precheck } from '../../model/plan';
import type { ReasonCode } from '../../model/readiness-codes';
import { peerRole } from '../../model/site';
import type { Found, PlanOfWay, ReadinessSubject } from '../subject';

/** Looked at in every mode; in the unplanned one it only says that nothing needs to be lost. */
const saysOnlyThatSiteIsThere = 'ActiveSiteAnswers';

/** What the prechecks of all that is possible next would say, each thing once. */
export function failedPrechecks(subject: ReadinessSubject): readonly Found[] {
  const lost = activeIsLost(subject);
  const found = subject.plans.flatMap((one) => prechecksOf(subject, one, lost));
  return [...(lost ? [lostSite(subject)] : []), ...merged(found)];
}

/** The active site is gone, and what is there for that case would work. */
function activeIsLost({ observation, plans }: ReadinessSubject): boolean {
  if (observation.sites[observation.activeSite].health.reachable) return false;
  return plans.some(
    ({ way, plan }) =>
      way.mode === 'unplanned' && 'prechecks' in plan && plan.prechecks.every(({ severity }) => severity !== 'error'),
  );
}

function lostSite({ observation: { activeSite, sites } }: ReadinessSubject): Found {
  const { site, findings } = sites[activeSite].health;
  const saw = findings.find(({ ok }) => !ok)?.saw ?? 'no answer';
  const what = `it does not answer (${saw}); an unplanned failover would work`;
  return { code: 'ActiveSiteLost', severity: 'warning', site, subject: `site ${site}`, what };
}

function prechecksOf(subject: ReadinessSubject, { way, plan }: PlanOfWay, lost: boolean): readonly Found[] {
  const operations = [way.name];
  if ('refused' in plan) {
    const severity = way.recovers ? 'error' : 'warning';
    return [{ code: 'PlanNotMade', severity, operations, subject: way.name, what: plan.refused }];
  }
  // What follows from the loss of the site is said once, and unplanned it goes on.
  const excused = lost && way.mode === 'planned';
  return plan.prechecks
    .filter(({ severity, code }) => severity !== 'ok' && code !== saysOnlyThatSiteIsThere && !excused)
    .flatMap((check) => reasonsOf(subject, check))
    .map((found) => ({ ...found, operations, severity: way.recovers ? found.severity : ('warning' as const) }));
}

function reasonsOf({ observation }: ReadinessSubject, check: Precheck): readonly Found[] {
  const { activeSite, sites } = observation;
  const code = check.code as ReasonCode;
  if (code === 'ActiveSiteHealthy') return siteFindings(sites[activeSite], code);
  if (code === 'StandbySiteHealthy') return siteFindings(sites[peerRole(activeSite)], code);
  const { subject, saw } = check;
  return [{ code, severity: check.severity === 'error' ? 'error' : 'warning', subject, what: saw }];
}

/** Each finding by itself: it says what to do. */
const siteFindings = ({ health }: SiteObservation, code: ReasonCode): readonly Found[] =>
  health.findings
    .filter(({ ok }) => !ok)
    .map(({ name, saw, fix }) => ({
      code,
      severity: 'error' as const,
      site: health.site,
      subject: `${name} of ${health.site}`,
      what: saw,
      ...(fix !== undefined && { doThis: fix }),
    }));

/** The same found for several ways is one reason; the worst of them counts. */
function merged(found: readonly Found[]): readonly Found[] {
  const byWhat = new Map<string, Found>();
  for (const one of found) {
    const key = JSON.stringify([one.code, one.subject, one.what]);
    const known = byWhat.get(key);
    const operations = [...new Set([...(known?.operations ?? []), ...(one.operations ?? [])])];
    const severity = known?.severity === 'error' ? 'error' : one.severity;
    byWhat.set(key, { ...one, severity, operations });
  }
  return [...byWhat.values()];
}
