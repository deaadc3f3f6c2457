import type { Decision } from '../../model/run';
import type { DatedEvent } from '../history/moment';
import type { RunHistory } from '../history/run-history';
import type { GateFigure, Report } from '../report';

/** Each time a gate was opened, and how that ended. left: the run went another way while it was open. */
export function gateFigures(history: RunHistory): GateFigure[] {
  const gates: GateFigure[] = [];
  const openedMs = new Map<GateFigure, number>();
  for (const { event, moment } of history.events) {
    if (event.kind === 'gate-opened') {
      const { gate, step, prompt, at } = event;
      const opened: GateFigure = { gate, step, prompt, outcome: 'open', openedAt: at, from: [`gate-opened ${step}`] };
      openedMs.set(opened, moment.ms);
      gates.push(opened);
      continue;
    }
    gates.forEach((gate, index) => {
      const ending = gate.outcome === 'open' ? endingOf(gate, event) : undefined;
      if (!ending) return;
      const seconds = Math.max(0, moment.ms - (openedMs.get(gate) ?? moment.ms)) / 1000;
      const from = [...gate.from, 'step' in event ? `${event.kind} ${event.step}` : event.kind];
      gates[index] = { ...gate, ...ending, closedAt: event.at, seconds, from };
    });
  }
  return gates;
}

export const decisions = (history: RunHistory): Decision[] =>
  history.events.flatMap(({ event }) => (event.kind === 'decision' ? [event.decision] : []));

/** Nothing of what did not happen: both are rare. */
export function changesOfMind({ events }: RunHistory): Pick<Report, 'withdrawals' | 'delegations'> {
  const withdrawals = events.flatMap(({ event }) =>
    event.kind === 'decision-withdrawn' ? [{ gate: event.gate, by: event.by, at: event.at }] : [],
  );
  const delegations = events.flatMap(({ event }) => (event.kind === 'delegated' ? [event.delegation] : []));
  return { ...(withdrawals.length > 0 && { withdrawals }), ...(delegations.length > 0 && { delegations }) };
}

function endingOf(gate: GateFigure, event: DatedEvent['event']): Pick<GateFigure, 'outcome' | 'saw'> | undefined {
  if (event.kind === 'gate-passed' && event.step === gate.step) return { outcome: 'passed', saw: event.saw };
  if (event.kind === 'decision' && event.decision.gate === gate.gate) {
    const { by, decision } = event.decision;
    if (decision === 'decline') return { outcome: 'declined', saw: `declined by ${by}` };
    if (decision === 'failed') return { outcome: 'failed', saw: `${by} says that it failed` };
  }
  if (event.kind === 'gate-expired' && event.gate === gate.gate) return { outcome: 'expired' };
  return event.kind === 'rollback-started' || event.kind === 'run-finished' ? { outcome: 'left' } : undefined;
}
