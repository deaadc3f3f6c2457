import type { RunEvent, StepState } from '../model/run';

/** Where an earlier run stopped, for the run that continues it. */
export interface ContinuedRun {
  /** How its steps ended; what was begun and has not ended runs again under the same key. */
  readonly known: ReadonlyMap<string, StepState>;
  /** Compensations that are done. */
  readonly undone: ReadonlyMap<string, StepState>;
  /** Present when it was rolling back: what was undone cannot be built upon, so that the rollback is what goes on. */
  readonly rollingBack?: { readonly by: string; readonly reason: string };
  /** Its events without its end. */
  readonly events: readonly RunEvent[];
}

/** Reads from the events of an earlier run where it stopped. */
export function continuedRun(events: readonly RunEvent[]): ContinuedRun {
  const known = new Map<string, StepState>();
  const undone = new Map<string, StepState>();
  let rollingBack: ContinuedRun['rollingBack'];
  // What happened in a child workflow is known only when it has ended: its events come after later ones.
  const inOrder = [...events].sort((left, right) => Date.parse(left.at) - Date.parse(right.at));
  for (const event of inOrder) {
    if (event.kind === 'step-scheduled') known.set(event.step, { id: event.step, status: 'running' });
    if (event.kind === 'step-done') known.set(event.step, { id: event.step, status: 'done', result: event.result });
    if (event.kind === 'step-skipped') known.set(event.step, { id: event.step, status: 'skipped' });
    if (event.kind === 'step-marked-done') known.set(event.step, { id: event.step, status: 'marked-done' });
    if (event.kind === 'compensation-done') {
      undone.set(event.step, { id: event.step, status: 'done', result: event.result });
    }
    if (event.kind === 'rollback-started') rollingBack = { by: event.by, reason: event.reason };
  }
  const open = events.filter(({ kind }) => kind !== 'run-finished' && kind !== 'left-as');
  return { known, undone, ...(rollingBack && { rollingBack }), events: open };
}
