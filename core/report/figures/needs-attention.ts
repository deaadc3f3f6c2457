import type { Operation } from '../../model/operation';
import { fenceFact } from '../history/facts';
import { firstOf, type RunHistory } from '../history/run-history';
import { stepKinds, traitsOf } from '../../model/step-kinds';
import { durationText } from '../markdown/duration-text';
import type { Attention, Report } from '../report';
import type { StepFigure } from '../report-steps';

export type Figures = Pick<Report, 'objectives' | 'interruption' | 'dataLoss' | 'steps' | 'rollback' | 'prechecks'> & {
  readonly operation: Operation;
};

/** In the order in which a person should read them: each rule is a row, the worst first. */
const rules: readonly ((history: RunHistory, figures: Figures) => readonly Attention[])[] = [
  failedCompensations,
  failedCleanUps,
  serviceDown,
  failedSteps,
  unknownOutcomes,
  unprovenFences,
  doubtfulData,
  leftByRollback,
  doneByHand,
  overrunWindows,
  missedObjectives,
  warnings,
];

export const needsAttention = (history: RunHistory, figures: Figures): Attention[] =>
  rules.flatMap((rule) => rule(history, figures));

function failedCompensations(_: RunHistory, { rollback }: Figures): Attention[] {
  return (rollback?.compensations ?? []).flatMap(({ id, title, status, error }): Attention[] => {
    if (status === 'failed') {
      const what = `${title}: failed: ${inWords(error)}; do it by hand`;
      return [{ kind: 'failed-compensation', subject: id, what, from: [`compensation-failed ${id}`] }];
    }
    if (status !== 'not-run') return [];
    const what = `${title}: was needed and not done; check it, and do it by hand`;
    return [{ kind: 'failed-compensation', subject: id, what, from: ['rollback-started', 'run-finished'] }];
  });
}

/** Failed after the commit point: the service moved, and something is left as it should not be. */
function failedCleanUps(history: RunHistory, { steps }: Figures): Attention[] {
  if (!firstOf(history, 'committed')) return [];
  return failed(steps).map((step) => failure('failed-clean-up', step));
}

/** The run is over, and nothing proved that the service serves again. */
function serviceDown(history: RunHistory, { interruption, operation }: Figures): Attention[] {
  const { startedAt, endedAt, from } = interruption;
  if (!history.finished || !startedAt || endedAt) return [];
  const what = `the service was interrupted at ${startedAt}, and nothing proved since that it serves again`;
  return [{ kind: 'service', subject: operation, what, from }];
}

function failedSteps(history: RunHistory, { steps }: Figures): Attention[] {
  if (firstOf(history, 'committed')) return [];
  return failed(steps).map((step) => failure('failed-step', step));
}

function unknownOutcomes(_: RunHistory, { steps }: Figures): Attention[] {
  return steps
    .filter(
      ({ status, kind }) => status === 'cancelled' && kind !== undefined && stepKinds[kind]?.effect === 'mutation',
    )
    .map(({ id, title }) => ({
      kind: 'unknown-outcome',
      subject: id,
      what: `${title}: was begun, and the run ended before its outcome was recorded; look at the site`,
      from: [`step-scheduled ${id}`, 'run-finished'],
    }));
}

function unprovenFences(history: RunHistory): Attention[] {
  return [...history.steps.values()].flatMap(({ id, result }): Attention[] => {
    const fence = fenceFact(result?.facts);
    if (!fence || (fence.fencing !== 'unconfirmed' && fence.fencing !== 'declared-lost')) return [];
    const what = `${fence.site} is ${fence.fencing}, not fenced: ${fence.saw}; keep it from coming back by itself`;
    return [{ kind: 'fencing', subject: fence.site, what, from: [`step-done ${id}`] }];
  });
}

function doubtfulData(history: RunHistory, { dataLoss, operation }: Figures): Attention[] {
  const { status, because, from, proofs, volumes } = dataLoss;
  const subject = operation;
  const unequal = proofs
    .filter(({ equal }) => !equal)
    .map(({ volume, step }): Attention => {
      return { kind: 'data', subject: volume, what: 'content hashes of the two sides differ', from: [step] };
    });
  if (status === 'lost') {
    return [
      ...unequal,
      ...volumes.map(({ volume, what }): Attention => ({ kind: 'data', subject: volume, what, from })),
    ];
  }
  if (status !== 'unknown' || !history.finished) return unequal;
  return [...unequal, { kind: 'data', subject, what: `data loss is unknown: ${because}`, from }];
}

