import type { AttestationStatus } from '../model/attestation';
import type { Operation } from '../model/operation';
import type { RecoveryPlan } from '../model/plan';
import type { RunSummary } from '../model/protection';
import type { RunEvent } from '../model/run';
import type { Verdict } from '../model/verdict';
import { attestationOf } from './figures/attestation';
import { criticalPath } from './figures/critical-path';
import { dataLoss, recoveryPoints } from './figures/data-loss';
import { drillLegs } from './figures/drill-legs';
import { earlierRuns } from './figures/earlier-runs';
import { changesOfMind, decisions, gateFigures } from './figures/gates';
import { needsAttention } from './figures/needs-attention';
import { rpoFigure, rtoFigure } from './figures/objectives';
import { interruption, recoveryTime } from './figures/recovery';
import { rollbackFigure } from './figures/rollback';
import { segmentFigures, stepFigures } from './figures/step-figures';
import { timeBreakdown, workTime } from './figures/time-breakdown';
import { timeline } from './figures/timeline';
import { firstOf, lastOf, readHistory, type RunHistory } from './history/run-history';
import { stretchOfPlan } from './measured-run';
import type { PlanFigure, Report, ReportedRun } from './report';
import { isComplete } from './history/step-records';
import type { EstimateFigure } from './report-steps';

export interface ReportInput {
  readonly run: {
    readonly workflowId: string;
    readonly runId: string;
    readonly group: string;
    readonly operation: Operation;
  };
  /** Absent when the run ended before there was one. */
  readonly plan?: RecoveryPlan;
  readonly events: readonly RunEvent[];
  /** Absent: as the events say; a run without `run-finished` goes on, and its report is "so far". */
  readonly verdict?: Verdict;
  readonly because?: string;
  /** Of a drill: what the workflow that asks about it says; null when it cannot be asked any more. Absent: not asked. */
  readonly attestation?: AttestationStatus | null;
  /** Runs of the group that ended before, newest first, of any operation. Absent: the group was not asked. */
  readonly earlier?: readonly RunSummary[];
  readonly versions?: Report['versions'];
  readonly webUi?: string;
}

/** What the recorded events say of a run. Never throws, whatever part of the events there is. */
export function buildReport(input: ReportInput): Report {
  const { operation } = input.run;
  const ending = endingOf(input);
  const history = readHistory({ ...input, finished: ending.verdict !== 'running' });
  const recovery = recoveryTime(history, operation);
  const loss = dataLoss(history, operation);
  const path = criticalPath(history);
  const legs = drillLegs(history, operation);
  const rollback = rollbackFigure(history);
  const committed = firstOf(history, 'committed');
  const left = lastOf(history, 'left-as');
  const figures = {
    objectives: { rpo: rpoFigure(history, operation, loss), rto: rtoFigure(history, operation, recovery) },
    interruption: interruption(history, operation),
    dataLoss: loss,
    steps: stepFigures(history),
    prechecks: input.plan?.prechecks ?? [],
    ...(rollback && { rollback }),
  };
  return {
    schemaVersion: 1,
    run: reportedRun(input.run, history),
    ...ending,
    needsAttention: needsAttention(history, { ...figures, operation }),
    ...figures,
    recoveryTime: recovery,
    ...(legs && { legs }),
    time: timeBreakdown(history),
    recoveryPoints: recoveryPoints(history),
    gates: gateFigures(history),
    decisions: decisions(history),
    ...changesOfMind(history),
    segments: segmentFigures(history),
    criticalPath: path,
    estimate: estimateFigure(history),
    ...messagesOf(history),
    ...(input.plan && { plan: planFigure(input.plan) }),
    ...(left && { left: left.event.left }),
    ...attestationOf(history, input.attestation),
    ...(committed && { committedAt: committed.event.at }),
    timeline: timeline(history),
    ...surroundings(input),
  };
}

/** What is known besides the run's own events. */
const surroundings = ({
  run,
  earlier,
  versions,
  webUi,
}: ReportInput): Pick<Report, 'earlier' | 'versions' | 'webUi'> => ({
  ...(earlier && { earlier: earlierRuns(earlier, run) }),
  ...(versions && { versions }),
  ...(webUi !== undefined && { webUi }),
});

function endingOf({ verdict, because, events }: ReportInput): Pick<Report, 'verdict' | 'because'> {
  const said = events.flatMap((event) => (event.kind === 'run-finished' ? [event] : [])).at(-1);
  return { verdict: verdict ?? said?.verdict ?? 'running', because: because ?? said?.because ?? 'the run goes on' };
}

function reportedRun(run: ReportInput['run'], history: RunHistory): ReportedRun {
  const { plan, events, finished } = history;
  const started = firstOf(history, 'run-started')?.event;
  const last = events.at(-1)?.event;
  const { workflowId, runId, group, operation } = run;
  return {
    workflowId,
    runId,
    group,
    operation,
    ...(plan && {
      mode: plan.mode,
      fromSite: plan.runbook.sites[plan.from].name,
      toSite: plan.runbook.sites[plan.to].name,
    }),
    ...(started && { startedAt: started.at, requestedBy: started.requestedBy }),
    ...(started?.reason !== undefined && { reason: started.reason }),
    ...(last && { asOf: last.at }),
    ...(last && finished && { finishedAt: last.at }),
  };
}

function estimateFigure(history: RunHistory): EstimateFigure {
  const { plan } = history;
  const complete = plan?.steps.every(({ id }) => isComplete(history.steps.get(id))) ?? false;
  const whole = complete ? stretchOfPlan(history) : undefined;
  const work = whole && workTime(history, whole);
  return {
    ...(plan && { estimateSeconds: plan.estimateSeconds }),
    ...(plan?.earlierRuns !== undefined && { earlierRuns: plan.earlierRuns }),
    ...(work && { actualSeconds: Math.round((work.workSeconds + work.ttlSeconds) * 1000) / 1000 }),
    from: ['plan.estimateSeconds', 'plan-pinned', 'run-finished', ...timeBreakdown(history).from],
  };
}

function messagesOf({ events }: RunHistory): Pick<Report, 'messages' | 'refusedMessages'> {
  return {
    messages: events.flatMap(({ event }) => {
      if (event.kind !== 'message') return [];
      const { at, name, by, reason } = event;
      return [{ at, name, by, ...(reason !== undefined && { reason }) }];
    }),
    refusedMessages: events.flatMap(({ event }) => {
      if (event.kind !== 'message-refused') return [];
      return [{ at: event.at, name: event.name, because: event.because }];
    }),
  };
}

const planFigure = ({ hash, runbookDigest, epochs, steps, commitStep, runbook }: RecoveryPlan): PlanFigure => ({
  hash,
  runbookDigest,
  epochs,
  steps: steps.length,
  commitStep,
  description: runbook.description,
});
