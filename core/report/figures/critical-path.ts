import type { PlanStep } from '../../model/plan';
import { clip, measure, union, type Interval } from '../history/intervals';
import type { Moment } from '../history/moment';
import { firstOf, type RunHistory } from '../history/run-history';
import { isComplete, type StepRecord } from '../history/step-records';
import type { CriticalPath, PathParts, PathStep } from '../report-steps';
import { workMs } from './step-figures';
import { answersAwaited, standstills, waitsFor } from './time-breakdown';

/**
 * From the last step that was completed back through the dependency that was completed last, and so on: with any of these
 * steps faster, the end would have come sooner.
 */
export function criticalPath(history: RunHistory): CriticalPath {
  const chain = chainOf(history);
  const origin = (firstOf(history, 'plan-pinned') ?? firstOf(history, 'run-started'))?.moment.ms ?? history.span.start;
  let ready = origin;
  const steps = chain.flatMap(({ step, record }) => {
    if (step.kind === 'barrier') return [];
    const parts = partsOf(history, { step, record, ready });
    ready = record.settled.ms;
    return { id: step.id, title: step.title, ...parts };
  });
  const totals = sum(steps);
  const busy = totals.totalSeconds - totals.waitSeconds;
  return {
    steps,
    ...totals,
    orchestratorShare: busy > 0 ? (totals.queuedSeconds + totals.handoverSeconds) / busy : 0,
    from: [
      'plan.steps',
      ...chain.flatMap(({ step, record }) => (step.kind === 'barrier' ? [] : `step-${record.status} ${step.id}`)),
    ],
  };
}

interface Link {
  readonly step: PlanStep;
  readonly record: StepRecord & { readonly settled: Moment };
}

/** First step first, barriers included. Steps depend on each other in no circle, so the walk back always ends. */
function chainOf(history: RunHistory): Link[] {
  const links = new Map<string, Link>();
  for (const step of history.plan?.steps ?? []) {
    const record = history.steps.get(step.id);
    if (isComplete(record)) links.set(step.id, { step, record });
  }
  const chain: Link[] = [];
  let current = lastOf([...links.values()]);
  while (current) {
    chain.unshift(current);
    const { step, record } = current;
    const before = step.dependsOn.flatMap((id) => links.get(id) ?? []);
    current = lastOf(before.filter((link) => link.record.settled.order <= record.settled.order));
  }
  return chain;
}

function lastOf(links: readonly Link[]): Link | undefined {
  return links.reduce<Link | undefined>((last, link) => {
    if (!last) return link;
    const [a, b] = [last.record.settled, link.record.settled];
    return b.ms > a.ms || (b.ms === a.ms && b.order > a.order) ? link : last;
  }, undefined);
}

function partsOf(history: RunHistory, link: Link & { readonly ready: number }): PathParts {
  const { step, record } = link;
  const end = record.settled.ms;
  const total = Math.max(0, end - link.ready);
  const first = record.tries[0]?.scheduled.ms ?? end;
  const queue = { start: Math.min(link.ready, end), end: Math.min(Math.max(first, link.ready), end) };
  const stood = standstills(history);
  const paused = measure(clip(stood, queue));
  const tried = { start: queue.end, end };
  const answers = measure(clip(union([...answersAwaited(record, end), ...cutOff(record, stood)]), tried));
  const busy = total - (queue.end - queue.start) - answers;
  const last = record.tries.at(-1)?.scheduled.ms ?? end;
  const lastTry = Math.min(busy, Math.max(0, record.status === 'done' ? end - last : 0));
  const waits = waitsFor(step.kind) !== undefined;
  const work = waits ? 0 : Math.min(lastTry, workMs(record) ?? 0);
  const rest = waits ? 0 : lastTry - work;
  // Attempts inside one try share their start with the last one, so what the last did not use cannot be told apart.
  const retried = (record.result?.attempt ?? 1) > 1;
  return {
    totalSeconds: total / 1000,
    workSeconds: work / 1000,
    waitSeconds: (paused + answers + (waits ? lastTry : 0)) / 1000,
    retrySeconds: (busy - lastTry + (retried ? rest : 0)) / 1000,
    queuedSeconds: (queue.end - queue.start - paused) / 1000,
    handoverSeconds: (retried ? 0 : rest) / 1000,
  };
}

/** What of the standstills lies between a try that was cut off and the next one: who runs the run was away meanwhile. */
const cutOff = ({ tries }: StepRecord, stood: readonly Interval[]): Interval[] =>
  tries.flatMap(({ scheduled, ended }, index) => {
    const next = tries[index + 1]?.scheduled;
    return ended || !next ? [] : clip(stood, { start: scheduled.ms, end: Math.max(scheduled.ms, next.ms) });
  });

const sum = (steps: readonly PathStep[]): PathParts => {
  const total = (part: keyof PathParts): number =>
    Math.round(steps.reduce((ms, step) => ms + step[part] * 1000, 0)) / 1000;
  return {
    totalSeconds: total('totalSeconds'),
    workSeconds: total('workSeconds'),
    waitSeconds: total('waitSeconds'),
    retrySeconds: total('retrySeconds'),
    queuedSeconds: total('queuedSeconds'),
    handoverSeconds: total('handoverSeconds'),
  };
};