function doneByHand(_: RunHistory, { steps }: Figures): Attention[] {
  return steps
    .filter(({ status }) => status === 'skipped' || status === 'marked-done')
    .map(({ id, title, status, by = 'somebody', reason = '', verified }) => ({
      kind: 'by-hand',
      subject: id,
      what: `${title}: ${status === 'skipped' ? 'skipped' : 'marked as done'} by ${by}: ${reason}${status === 'skipped' ? '' : proofText(verified)}`,
      from: [`step-${status} ${id}`],
    }));
}

/** Windows that closed while something was still worked at. What waits for people or a clock changes nothing meanwhile. */
function overrunWindows({ events, steps, compensations }: RunHistory, { steps: figures }: Figures): Attention[] {
  const kinds = new Map(figures.map(({ id, kind }) => [id, kind]));
  const works = (id: string): boolean => {
    const kind = kinds.get(id);
    return kind === undefined || traitsOf(kind).runs !== 'workflow';
  };
  const worked = [...[...steps.values()].filter(({ id }) => works(id)), ...compensations.values()];
  const last = Math.max(0, ...worked.map(({ settled }) => settled?.ms ?? 0));
  const closings = events.flatMap(({ event }) =>
    event.kind === 'gate-passed' && event.closesAt !== undefined ? [[event.gate, event.closesAt] as const] : [],
  );
  // A window that was waited for again counts as it was the last time.
  return [...new Map(closings)]
    .filter(([, closesAt]) => last > Date.parse(closesAt))
    .map(([gate, closesAt]) => ({
      kind: 'window',
      subject: gate,
      what: `maintenance window "${gate}" closed at ${closesAt}; the last step ended ${durationText((last - Date.parse(closesAt)) / 1000)} after that`,
      from: [`gate-passed ${gate}`],
    }));
}

/** What the runbook added to the plan, and names no way back from: only people can tell whether it must be undone. */
function leftByRollback({ plan }: RunHistory, { steps, rollback }: Figures): Attention[] {
  if (rollback === undefined) return [];
  const mayStay = (plan?.steps ?? []).flatMap(({ id, input }) => (input.mayStay ? [id] : []));
  const undone = new Set([...mayStay, ...rollback.compensations.flatMap(({ compensates }) => compensates)]);
  return steps
    .filter(({ id, kind, status }) => status === 'done' && kind && traitsOf(kind).added && !undone.has(id))
    .map(({ id, title }) => ({
      kind: 'by-hand',
      subject: id,
      what: `${title}: was done before the rollback and has no inverse; undo it by hand if it must be undone`,
      from: [`step-done ${id}`, 'rollback-started'],
    }));
}

function missedObjectives(_: RunHistory, { objectives }: Figures): Attention[] {
  return Object.entries(objectives)
    .filter(([, { result }]) => result === 'missed')
    .map(([name, { because, from }]) => ({
      kind: 'objective',
      subject: name.toUpperCase(),
      what: `${name.toUpperCase()} missed: ${because}`,
      from,
    }));
}

function warnings(_: RunHistory, { prechecks }: Figures): Attention[] {
  return prechecks
    .filter(({ severity }) => severity !== 'ok')
    .map(({ code, subject, saw, because }) => ({
      kind: 'warning',
      subject,
      what: `${code}: ${saw}; ${because}`,
      from: ['plan.prechecks'],
    }));
}

/** Of a step marked as done: whether anything but the word of a person says so. */
const proofText = (verified: string | undefined): string =>
  verified === undefined ? ' (only claimed)' : ` (verified: ${verified})`;

const failed = (steps: readonly StepFigure[]): readonly StepFigure[] =>
  steps.filter(({ status }) => status === 'failed');

const failure = (kind: Attention['kind'], { id, title, error }: StepFigure): Attention => ({
  kind,
  subject: id,
  what: `${title}: failed: ${inWords(error)}`,
  from: [`step-failed ${id}`],
});

const inWords = (error: StepFigure['error']): string =>
  error ? `${error.code}: ${error.message}` : 'no reason recorded';
