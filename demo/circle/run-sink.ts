import type { RunResult } from '../../cli/temporal/operations';
import { span, type Line } from '../../cli/terminal/line';
import { eventLine, titlesOf } from '../../cli/views/event-line';
import type { RunSnapshot } from '../../cli/views/run-snapshot';
import type { RunSink } from '../../cli/watch/follow-run';
import type { RunEvent } from '../../core/model/run';
import { demoRunLines } from '../screen/run-view';
import type { Answers } from './answers';
import type { Stage } from './stage';

const intervalMs = 200;

/** Shows a run as a tree that is redrawn, or as a line for each thing that was done, and lets its gates be answered. */
export function runSink(
  { screen, customersLine }: Stage,
  { title, answers }: { readonly title: string; readonly answers: Answers },
): RunSink & { result(): RunResult } {
  let latest: RunSnapshot | undefined;
  let result: RunResult | undefined;
  screen.show((size) => {
    const below: readonly Line[] = [[], customersLine()];
    const room = { ...size, rows: size.rows - below.length };
    const tree = latest
      ? demoRunLines(title, { ...latest, now: new Date().toISOString() }, room)
      : [[span(title, 'bold')]];
    return [...tree, ...below];
  });
  return {
    intervalMs,
    wantsEvents: !screen.live,
    show: (snapshot, events) => {
      latest = snapshot;
      screen.say(...eventLines(snapshot, events));
      answers.hear(snapshot.status.waitingFor);
    },
    // Before the worker has taken the run's first task it cannot be asked; that passes.
    trouble: () => undefined,
    finished: (ended) => (result = ended),
    left: () => undefined,
    result: () => {
      if (result === undefined) throw new Error('the run has not ended');
      return result;
    },
  };
}

/** That a step began goes without saying; gates, the plan and the verdict are told by whoever knows more of them. */
const told: readonly RunEvent['kind'][] = ['step-scheduled', 'plan-pinned', 'gate-opened', 'run-finished'];

/** What was done, and what went wrong. */
function eventLines({ plan }: RunSnapshot, events: readonly RunEvent[]): readonly Line[] {
  const titleOf = titlesOf(plan);
  return events.flatMap((event) => {
    if (told.includes(event.kind)) return [];
    const line = eventLine(event, titleOf);
    return line ? [[span('  '), ...line]] : [];
  });
}
