import fc from 'fast-check';
import { operationTraits } from '../../../core/model/operation';
import type { PlanStep, RecoveryPlan } from '../../../core/model/plan';
import { interruptionSeconds } from '../../../core/planning/critical-path';
import { decisionFacts } from '../../../core/running/decision-facts';
import { arbitraryPlan, compiled, inputFor } from './compiled';
import { parsedShop } from './shop';

const step = (id: string, kind: PlanStep['kind'], ...dependsOn: string[]): PlanStep => ({
  id,
  kind,
  title: id,
  segment: 's',
  dependsOn,
  input: {},
});

describe('the estimated interruption', () => {
  const steps = [
    step('look', 'verify-site'),
    step('stop', 'stop-workload', 'look'),
    step('late', 'stop-workload', 'stop'),
    step('start', 'start-workload', 'late'),
    step('health', 'check-health', 'start'),
    step('switch', 'switch-traffic', 'health'),
    step('seen', 'verify-traffic', 'switch'),
    step('tidy', 'capture-point', 'seen'),
  ];
  const tenEach = (plan: Partial<RecoveryPlan>) =>
    interruptionSeconds({ operation: 'failover', mode: 'planned', steps, ...plan }, () => 10);

  test.each<[string, Partial<RecoveryPlan>, number | undefined]>([
    ['from the first stop to verified traffic', {}, 60],
    ['of a lost site from the start', { mode: 'unplanned' }, 70],
    ['to health, where there is no traffic', { steps: steps.slice(0, 5) }, 40],
    ['nothing, where traffic is verified before anything is stopped', { steps: [step('seen', 'verify-traffic')] }, 10],
    ['not for a reprotect', { operation: 'reprotect' }, undefined],
  ])('is taken %s', (_title, plan, seconds) => {
    expect(tenEach(plan)).toBe(seconds);
  });

  test('of a warm move is nothing', () => {
    expect(tenEach({ steps: [step('seen', 'verify-traffic'), step('stop', 'stop-workload', 'seen')] })).toBe(0);
  });

  test('of any plan is within its estimate', () => {
    fc.assert(
      fc.property(arbitraryPlan, ({ operation, interruptionSeconds: interruption, estimateSeconds }) => {
        if (!operationTraits[operation].movesActiveSite) return expect(interruption).toBeUndefined();
        expect(interruption).toBeGreaterThanOrEqual(0);
        return expect(interruption).toBeLessThanOrEqual(estimateSeconds);
      }),
      { numRuns: 50 },
    );
  });
});

describe('what people decide upon', () => {
  const shop = parsedShop();

  test('has the lag of the replicas, as it was seen, and is no part of the hash', () => {
    const input = inputFor(shop, 'failback');
    const plan = compiled(input);
    expect(decisionFacts(plan)).toMatchObject({
      estimateSeconds: plan.estimateSeconds,
      interruptionSeconds: plan.interruptionSeconds,
      lag: { observedAt: '2026-11-21T10:00:00.000Z', volumes: [{ volume: 'orders', seconds: 2 }] },
      warnings: [],
    });
    const { observation } = input;
    const later = compiled({ ...input, observation: { ...observation, observedAt: '2026-11-21T10:01:00.000Z' } });
    expect(later.lag?.volumes[0]?.seconds).toBe(62);
    expect(later.hash).toBe(plan.hash);
  });

  test('has of an unplanned failover what it would lose, and the warnings', () => {
    const facts = decisionFacts(compiled(inputFor(shop, 'failover', 'unplanned')));
    expect(facts.loss).toBe('orders: what came after 2 s before');
    expect(facts.warnings).toEqual([expect.stringContaining('ActiveSiteAnswers')]);
  });
});
