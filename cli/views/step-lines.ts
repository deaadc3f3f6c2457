import type { PlanStep } from '../../core/model/plan';
import type { StepState } from '../../core/model/run';
import { formatSeconds, secondsBetween } from '../terminal/format';
import { span, type Line, type Span } from '../terminal/line';
import { progressText } from './progress-text';
import type { RunSnapshot } from './run-snapshot';
import { stepSymbols } from './symbols';

/** One step of a run: symbol, title, time, and what it did, does, or why it failed. */
export function stepLine(step: PlanStep, state: StepState | undefined, snapshot: RunSnapshot): Line {
  const status = state?.status ?? 'pending';
  const symbol = stepSymbols[status];
  return [
    span(`${symbol.text} `, symbol.format),
    span(step.title, status === 'pending' || status === 'not-needed' ? 'dim' : 'reset'),
    ...timeSpan(state, snapshot.now),
    ...detailSpans(step, state, snapshot),
  ];
}

function timeSpan(state: StepState | undefined, now: string): Span[] {
  const seconds = stepSeconds(state, now);
  return seconds === undefined ? [] : [span(` ${formatSeconds(seconds)}`, 'dim')];
}

/** How long it took, or has been going on; undefined before it was scheduled. */
function stepSeconds(state: StepState | undefined, now: string): number | undefined {
  if (state?.result) return secondsBetween(state.result.startedAt, state.result.finishedAt);
  return state?.status === 'running' && state.scheduledAt !== undefined
    ? secondsBetween(state.scheduledAt, now)
    : undefined;
}

function detailSpans(step: PlanStep, state: StepState | undefined, snapshot: RunSnapshot): Span[] {
  if (state?.status === 'failed' && state.error) {
    const { code, message, attempts } = state.error;
    return [span(`  ${code}: ${message} (${attempts === 1 ? 'tried once' : `tried ${attempts} times`})`, 'red')];
  }
  if (state?.status === 'running') return runningSpans(step, snapshot);
  return state?.result ? [span(`  ${state.result.summary}`, 'dim')] : [];
}

function runningSpans(step: PlanStep, { progress }: RunSnapshot): Span[] {
  const running = progress.get(step.id);
  if (!running) return [];
  return [
    ...(running.progress ? [span(`  ${progressText(running.progress)}`, 'cyan')] : []),
    ...(running.attempt > 1 ? [span(`  try ${running.attempt}`, 'yellow')] : []),
    ...(running.lastFailure === undefined ? [] : [span(`  before: ${running.lastFailure}`, 'yellow')]),
  ];
}
