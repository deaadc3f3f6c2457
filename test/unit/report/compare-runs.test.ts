import type { RunFigures } from '../../../core/model/run-figures';
import { buildReport } from '../../../core/report/build-report';
import { compareRuns } from '../../../core/report/compare-runs';
import type { Report } from '../../../core/report/report';
import { runFigures } from '../../../core/report/run-figures';
import { comparisonLines } from '../../../cli/views/comparison-view';
import { historyLines } from '../../../cli/views/history-view';
import { declined, plannedFailback, plannedFailbackRetried, unplannedFailover } from './scenarios';

const [first, second] = [plannedFailback, plannedFailbackRetried].map((input, index): Report => {
  const report = buildReport(input);
  return { ...report, run: { ...report.run, workflowId: `failback/shop/${index}`, runId: `run-${index}` } };
}) as [Report, Report];

const slow = 'start-workload/ledger@alpha';

/** Earlier completed runs, in which the step took so many seconds. */
const earlier = (...seconds: readonly number[]): readonly Report[] =>
  seconds.map((took, index) => ({
    ...first,
    run: { ...first.run, runId: `earlier-${index}` },
    steps: first.steps.map((step) => (step.id === slow ? { ...step, seconds: took } : step)),
  }));

const took = (report: Report, seconds: number): Report => ({
  ...report,
  steps: report.steps.map((step) => (step.id === slow ? { ...step, seconds } : step)),
});

const stepOf = (comparison: ReturnType<typeof compareRuns>) => comparison.steps.find(({ id }) => id === slow);
const textOf = (lines: readonly (readonly { readonly text: string }[])[]) =>
  lines.map((line) => line.map(({ text }) => text).join('')).join('\n');

test('a step that took longer than nine of ten earlier runs is named', () => {
  const past = earlier(1, 1.1, 1.2, 1.3);
  expect(stepOf(compareRuns(first, took(second, 1.31), past))).toMatchObject({ p90: 1.3, deviation: true });
  expect(stepOf(compareRuns(first, took(second, 1.3), past))).toMatchObject({ deviation: false });
  expect(textOf(comparisonLines(compareRuns(first, took(second, 9), past)))).toContain(
    `! ${slow}  9 s, where 1.3 s was enough`,
  );
});

test('two earlier runs are too few to tell, and runs of other operations or verdicts are none', () => {
  const comparison = compareRuns(first, took(second, 99), earlier(1, 1));
  expect(stepOf(comparison)).toMatchObject({ deviation: false });
  expect(textOf(comparisonLines(comparison))).toContain('2 earlier runs: too few to tell what is unusual');
  const others = [buildReport(unplannedFailover), buildReport(declined), second];
  expect(compareRuns(first, second, others).earlierRuns).toBe(0);
});

test('the same plan is said to be the same; steps that are gone, new or other are named', () => {
  expect(compareRuns(first, second, []).plan).toMatchObject({ same: true, removed: [], added: [], changed: [] });
  const [gone, changed, ...rest] = second.steps;
  if (!gone || !changed || !second.plan) throw new Error('the run has no steps');
  const other: Report = {
    ...second,
    plan: { ...second.plan, hash: 'b'.repeat(64), runbookDigest: 'e'.repeat(64) },
    steps: [{ ...changed, title: 'something else' }, ...rest, { ...gone, id: 'new/step' }],
  };
  expect(compareRuns(first, other, []).plan).toMatchObject({
    ...{ same: false, sameRunbook: false, removed: [gone.id], added: ['new/step'], changed: [changed.id] },
  });
});

test('other epochs make no other step', () => {
  const renamed = (epoch: number): Report => ({
    ...first,
    steps: first.steps.map((step) => ({ ...step, title: `${step.title} with epoch ${epoch}` })),
  });
  expect(compareRuns(renamed(4), renamed(7), []).plan.changed).toEqual([]);
});

test('figures, verdicts and decisions stand side by side', () => {
  const comparison = compareRuns(first, buildReport(declined), []);
  expect(comparison.second).toMatchObject({ verdict: 'declined' });
  expect(comparison.figures.find(({ figure }) => figure === 'recovery time')).toMatchObject({
    first: expect.any(Number),
    second: null,
  });
  expect(comparison.decisions.first.map(({ decision }) => decision)).toEqual(['approve']);
  expect(comparison.decisions.second.map(({ decision }) => decision)).toEqual(['decline']);
});

test('the group remembers times with what people were waited for, the loss, and who asked', () => {
  expect(runFigures(first)).toMatchObject({
    mode: 'planned',
    recovery: { seconds: expect.any(Number) },
    dataLoss: { status: 'none' },
  });
  const lost = runFigures(buildReport(unplannedFailover));
  expect(lost).toMatchObject({ mode: 'unplanned', dataLoss: { status: 'lost', seconds: 31.5 } });
  const long = { ...first, run: { ...first.run, requestedBy: 'x'.repeat(5000) } };
  expect(JSON.stringify(runFigures(long)).length).toBeLessThan(600);
});

test('the history has one row a run, with dashes where nothing is known', () => {
  const row = {
    workflowId: 'failback/shop/1',
    runId: 'r',
    operation: 'failback',
    startedAt: '2026-11-29T10:00:00.000Z',
  } as const;
  const figures: RunFigures = {
    mode: 'planned',
    requestedBy: 'ana',
    recovery: { seconds: 125, peopleSeconds: 90 },
    downtime: { seconds: 12, peopleSeconds: 0 },
    dataLoss: { status: 'none' },
  };
  const lines = textOf(
    historyLines([
      { ...row, verdict: 'completed', figures, attested: 'passed by bo' },
      { ...row, verdict: 'running' },
    ]),
  );
  const cells = lines.split('\n').map((line) => line.trim().split(/ {2,}/));
  expect(cells[1]).toEqual([
    '2026-11-29 10:00:00',
    'failback',
    'completed',
    '2 min 5 s (1 min 30 s people)',
    '12 s',
    'none',
    'passed by bo',
    'ana',
    'failback/shop/1',
  ]);
  expect(cells[2]).toEqual(['2026-11-29 10:00:00', 'failback', 'running', '–', '–', '–', '–', '–', 'failback/shop/1']);
});
