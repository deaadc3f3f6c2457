import { setTimeout as sleep } from 'node:timers/promises';
import { RunReader } from '../../cli/temporal/run-reader';
import type { Line } from '../../cli/terminal/line';
import { span } from '../../cli/terminal/line';
import { verdictFormats } from '../../cli/views/run-view';
import type { ProtectionState } from '../../core/model/protection';
import type { WaitingFor } from '../../core/model/run';
import type { Stack } from '../stack/stack';

const lookEveryMs = 500;

interface Look {
  readonly state: ProtectionState;
  readonly waitingFor: readonly WaitingFor[];
}

/** What dev says while people work with the group. */
export interface GroupNews {
  /** What began and what ended. */
  changed(lines: readonly Line[]): void;
  /** A run waits for these since now. */
  asked(workflowId: string, questions: readonly WaitingFor[]): void;
  /** Nothing runs: what can be done now. */
  idle(state: ProtectionState): void;
}

/** Tells what happens to the group, for ever. A worker or server that is away for a while is waited for. */
export async function followGroup({ session, state }: Stack, news: GroupNews, signal: AbortSignal): Promise<never> {
  let before: Look | undefined;
  for (;;) {
    const look = await lookAt({ session, state }).catch(() => undefined);
    if (look) {
      const lines = [...endedLines(before, look), ...beganLines(before, look)];
      if (lines.length > 0) news.changed(lines);
      const { holder } = look.state;
      const questions = newQuestions(before, look);
      if (holder && questions.length > 0) news.asked(holder.workflowId, questions);
      const wasIdle = before !== undefined && before.state.holder === undefined;
      if (holder === undefined && (!wasIdle || lines.length > 0)) news.idle(look.state);
      before = look;
    }
    await sleep(lookEveryMs, undefined, { signal });
  }
}

async function lookAt({ session, state }: Pick<Stack, 'session' | 'state'>): Promise<Look> {
  const now = await state();
  if (!now.holder) return { state: now, waitingFor: [] };
  const { waitingFor } = await new RunReader(session, now.holder.workflowId).status();
  return { state: now, waitingFor };
}

function endedLines(before: Look | undefined, { state }: Look): readonly Line[] {
  const known = new Set(before?.state.runs.map(({ runId }) => runId));
  if (!before) return [];
  const ended = state.runs.filter(({ runId }) => !known.has(runId)).reverse();
  return ended.map(({ workflowId, verdict }): Line => [
    span(`${workflowId} `, 'bold'),
    span(verdict, verdictFormats[verdict]),
  ]);
}

function beganLines(before: Look | undefined, { state: { holder } }: Look): readonly Line[] {
  if (!holder || holder.runId === before?.state.holder?.runId) return [];
  return [[span('▶ ', 'cyan'), span(holder.workflowId, 'bold'), span(' is running')]];
}

function newQuestions(before: Look | undefined, { waitingFor }: Look): readonly WaitingFor[] {
  const known = new Set(before?.waitingFor.map(({ name, since }) => `${name} ${since}`));
  return waitingFor.filter(({ name, since }) => !known.has(`${name} ${since}`));
}
