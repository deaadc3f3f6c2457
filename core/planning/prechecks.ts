import type { Observation, SiteObservation } from '../model/observation';
import { operationTraits, type FailoverMode, type Operation } from '../model/operation';
import type { PlanStep, Precheck, StepInput } from '../model/plan';
import type { Runbook, WindowGate } from '../model/runbook';
import type { SiteRole } from '../model/site';
import { whyNoOpening } from './ended-windows';
import { foreignRecords } from './foreign-records';
import { leftBehind, nothingLeftBehind } from './left-behind';
import { sharedAddresses } from './shared-addresses';

/** What a precheck may look at. */
export interface PrecheckSubject {
  readonly runbook: Runbook;
  readonly operation: Operation;
  readonly mode: FailoverMode;
  readonly observation: Observation;
  readonly from: SiteRole;
  readonly to: SiteRole;
  readonly pointMissing: readonly string[];
  /** Where a drill makes copies. */
  readonly copiesAt: readonly SiteRole[];
  /** Steps and compensations that run commands or call webhooks. */
  readonly hooks: readonly PlanStep[];
  readonly windows: readonly WindowGate[];
}

/** One row a precheck: when it applies, what it found wrong (nothing: ok), how bad that is and why it matters. */
interface PrecheckRow {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly because: string;
  readonly when: (subject: PrecheckSubject) => boolean;
  readonly subject: (subject: PrecheckSubject) => string;
  readonly problems: (subject: PrecheckSubject) => readonly string[];
  readonly fine: (subject: PrecheckSubject) => string;
}

const needsBoth = ({ mode }: PrecheckSubject): boolean => mode === 'planned';
const moves = ({ operation }: PrecheckSubject): boolean => operationTraits[operation].movesActiveSite;
const copies = ({ operation }: PrecheckSubject): boolean => operationTraits[operation].isolated;
const standbyOf = ({ observation }: PrecheckSubject): SiteObservation =>
  observation.sites[observation.activeSite === 'primary' ? 'recovery' : 'primary'];
const activeOf = ({ observation }: PrecheckSubject): SiteObservation => observation.sites[observation.activeSite];
const nameOf = (subject: PrecheckSubject, role: SiteRole): string => subject.runbook.sites[role].name;

const unhealthy = (site: SiteObservation): readonly string[] => {
  if (!site.health.reachable) return [`${site.health.site} does not answer`];
  return site.health.findings
    .filter((finding) => !finding.ok)
    .map((finding) => `${finding.name}: ${finding.saw}${finding.fix ? ` (${finding.fix})` : ''}`);
};

const hooksOf = ({ hooks }: PrecheckSubject, kind: 'command' | 'webhook'): readonly PlanStep[] =>
  hooks.filter(({ input }) => input.hook?.kind === kind);

