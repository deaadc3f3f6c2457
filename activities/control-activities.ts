import { createHash } from 'node:crypto';
import { CONTROL_HEARTBEAT_SECONDS } from '../core/model/step-kinds';
import { compilePlan } from '../core/planning/compile-plan';
import type { ControlActivities } from './contract';
import type { GroupClient } from './group-client';
import type { Hooks } from './hooks/hooks';
import { assertPlanFits } from './plan-size';
import { runActivity } from './run-activity';
import type { RunClient } from './run-client';
import type { RunbookFolder } from './runbook-folder';
import type { ScheduleClient } from './schedule-client';
import { sendNotice } from './send-notice';
import { writeReport, type ReportParts } from './write-report';
import { verifySignature } from './verify-signature';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What control activities act on. */
export interface ControlParts extends ReportParts {
  readonly runbooks: RunbookFolder;
  readonly groups: GroupClient;
  readonly runs: RunClient;
  readonly schedules: ScheduleClient;
  readonly hooks: Pick<Hooks, 'missing'>;
}

/** Activities of the workflows' own task queue: runbooks, plans, the lock, reports. They touch no site. */
export function controlActivities({
  runbooks,
  reports,
  surroundings,
  groups,
  runs,
  schedules,
  hooks,
}: ControlParts): ControlActivities {
  const beating = { heartbeatSeconds: CONTROL_HEARTBEAT_SECONDS };
  const tried = { ...beating, attempts: 5 };
  return {
    loadRunbook: ({ runbook }) => runActivity(tried, () => runbooks.load(runbook)),
    acquireGroup: (request) => runActivity(tried, () => groups.acquire(request)),
    releaseGroup: (request) => runActivity({ ...beating, attempts: 100 }, () => groups.release(request)),
    compilePlan: (request) =>
      runActivity(tried, async () => {
        const plan = compilePlan(request, sha256);
        await assertPlanFits(plan);
        return plan;
      }),
    writeReport: (request) =>
      runActivity({ ...beating, attempts: 10 }, () => writeReport({ reports, runs, surroundings }, request)),
    readState: ({ group }) => runActivity(tried, () => groups.state(group)),
    sendNotice: (request) =>
      runActivity({ attempts: 5 }, () =>
        sendNotice({ env: process.env, now: () => new Date().toISOString() }, request),
      ),
    examineVariables: ({ names }) => Promise.resolve(hooks.missing(names)),
    verifySignature: (request) => Promise.resolve(verifySignature(request)),
    noteDrill: (request) => runActivity({ ...beating, attempts: Infinity }, () => groups.noteDrill(request)),
    noteStaged: (request) => runActivity({ ...beating, attempts: Infinity }, () => groups.noteStaged(request)),
    writeAttestation: (request) =>
      runActivity({ ...beating, attempts: Infinity }, () => reports.writeAttestation(request)),
    noOp: () => Promise.resolve(),
    readSchedules: ({ runbook }) => runActivity(tried, () => runbooks.schedules(runbook)),
    pauseSchedule: (request) => runActivity({ ...beating, attempts: 10 }, () => schedules.pauseOnFailure(request)),
    interruptedRun: (request) => runActivity(tried, () => runs.interrupted(request)),
  };
}
