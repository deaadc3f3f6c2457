import { buildReport } from '../../../core/report/build-report';
import { renderMarkdown } from '../../../core/report/render-markdown';
import type { RecoveryPlan } from '../../../core/model/plan';
import { compiled, inputFor } from '../planning/compiled';
import { parsedShop } from '../planning/shop';
import { Script } from './script';

const planOf = (roundTrip: boolean, away = false): RecoveryPlan => {
  const input = inputFor(parsedShop(), 'drill');
  const reversed = { phase: 'ReverseProtected', activeSite: 'recovery' } as const;
  return compiled({ ...input, observation: { ...input.observation, ...(away && reversed) }, roundTrip });
};

const worstAt = '2026-11-21T10:00:03.000Z';

/** Every step of the plan takes a second, up to one that fails; `slow` takes as long as it says. */
function reportOf(
  plan: RecoveryPlan,
  { slow = {}, fails, worst = 1 }: { slow?: Readonly<Record<string, number>>; fails?: string; worst?: number } = {},
) {
  const script = new Script().planned();
  for (const { id, kind } of plan.steps.filter((step) => step.kind !== 'barrier')) {
    if (id === fails) {
      script.fail(id, 1, 'it does not');
      break;
    }
    const facts = kind === 'verify-lag' ? { worstLag: { seconds: worst, at: worstAt }, allowedSeconds: 5 } : {};
    script.step(id, slow[id] ?? 0.99, { facts });
  }
  const run = { workflowId: 'drill/shop', runId: 'run-1', group: 'shop', operation: 'drill' } as const;
  return buildReport({ run, plan, events: script.events, verdict: fails === undefined ? 'completed' : 'rolled-back' });
}

describe('the legs of a drill', () => {
  test('of one way: from the recovery point to health', () => {
    const { legs } = reportOf(planOf(false));
    // Copying, and start and health of three workloads.
    expect(legs).toMatchObject([
      {
        operation: 'failover',
        site: 'beta',
        seconds: 7,
        withinRto: true,
        from: ['step-scheduled copy-for-drill/orders@beta', 'step-done check-health/web@beta'],
      },
    ]);
  });

  test('of both ways: each is timed on the copies, and said in words', () => {
    const report = reportOf(planOf(true), { slow: { 'stop-workload/api@beta': 69.99 } });
    expect(report.legs).toMatchObject([
      { operation: 'failover', site: 'beta', seconds: 7, withinRto: true },
      { operation: 'reprotect', site: 'alpha', seconds: 1 },
      // Three stops, one of them 70 s long, fence, unfence, final sync, claim, and start and health of three workloads.
      { operation: 'failback', site: 'alpha', seconds: 82, withinRto: false },
    ]);
    const markdown = renderMarkdown(report);
    expect(markdown).toContain(
      'failover of the copy, to beta: 7 s from the recovery point to every workload of it healthy; RTO of 1 min met',
    );
    expect(markdown).toContain('reprotect of the copy, to alpha: 1 s from the first pass to a replica of the copy');
    expect(markdown).toContain(
      'failback of the copy, to alpha: 1 min 22 s from the first workload stopped to every workload of it healthy; RTO of 1 min missed',
    );
  });

  test('of a group that has moved, the other way round', () => {
    expect(reportOf(planOf(true, true)).legs?.map(({ operation, site }) => [operation, site])).toEqual([
      ['failback', 'alpha'],
      ['reprotect', 'beta'],
      ['failover', 'beta'],
    ]);
  });

  test('one that failed has no time, and those after it are not there', () => {
    const { legs } = reportOf(planOf(true), { fails: 'check-health/api@beta' });
    expect(legs).toHaveLength(1);
    expect(legs?.[0]).not.toHaveProperty('seconds');
    expect(legs?.[0]?.what).toBe('failover of the copy, to beta: not completed');
  });
});

describe('the lag of production during a drill', () => {
  test('within the objective: met', () => {
    expect(reportOf(planOf(false)).objectives.rpo).toMatchObject({
      result: 'met',
      objectiveSeconds: 5,
      achievedSeconds: 1,
    });
  });

  test('over it: missed, and heads the report', () => {
    const { objectives, needsAttention } = reportOf(planOf(false), { worst: 7.5 });
    expect(objectives.rpo).toMatchObject({ result: 'missed', achievedSeconds: 7.5 });
    expect(needsAttention).toMatchObject([
      {
        kind: 'objective',
        subject: 'RPO',
        what: `RPO missed: production was 7.5 s behind at worst during the drill, at ${worstAt}`,
      },
    ]);
  });

  test('of a drill that ended before anybody looked: unknown', () => {
    expect(reportOf(planOf(false), { fails: 'check-health/api@beta' }).objectives.rpo).toMatchObject({
      result: 'unknown',
    });
  });
});
