import { failureCodes } from '../../core/model/failure-codes';
import type { HealthFinding, SiteHealth } from '../../core/model/site';
import { listGroups } from '../temporal/groups';
import type { Inspection } from '../temporal/inspection';
import { CONTROL_TASK_QUEUE, siteTaskQueue } from '../../core/model/names';
import { inspect } from '../temporal/operations';
import type { Session } from '../temporal/session';
import { error, findingOf, ok, type CheckResult, type Finding } from './check';
import type { DoctorCheckId } from './check-catalog';
import { mayList, namespaceExists, permissionsFix, searchAttributesRegistered, serverAnswers } from './server-checks';
import { pollRate, workerPolls } from './worker-checks';

interface Check {
  readonly id: DoctorCheckId;
  readonly look: (session: Session) => Promise<Finding>;
  /** What to do when the look itself fails. */
  readonly fix: (session: Session) => string;
}

const permissions = ({ settings }: Session): string => permissionsFix(settings.namespace);

/** What needs no worker, in the order of the report. */
const serverChecks: readonly Check[] = [
  { id: 'server-answers', look: serverAnswers, fix: () => 'Look at the log of the server.' },
  {
    id: 'namespace-exists',
    look: namespaceExists,
    fix: ({ settings }) => `Create it: temporal operator namespace create --namespace ${settings.namespace}`,
  },
  { id: 'search-attributes', look: searchAttributesRegistered, fix: permissions },
  { id: 'permissions', look: mayList, fix: permissions },
];

const workerFix = (): string => 'Start a worker: switchback worker';

const controlWorker: Check = {
  id: 'worker-polls',
  look: (session) => workerPolls(session, CONTROL_TASK_QUEUE, ['workflow', 'activity']),
  fix: workerFix,
};

const pollRateCheck: Check = {
  id: 'poll-rate',
  look: pollRate,
  fix: () => 'Look at the log of the worker; it must be of the same version as this command.',
};

/** Looks at everything that operations need, from the server to the sites; what cannot be looked at yet is left out. */
export async function* examine(session: Session, runbook: string | undefined): AsyncGenerator<CheckResult> {
  for (const check of serverChecks) yield await resultOf(check, session);
  const worker = await resultOf(controlWorker, session);
  yield worker;
  // Without a worker the rest would only wait in its queue.
  if (worker.status !== 'ok') return;
  const steps = await resultOf(pollRateCheck, session);
  yield steps;
  // A worker that died a moment ago is still listed by the server, and only this shows it.
  if (steps.status === 'error') return;
  const groups = runbook === undefined ? await listGroups(session) : [runbook];
  for (const group of groups) yield* examineSites(session, group);
}

async function* examineSites(session: Session, group: string): AsyncGenerator<CheckResult> {
  let inspection: Inspection | undefined;
  const found = await findingOf(async () => {
    inspection = await inspect(session, group, true);
    return ok('the worker knows the runbook, and could look at both sites');
  }, 'Look at the message; `switchback explain` knows its code.');
  yield { id: 'runbook-known', ...found, saw: `${group}: ${found.saw}` };
  if (!inspection) return;
  for (const { name } of Object.values(inspection.runbook.sites)) {
    const look = (): Promise<Finding> => workerPolls(session, siteTaskQueue(name), ['activity']);
    yield { id: 'site-worker-polls', ...(await findingOf(look, workerFix())) };
  }
  yield* siteResults(inspection);
}

/** What the workers of the sites saw there themselves, rights included. */
function* siteResults({ sites, connectivity }: Inspection): Generator<CheckResult> {
  for (const { health } of Object.values(sites)) {
    for (const { name, ok: well, saw, fix } of findingsOf(health)) {
      const text = `${health.site}: ${name}: ${saw}`;
      yield { id: 'site-health', ...(well ? ok(text) : error(text, fix ?? 'Look at the site.')) };
    }
  }
  for (const { from, to, ok: well, saw } of connectivity) {
    const text = `${from} → ${to}: ${saw}`;
    const fix = 'Mend the network between the sites.';
    yield { id: 'sites-connected', ...(well ? ok(text) : error(text, fix)) };
  }
}

/** A site may have nothing to tell but whether it answers. */
function findingsOf({ reachable, findings }: SiteHealth): readonly HealthFinding[] {
  if (findings.some(({ ok: well }) => !well) || (reachable && findings.length > 0)) return findings;
  const fix = failureCodes.SiteUnreachable.fix;
  return [{ name: 'answers', ok: reachable, saw: reachable ? 'it does' : 'it does not', fix }, ...findings];
}

async function resultOf({ id, look, fix }: Check, session: Session): Promise<CheckResult> {
  return {
    id,
    ...(await findingOf(() => session.call(id, () => look(session), LOOK_TIMEOUT_MS), fix(session))),
  };
}

const LOOK_TIMEOUT_MS = 60_000;
