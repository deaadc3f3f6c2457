import fc from 'fast-check';
import type { PlanStep } from '../../../core/model/plan';
import { traitsOf } from '../../../core/model/step-kinds';
import { partition } from '../../../core/running/partition';
import { inTopologicalOrder } from '../../../core/planning/critical-path';
import { arbitraryPlan } from '../planning/compiled';

const chain = (group: number, member: number): PlanStep[] =>
  ['stop', 'sync', 'start', 'check'].map((part, index, parts) => ({
    id: `${part}/${group}-${member}`,
    kind: 'sync',
    title: part,
    segment: `group-${group}`,
    dependsOn: [
      ...(index > 0 ? [`${parts[index - 1]}/${group}-${member}`] : []),
      ...(index === 0 && group > 0 ? [`barrier/${group - 1}`] : []),
    ],
    input: {},
  }));

const groups = (count: number, members: number): PlanStep[] =>
  Array.from({ length: count }, (_, group) => {
    const steps = Array.from({ length: members }, (_unused, member) => chain(group, member)).flat();
    const barrier: PlanStep = {
      id: `barrier/${group}`,
      kind: 'barrier',
      title: 'barrier',
      segment: `group-${group}`,
      dependsOn: steps.filter(({ title }) => title === 'check').map(({ id }) => id),
      input: {},
    };
    return [...steps, barrier];
  }).flat();

describe('partition', () => {
  test('1,000 workloads of 4 steps become batches under the limit, in which a workload is never torn apart', () => {
    const { batches, single } = partition(groups(10, 100), 400);
    expect(batches).toHaveLength(10);
    for (const batch of batches) expect(batch.steps).toHaveLength(400);
    expect(single.map(({ kind }) => kind)).toEqual(Array(10).fill('barrier'));
    expect(batches[1]?.dependsOn).toEqual(['barrier/0']);
  });

  test('a segment larger than the limit becomes several batches', () => {
    const { batches } = partition(groups(1, 250), 400);
    expect(batches.map(({ steps }) => steps.length)).toEqual([400, 400, 200]);
  });

  test('no step that only the run can perform is in a batch, however many there are', () => {
    const gates = Array.from({ length: 25 }, (_, index): PlanStep => ({
      id: `approval/${index}`,
      kind: 'approval',
      title: 'Go ahead?',
      segment: 'gates',
      dependsOn: index === 0 ? [] : [`approval/${index - 1}`],
      input: {},
    }));
    const { batches, single } = partition(gates, 400);
    expect(batches).toEqual([]);
    expect(single).toEqual(gates);
  });

  test('a wait in the middle of a segment stays with the run, and no batch waits for itself', () => {
    const before = chain(0, 0);
    const wait: PlanStep = { ...chain(0, 1)[0]!, id: 'wait', kind: 'wait-ttl', dependsOn: [before[3]!.id] };
    const after = groups(1, 10)
      .slice(4, 40)
      .map((step) => (step.dependsOn.length === 0 ? { ...step, dependsOn: ['wait', before[3]!.id] } : step));
    const { batches, single } = partition([...before, wait, ...after], 400);
    expect(single).toEqual([wait]);
    expect(batches.map(({ steps, dependsOn }) => [steps.length, dependsOn])).toEqual([
      [4, []],
      [36, ['wait', 'check/0-0']],
    ]);
  });

  test('what waits inside the workflow stays with the run, and so does a batch that would wait for itself because of it', () => {
    const manual: PlanStep = {
      id: 'manual-step/look',
      kind: 'manual-step',
      title: 'look',
      segment: 'group-1',
      dependsOn: ['check/0-0'],
      input: {},
    };
    // Between two workloads of the same batch, which nobody who looks at its segment alone can see.
    const held = groups(2, 20).map((step) =>
      step.id === 'stop/0-1' ? { ...step, dependsOn: [...step.dependsOn, manual.id] } : step,
    );
    const { batches, single } = partition([...held, manual], 400);
    expect(batches.map(({ id }) => id)).toEqual(['group-1/1']);
    expect(single.map(({ id }) => id)).toEqual(expect.arrayContaining(['manual-step/look', 'stop/0-1', 'check/0-19']));

    // At the end of the segment it stands in nobody's way.
    const after = { ...manual, dependsOn: ['check/0-0', 'check/0-1'] };
    expect(partition([...groups(2, 20), after], 400).batches.map(({ id }) => id)).toEqual(['group-0/1', 'group-1/1']);
  });

  test('every step of any plan is in exactly one place, and the batches have no cycle', () => {
    fc.assert(
      fc.property(arbitraryPlan, (plan) => {
        for (const steps of [plan.steps, plan.rollback]) {
          const { batches, single } = partition<PlanStep>(steps, 30);
          for (const { kind } of batches.flatMap((batch) => batch.steps))
            expect(traitsOf(kind).runs).not.toBe('workflow');
          const placed = [...single, ...batches.flatMap((batch) => batch.steps)].map(({ id }) => id);
          expect(placed.sort()).toEqual(steps.map(({ id }) => id).sort());
          const home = new Map(batches.flatMap((batch) => batch.steps.map(({ id }) => [id, batch.id] as const)));
          const lift = (ids: readonly string[]) => [...new Set(ids.map((id) => home.get(id) ?? id))];
          const nodes: PlanStep[] = [
            ...single.map((step) => ({ ...step, dependsOn: lift(step.dependsOn) })),
            ...batches.map(({ id, title, dependsOn }) => ({
              id,
              title,
              kind: 'barrier' as const,
              segment: id,
              dependsOn: lift(dependsOn),
              input: {},
            })),
          ];
          expect(inTopologicalOrder(nodes)).toHaveLength(nodes.length);
        }
      }),
      { numRuns: 150 },
    );
  });
});
