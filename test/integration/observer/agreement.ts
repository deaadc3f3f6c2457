import type { Report, SpanFigure } from '../../../core/report/report';
import { namedLoss } from '../../../demo/conclusion/evidence';
import type { Acknowledgement } from '../../../demo/shop/acknowledgement';
import type { SeenAnswer } from './name-prober';

/** What report and observer may differ by. */
const toleranceMs = 1_000;

/** Both are instants in milliseconds; a failure shows by how much they differ. */
export function expectSameInstant(what: string, told: string | undefined, seen: number): void {
  const apart = Math.abs(Date.parse(told ?? '') - seen);
  expect({ what, told, seen: new Date(seen).toISOString(), agree: apart <= toleranceMs }).toMatchObject({
    agree: true,
  });
}

function expectSameSeconds(what: string, told: number | undefined, seenMs: number): void {
  const apart = Math.abs((told ?? NaN) * 1000 - seenMs);
  expect({ what, told, seen: seenMs / 1000, agree: apart <= toleranceMs }).toMatchObject({ agree: true });
}

/** The report says that the service was not interrupted, and why. */
export function expectNoInterruption({ interruption, recoveryTime }: Report): void {
  for (const figure of [interruption, recoveryTime]) expect(figure.seconds).toBeUndefined();
  expect(interruption.startedAt).toBeUndefined();
  expect(interruption.because).toMatch(/a drill does not move the service|no workload was stopped/);
}

/** A stretch that both have seen from its begin to its end. */
export function expectSameStretch(told: SpanFigure, seen: { readonly from: number; readonly to: number }): void {
  expectSameInstant('begin', told.startedAt, seen.from);
  expectSameInstant('end', told.endedAt, seen.to);
  expectSameSeconds('length', told.seconds, seen.to - seen.from);
}

/** Each move of the record that the report tells, in order, with what the name led to from then on. */
function toldMoves({ steps, rollback }: Report): readonly { readonly at: string; readonly to: string }[] {
  return [...steps, ...(rollback?.compensations ?? [])]
    .filter(({ kind, status }) => kind === 'switch-traffic' && status === 'done')
    .map(({ finishedAt = '', facts }) => ({ at: finishedAt, to: valuesOf(facts?.['after']) }))
    .sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
}

export function expectSameMoves(report: Report, seen: readonly SeenAnswer[]): void {
  const told = toldMoves(report);
  expect(told.map(({ to }) => to)).toEqual(seen.map(({ values }) => values.join()));
  for (const [index, { at }] of told.entries()) expectSameInstant('the record', at, seen[index]?.at ?? NaN);
}

/** Of all that were acknowledged, those that the report names as lost; none where it says that nothing is. */
export function toldLost(report: Report, acknowledged: readonly Acknowledgement[]): readonly string[] {
  if (report.dataLoss.status !== 'lost') return [];
  const { epoch: highest, fromRecord } = namedLoss(report);
  return acknowledged.filter(({ epoch, seq }) => epoch <= highest && seq >= fromRecord).map(({ id }) => id);
}

const valuesOf = (state: unknown): string => (state as { readonly values: readonly string[] }).values.join();