/** The prechecks of every operation. */
const precheckRows: readonly PrecheckRow[] = [
  {
    code: 'ActiveSiteHealthy',
    severity: 'error',
    because: 'services are stopped and data is read there; for a lost site use failover with mode unplanned',
    when: needsBoth,
    subject: (subject) => nameOf(subject, subject.observation.activeSite),
    problems: (subject) => unhealthy(activeOf(subject)),
    fine: () => 'answers, all findings in order',
  },
  {
    code: 'ActiveSiteAnswers',
    severity: 'warning',
    because: 'the site to be given up answers: a planned failover would lose nothing',
    when: ({ mode }) => mode === 'unplanned',
    subject: (subject) => nameOf(subject, subject.observation.activeSite),
    problems: (subject) => (activeOf(subject).health.reachable ? ['it answers'] : []),
    fine: () => 'does not answer',
  },
  {
    code: 'StandbySiteHealthy',
    severity: 'error',
    because: 'everything will run, or be kept, there',
    when: () => true,
    subject: (subject) => standbyOf(subject).health.site,
    problems: (subject) => unhealthy(standbyOf(subject)),
    fine: () => 'answers, all findings in order',
  },
  {
    code: 'SitesConnected',
    severity: 'error',
    because: 'the data flows between the sites',
    when: needsBoth,
    subject: (subject) => `${nameOf(subject, 'primary')} and ${nameOf(subject, 'recovery')}`,
    problems: ({ observation }) =>
      observation.connectivity.filter((way) => !way.ok).map((way) => `${way.from} to ${way.to}: ${way.saw}`),
    fine: ({ observation }) => observation.connectivity.map((way) => `${way.from} to ${way.to}: ${way.saw}`).join('; '),
  },
  {
    code: 'StandbyStopped',
    severity: 'error',
    because: 'a workload that already runs at the standby could write beside the active one',
    when: moves,
    subject: (subject) => standbyOf(subject).health.site,
    problems: (subject) =>
      standbyOf(subject)
        .workloads.filter((workload) => workload.status !== 'stopped')
        .map((workload) => `${workload.workload} is ${workload.status}: ${workload.saw}`),
    fine: () => 'every workload is stopped',
  },
  {
    code: 'ActiveRunning',
    severity: 'warning',
    because: 'what is not running now is not known to work after the move either',
    when: (subject) => moves(subject) && needsBoth(subject),
    subject: (subject) => activeOf(subject).health.site,
    problems: (subject) =>
      activeOf(subject)
        .workloads.filter((workload) => workload.status !== 'running')
        .map(({ workload, status, switchedOff, saw }) => {
          const is = switchedOff === undefined ? status : 'switched off, and stays so';
          return `${workload} is ${is}: ${saw}`;
        }),
    fine: () => 'every workload runs',
  },
  {
    code: 'NothingLeftBehind',
    severity: 'warning',
    because: 'what no workload of the runbook names is not stopped, and does not run after the move',
    when: (subject) => moves(subject) && activeOf(subject).unnamed !== undefined,
    subject: (subject) => activeOf(subject).health.site,
    problems: (subject) => leftBehind(subject.runbook, activeOf(subject)),
    fine: (subject) => nothingLeftBehind(activeOf(subject)),
  },
  {
    code: 'DataNotNewer',
    severity: 'error',
    because: 'data never flows onto data of a higher epoch',
    when: needsBoth,
    subject: (subject) => standbyOf(subject).health.site,
    problems: newerVolumes,
    fine: () => 'no volume is of a higher epoch than at the active site',
  },
  {
    code: 'RecoveryPointKnown',
    severity: 'error',
    because: 'a workload starts on proven data or on a named recovery point only',
    when: (subject) => subject.mode === 'unplanned' || copies(subject),
    subject: (subject) => standbyOf(subject).health.site,
    problems: ({ pointMissing }) => pointMissing,
    fine: () => 'every volume has one',
  },
  {
    code: 'CopyIsolated',
    severity: 'error',
    because: 'a copy must never meet production: it needs an address that nothing else uses',
    when: copies,
    subject: (subject) => subject.copiesAt.map((role) => nameOf(subject, role)).join(' and '),
    problems: sharedAddresses,
    fine: ({ runbook, copiesAt }) =>
      `copies live at ${copiesAt.map((role) => runbook.sites[role].drill?.address ?? '').join(' and ')}`,
  },
  {
    code: 'RecordAsExpected',
    severity: 'error',
    because: 'a record that somebody else changed is never overwritten',
    when: (subject) => moves(subject) && subject.runbook.traffic.length > 0,
    subject: ({ runbook }) => runbook.traffic.map((record) => record.name).join(', '),
    problems: foreignRecords,
    fine: (subject) => `leads to ${nameOf(subject, subject.from)}`,
  },
  {
    code: 'CommandsAllowed',
    severity: 'error',
    because: 'a worker runs only the programs that are on its own allow-list',
    when: (subject) => hooksOf(subject, 'command').length > 0,
    subject: (subject) => [...new Set(hooksOf(subject, 'command').map(({ input }) => programOf(input)))].join(', '),
    problems: refusedCommands,
    fine: () => 'the workers of their sites may run them',
  },
  {
    code: 'WebhooksReady',
    severity: 'error',
    because: 'address and secret of a webhook are read where it is called',
    when: (subject) => hooksOf(subject, 'webhook').length > 0,
    subject: (subject) =>
      [...new Set(hooksOf(subject, 'webhook').flatMap(({ input }) => variablesOf(input)))].join(', '),
    problems: missingVariables,
    fine: () => 'set where the webhooks are called',
  },
  {
    code: 'WindowsOpenAgain',
    severity: 'warning',
    because: 'a run that waits for a window without an opening ends as declined, with nothing changed',
    when: ({ windows }) => windows.length > 0,
    subject: ({ windows }) => windows.map(({ name }) => name).join(', '),
    problems: ({ windows, observation: { observedAt } }) =>
      windows.flatMap((gate) => {
        const because = whyNoOpening(gate, observedAt);
        return because === undefined ? [] : [`${gate.name} ${because}`];
      }),
    fine: () => 'an opening is in sight',
  },
];

const programOf = ({ hook }: StepInput): string => (hook?.kind === 'command' ? (hook.command[0] ?? '') : '');

const variablesOf = ({ hook }: StepInput): readonly string[] =>
  hook?.kind === 'webhook' ? [hook.urlFrom, ...(hook.secretFrom === undefined ? [] : [hook.secretFrom])] : [];

function refusedCommands(subject: PrecheckSubject): readonly string[] {
  const refused = subject.observation.hooks?.refusedCommands ?? {};
  const problems = hooksOf(subject, 'command').flatMap(({ site = subject.to, input }) => {
    const program = programOf(input);
    const answer = refused[site];
    if (answer === undefined)
      return [`the worker of ${nameOf(subject, site)} does not say whether it may run ${program}`];
    return Object.hasOwn(answer, program) ? [`${nameOf(subject, site)}: ${answer[program] ?? ''}`] : [];
  });
  return [...new Set(problems)];
}

function missingVariables(subject: PrecheckSubject): readonly string[] {
  const wanted = new Set(hooksOf(subject, 'webhook').flatMap(({ input }) => variablesOf(input)));
  const missing = subject.observation.hooks?.missingVariables ?? [...wanted];
  return missing
    .filter((name) => wanted.has(name))
    .map((name) => `set ${name} where the worker of the control queue runs`);
}

function newerVolumes(subject: PrecheckSubject): readonly string[] {
  const active = activeOf(subject);
  return standbyOf(subject).volumes.flatMap((volume) => {
    const source = active.volumes.find((other) => other.volume === volume.volume);
    if (source === undefined || volume.epoch <= source.epoch) return [];
    return [`${volume.volume} has epoch ${volume.epoch}, the active site ${source.epoch}`];
  });
}

/** Every row that applies, in order; those with problems first in severity. */
export function runPrechecks(subject: PrecheckSubject): readonly Precheck[] {
  return precheckRows
    .filter((row) => row.when(subject))
    .map((row) => {
      const problems = row.problems(subject);
      return {
        code: row.code,
        severity: problems.length > 0 ? row.severity : 'ok',
        subject: row.subject(subject),
        saw: problems.length > 0 ? problems.join('; ') : row.fine(subject),
        because: row.because,
      };
    });
}
