import { groupUpdateShapes, problemsOf } from '../../../core/running/protection-shapes';

const size = { mode: 'planned', strategy: 'cold', workloads: 3, volumes: 1, records: 1, hooks: 0 };
const run = { workflowId: 'failback/shop/1', runId: 'r1' };
const at = '2026-11-21T10:00:00.000Z';

const releaseWith = (measured: unknown): string | undefined =>
  problemsOf(groupUpdateShapes.release, {
    group: 'shop',
    holder: { ...run, operation: 'failback', since: at },
    summary: {
      ...run,
      operation: 'failback',
      verdict: 'completed',
      startedAt: at,
      finishedAt: at,
      ...(measured !== undefined && { measured }),
    },
    phase: 'Protected',
    epoch: 2,
    activeSite: 'primary',
    because: 'done',
  });

test.each<[string, unknown]>([
  ['a run of before that was not measured', undefined],
  ['a measured one', { size, workSeconds: 3.45, interruptionSeconds: 0 }],
  ['one that moved no service', { size, workSeconds: 0 }],
  ['one of a later version', { size: { ...size, drill: true }, workSeconds: 3.45, steps: {} }],
])('the group takes %s', (_, measured) => {
  expect(releaseWith(measured)).toBeUndefined();
});

test.each<[string, unknown, string]>([
  ['a time below nothing', { size, workSeconds: -1 }, 'summary.measured.workSeconds'],
  ['a time without an end', { size, workSeconds: Infinity }, 'summary.measured.workSeconds'],
  ['a time that is none', { size, workSeconds: null }, 'summary.measured.workSeconds'],
  ['half a workload', { size: { ...size, workloads: 1.5 }, workSeconds: 1 }, 'summary.measured.size.workloads'],
  ['no size', { workSeconds: 1 }, 'summary.measured.size'],
])('and refuses %s', (_, measured, problem) => {
  expect(releaseWith(measured)).toContain(problem);
});
