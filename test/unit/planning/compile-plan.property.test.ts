import fc from 'fast-check';
import { policyOf } from '../../../core/model/operation-policy';
import type { PlanStep, RecoveryPlan } from '../../../core/model/plan';
import { traitsOf } from '../../../core/model/step-kinds';
import { inTopologicalOrder } from '../../../core/planning/critical-path';
import { warmNames } from './warm-names';
import { arbitraryInput, arbitraryPlan, compiled } from './compiled';
import { forward, Graph } from './graph';

const check = (rule: (plan: RecoveryPlan) => void): void => {
  fc.assert(fc.property(arbitraryPlan, rule), { numRuns: 100 });
};

const isMove = (plan: RecoveryPlan): boolean => plan.operation !== 'reprotect';

describe('every compiled plan', () => {
  test('the same input gives the same plan and the same hash', () => {
    fc.assert(
      fc.property(arbitraryInput, (input) => {
        expect(compiled(input)).toEqual(compiled(structuredClone(input)));
      }),
      { numRuns: 100 },
    );
  });

  test('ids are unique, dependencies exist, and there is no cycle', () => {
    check((plan) => {
      for (const steps of [plan.steps, plan.rollback]) {
        const ids = new Set(steps.map((step) => step.id));
        expect(ids.size).toBe(steps.length);
        for (const step of steps) for (const id of step.dependsOn) expect(ids).toContain(id);
        expect(inTopologicalOrder(steps)).toHaveLength(steps.length);
      }
    });
  });

  test('a stateful workload starts only after the other side is stopped and fenced, and after its data is claimed', () => {
    check((plan) => {
      if (!isMove(plan)) return;
      const graph = forward(plan);
      const warm = warmNames(plan);
      for (const start of graph.ofKind('start-workload')) {
        if (warm.has(start.workload ?? '')) continue;
        const before = graph.ancestors(start.id);
        const kinds = [...before].flatMap((id) => plan.steps.find((step) => step.id === id) ?? []);
        expect(kinds.some((step) => step.kind === 'fence-site' && step.site === plan.from)).toBe(true);
        if (plan.mode === 'planned') {
          const stopped = kinds.filter((step) => step.kind === 'stop-workload').map((step) => step.workload);
          expect(stopped).toContain(start.workload);
        }
        for (const volume of plan.runbook.workloads.find(({ name }) => name === start.workload)?.volumes ?? []) {
          expect(kinds.some((step) => step.kind === 'claim-volume' && step.volume === volume)).toBe(true);
        }
      }
    });
  });

  test('no data is claimed before it is proven by a final sync or restored from a named point', () => {
    check((plan) => {
      const graph = forward(plan);
      const wanted = plan.mode === 'unplanned' ? 'restore-point' : 'final-sync';
      for (const claim of graph.ofKind('claim-volume')) {
        const source = graph.ofKind(wanted).find((step) => step.volume === claim.volume);
        expect(source && graph.isBefore(source, claim)).toBe(true);
      }
    });
  });

  test('a final sync comes after every stateful workload of the old site is stopped and the old site is fenced', () => {
    check((plan) => {
      const graph = forward(plan);
      const stateful = plan.runbook.workloads.filter(({ volumes }) => volumes.length > 0).map(({ name }) => name);
      for (const sync of graph.ofKind('final-sync')) {
        expect(graph.ofKind('fence-site').some((fence) => graph.isBefore(fence, sync))).toBe(true);
        for (const name of stateful) {
          const stop = graph.ofKind('stop-workload').find((step) => step.workload === name);
          expect(stop && graph.isBefore(stop, sync)).toBe(true);
        }
      }
    });
  });

  test('traffic moves only after every workload of the new site is healthy, and the commit only after it was seen', () => {
    check((plan) => {
      const graph = forward(plan);
      const commit = graph.ofKind('commit')[0];
      expect(commit?.id).toBe(plan.commitStep);
      for (const move of graph.ofKind('switch-traffic')) {
        const healthy = graph.ofKind('check-health').filter((step) => graph.isBefore(step, move));
        expect(healthy.map((step) => step.workload).sort()).toEqual(
          plan.runbook.workloads.map(({ name }) => name).sort(),
        );
      }
      for (const seen of graph.ofKind('verify-traffic', 'verify-data')) {
        expect(commit && graph.isBefore(seen, commit)).toBe(true);
      }
    });
  });

  test('gates come before everything that changes anything', () => {
    check((plan) => {
      const graph = forward(plan);
      const gates = graph.ofKind('approval', 'window');
      const mutations = plan.steps.filter((step) => traitsOf(step.kind).effect === 'mutation');
      for (const gate of gates) for (const step of mutations) expect(graph.isBefore(gate, step)).toBe(true);
    });
  });

  test('every mutation before the commit point has a compensation', () => {
    check((plan) => {
      const graph = forward(plan);
      const commit = plan.steps.find((step) => step.id === plan.commitStep);
      const compensated = new Set(plan.rollback.flatMap((step) => step.compensates));
      for (const step of plan.steps) {
        if (traitsOf(step.kind).effect !== 'mutation' || step === commit || !commit) continue;
        if (!graph.isBefore(step, commit) || keepsStandbyOut(plan, step)) continue;
        expect({ step: step.id, compensated: isCovered(plan, step, compensated) }).toEqual({
          step: step.id,
          compensated: true,
        });
      }
    });
  });

  test('stops run in exactly the reverse order of starts', () => {
    check((plan) => {
      const { startOrder, stopOrder, steps = [] } = policyOf(plan.runbook, plan.operation);
      // A step that the runbook puts into the middle adds an order of its own to one of the two.
      if (steps.length > 0) return;
      if (plan.mode === 'unplanned' || !isMove(plan) || startOrder || stopOrder || warmNames(plan).size > 0) return;
      const graph = forward(plan);
      const starts = graph.ofKind('start-workload');
      const stopOf = (step: PlanStep) =>
        graph.ofKind('stop-workload').find(({ workload }) => workload === step.workload);
      for (const first of starts) {
        for (const second of starts) {
          const [stopFirst, stopSecond] = [stopOf(first), stopOf(second)];
          if (!stopFirst || !stopSecond) throw new Error('a workload has no stop');
          expect(graph.isBefore(first, second)).toBe(graph.isBefore(stopSecond, stopFirst));
        }
      }
    });
  });

  test('in a rollback the old site starts only after the new one is fenced, and traffic returns only to what is healthy', () => {
    check((plan) => {
      const graph = new Graph(plan.rollback);
      for (const start of graph.ofKind('start-workload')) {
        if (start.input.epoch !== plan.epochs.rollback) continue;
        expect(
          graph.ofKind('fence-site').some((fence) => fence.site === plan.to && start.requires.includes(fence.id)),
        ).toBe(true);
      }
      const healthy = graph.ofKind('check-health').filter((step) => step.input.epoch === plan.epochs.rollback);
      for (const back of graph.ofKind('switch-traffic')) {
        for (const step of healthy) expect(back.requires).toContain(step.id);
      }
    });
  });
});

/** Reprotect stops and fences a standby that must not run: bringing it back would undo a protection, not a change. */
const keepsStandbyOut = (plan: RecoveryPlan, step: PlanStep): boolean =>
  (plan.operation === 'reprotect' && ['stop-workload', 'fence-site'].includes(step.kind)) ||
  // A final sync changes only the replica, which is then as good as before or better; the claim is what is compensated.
  ['sync', 'final-sync'].includes(step.kind);

function isCovered(plan: RecoveryPlan, step: PlanStep, compensated: ReadonlySet<string>): boolean {
  return (
    compensated.has(step.id) && plan.rollback.some((undo) => undo.compensates.includes(step.id) && undo.id !== step.id)
  );
}
