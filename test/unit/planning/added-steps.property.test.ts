import fc from 'fast-check';
import type { AddedStep } from '../../../core/model/added-step';
import { policyOf } from '../../../core/model/operation-policy';
import type { PlanStep, RecoveryPlan } from '../../../core/model/plan';
import type { Runbook } from '../../../core/model/runbook';
import type { CompileInput } from '../../../core/planning/compile-plan';
import { arbitraryInput, compiled } from './compiled';
import { forward, Graph } from './graph';

const isAdded = ({ kind }: PlanStep): boolean => ['run-command', 'call-webhook', 'manual-step'].includes(kind);

function withoutSteps({ operations, ...runbook }: Runbook): Runbook {
  const bare = Object.entries(operations).map(([name, { steps: _steps, ...policy }]) => [name, policy]);
  return { ...runbook, operations: Object.fromEntries(bare) as Runbook['operations'] };
}

const bareOf = (input: CompileInput): RecoveryPlan => compiled({ ...input, runbook: withoutSteps(input.runbook) });

const nameOf = ({ id, input }: PlanStep): string => input.manual?.name ?? /\/([^@]+)/.exec(id)?.[1] ?? '';

function addedIn(plan: RecoveryPlan): readonly (AddedStep & { readonly step: PlanStep })[] {
  const { steps = [] } = policyOf(plan.runbook, plan.operation);
  return steps.flatMap((added) => {
    const step = plan.steps.find((one) => isAdded(one) && nameOf(one) === added.name);
    return step ? [{ ...added, step }] : [];
  });
}

/** What the operation itself does at the place. */
function place(plan: RecoveryPlan, { place: { phase, priority, workload } }: AddedStep): readonly PlanStep[] {
  const there = plan.segments.filter(
    (one) => one.phase === phase && (priority === undefined || one.priority === priority),
  );
  const ids = there.map(({ id }) => id);
  return plan.steps.filter(
    (step) =>
      ids.includes(step.segment) &&
      !isAdded(step) &&
      step.kind !== 'barrier' &&
      (workload === undefined || step.workload === workload),
  );
}

const check = (rule: (plan: RecoveryPlan, input: CompileInput) => void): void => {
  fc.assert(
    fc.property(arbitraryInput, (input) => rule(compiled(input), input)),
    { numRuns: 150 },
  );
};

const samePlace = ({ place: one }: AddedStep, { place: other }: AddedStep): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

describe('steps that a runbook adds', () => {
  test('are all in the plan, but those of the other mode', () => {
    check((plan) => {
      const { steps = [] } = policyOf(plan.runbook, plan.operation);
      const wanted = steps.filter(({ mode }) => mode === undefined || mode === plan.mode);
      expect(addedIn(plan).map(({ name }) => name)).toEqual(wanted.map(({ name }) => name));
    });
  });

  test('end before everything at their place starts, or start after it has ended', () => {
    check((plan) => {
      const graph = forward(plan);
      for (const added of addedIn(plan)) {
        for (const step of place(plan, added)) {
          const [first, second] = added.place.moment === 'before' ? [added.step, step] : [step, added.step];
          expect({ first: first.id, second: second.id, inOrder: graph.isBefore(first, second) }).toMatchObject({
            inOrder: true,
          });
        }
      }
    });
  });

  test('hold up what comes after their place', () => {
    check((plan, input) => {
      const [graph, bare] = [forward(plan), forward(bareOf(input))];
      for (const added of addedIn(plan).filter((one) => one.place.moment === 'after')) {
        const there = new Set(place(plan, added).map(({ id }) => id));
        const next = bare.steps.filter(
          ({ id }) => !there.has(id) && there.size > 0 && [...there].every((one) => bare.ancestors(id).has(one)),
        );
        for (const step of next) expect(graph.ancestors(step.id)).toContain(added.step.id);
      }
    });
  });

  test('come in the order of the runbook where they share a place', () => {
    check((plan) => {
      const [graph, added] = [forward(plan), addedIn(plan)];
      added.forEach((first, index) => {
        for (const second of added.slice(index + 1).filter((other) => samePlace(first, other))) {
          expect(graph.isBefore(first.step, second.step)).toBe(true);
        }
      });
    });
  });

  test('come after every gate, and before the commit unless their place does not', () => {
    check((plan) => {
      const graph = forward(plan);
      const [commit] = graph.ofKind('commit');
      for (const { step, place: where } of addedIn(plan)) {
        for (const gate of graph.ofKind('approval', 'window')) expect(graph.isBefore(gate, step)).toBe(true);
        const late =
          ['replicate', 'finish'].includes(where.phase) || (where.phase === 'commit' && where.moment === 'after');
        expect(commit && graph.isBefore(late ? commit : step, late ? step : commit)).toBe(true);
      }
    });
  });

  test('take no order from the operation itself, neither of the plan nor of its rollback', () => {
    check((plan, input) => {
      const bare = bareOf(input);
      for (const which of ['steps', 'rollback'] as const) {
        const [before, now] = [new Graph<PlanStep>(bare[which]), new Graph<PlanStep>(plan[which])];
        for (const { id } of bare[which]) {
          expect([...before.ancestors(id)].filter((earlier) => !now.ancestors(id).has(earlier))).toEqual([]);
        }
      }
    });
  });

  test('with an inverse are undone after what came after them, and before what came before them where nothing is against it', () => {
    check((plan) => {
      const [graph, back] = [forward(plan), new Graph(plan.rollback)];
      for (const { step, inverse } of addedIn(plan)) {
        const undo = plan.rollback.filter(({ compensates }) => compensates.includes(step.id));
        expect(undo).toHaveLength(inverse ? 1 : 0);
        const [own] = undo;
        if (own === undefined) continue;
        for (const other of plan.rollback.filter((one) => one !== own)) {
          const later = other.compensates.some((id) => graph.ancestors(id).has(step.id));
          const sooner = other.compensates.every((id) => graph.ancestors(step.id).has(id));
          if (later) expect(back.ancestors(own.id)).toContain(other.id);
          else if (sooner && !back.ancestors(own.id).has(other.id)) {
            expect(back.ancestors(other.id)).toContain(own.id);
          }
        }
      }
    });
  });
});

test.each([1, 2, 3])(
  'the steps of a phase enclose those of a workload in it, also when it has only %i of them',
  (count) => {
    const plannedFailover = arbitraryInput.filter(
      ({ operation, mode, runbook }) =>
        operation === 'failover' && mode === 'planned' && runbook.workloads.length === count,
    );
    for (const input of fc.sample(plannedFailover, 3)) {
      const workload = input.runbook.workloads[0]?.name ?? '';
      const at = (name: string, moment: 'before' | 'after', part: object): AddedStep => ({
        name,
        place: { moment, phase: 'start', ...part },
        action: { kind: 'webhook', urlFrom: 'URL', timeoutSeconds: 1 },
        onFailure: 'fail',
      });
      const steps = [
        at('outer-end', 'after', {}),
        at('inner-end', 'after', { workload }),
        at('outer-begin', 'before', {}),
        at('inner-begin', 'before', { workload }),
      ];
      const { operations } = input.runbook;
      const failover = { ...operations.failover, strategy: 'cold' as const, steps };
      const runbook = { ...input.runbook, operations: { ...operations, failover } };
      const graph = forward(compiled({ ...input, runbook }));
      const order = ['outer-begin', 'inner-begin', 'inner-end', 'outer-end'].map((name) => `call-webhook/${name}`);
      order.slice(1).forEach((id, index) => expect(graph.ancestors(id)).toContain(order[index]));
    }
  },
);
