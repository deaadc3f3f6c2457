import fc from 'fast-check';
import type { PlanStep } from '../../../core/model/plan';
import type { StepResult } from '../../../core/model/run';
import { requiresAll, StepGraph } from '../../../core/running/step-graph';

const now = '2026-11-21T10:00:00.000Z';
const result: StepResult = { summary: '', facts: {}, startedAt: now, finishedAt: now, attempt: 1, worker: 'test' };
const error = { code: 'StepFailed', message: 'broken', attempts: 1 };

const step = (id: string, ...dependsOn: string[]): PlanStep => ({
  id,
  kind: 'barrier',
  title: id,
  segment: 's',
  dependsOn,
  input: {},
});
const graphOf = (...steps: PlanStep[]) => new StepGraph(steps, { requiresOf: requiresAll });
const stepNamed = (steps: readonly PlanStep[], id: string) => steps.find((one) => one.id === id) ?? step(id);
const idsOf = (steps: readonly PlanStep[]) => steps.map(({ id }) => id);

describe('StepGraph', () => {
  test('a step is ready the moment that its last dependency is done, and not before', () => {
    const graph = graphOf(step('a'), step('b'), step('c', 'a', 'b'));
    expect(idsOf(graph.take(9, now))).toEqual(['a', 'b']);
    graph.succeed('a', result);
    expect(graph.take(9, now)).toEqual([]);
    graph.succeed('b', result);
    expect(idsOf(graph.take(9, now))).toEqual(['c']);
  });

  test('no more than the limit are taken, and each only once', () => {
    const graph = graphOf(step('a'), step('b'), step('c'));
    expect(idsOf(graph.take(2, now))).toEqual(['a', 'b']);
    expect(idsOf(graph.take(2, now))).toEqual(['c']);
    expect(graph.take(2, now)).toEqual([]);
  });

  test('a failed step holds up what requires it and nothing else', () => {
    const graph = graphOf(step('a'), step('b', 'a'), step('c'), step('d', 'c'));
    graph.take(9, now);
    graph.fail('a', error);
    graph.succeed('c', result);
    expect(idsOf(graph.take(9, now))).toEqual(['d']);
    expect(graph.complete).toBe(false);
  });

  test('a failed step that is retried and done releases what requires it', () => {
    const graph = graphOf(step('a'), step('b', 'a'));
    graph.take(9, now);
    graph.fail('a', error);
    graph.reopen('a');
    expect(idsOf(graph.take(9, now))).toEqual(['a']);
    graph.succeed('a', result);
    expect(idsOf(graph.take(9, now))).toEqual(['b']);
    graph.succeed('b', result);
    expect(graph.complete).toBe(true);
  });

  test('only a failed or cancelled step can be reopened', () => {
    const graph = graphOf(step('a'));
    graph.take(9, now);
    graph.succeed('a', result);
    graph.reopen('a');
    expect(graph.stateOf('a').status).toBe('done');
  });

  test.each(['skipped', 'marked-done'] as const)('a failed step that is %s counts as satisfied', (status) => {
    const graph = graphOf(step('a'), step('b', 'a'));
    graph.take(9, now);
    graph.fail('a', error);
    graph.pass('a', status);
    expect(idsOf(graph.take(9, now))).toEqual(['b']);
  });

  test('a dependency that is not required only has to end: a failed compensation stops nothing else', () => {
    const steps = [step('a'), step('b', 'a'), step('c', 'a')];
    const graph = new StepGraph(steps, { requiresOf: ({ id }) => (id === 'c' ? ['a'] : []) });
    graph.take(9, now);
    graph.fail('a', error);
    expect(idsOf(graph.take(9, now))).toEqual(['b']);
    graph.succeed('b', result);
    expect(graph.exhausted).toBe(true);
    expect(graph.stateOf('c').status).toBe('pending');
  });

  test('what cannot start because of a failure holds up nothing that can do without it, however far away', () => {
    const steps = [step('a'), step('b', 'a'), step('c', 'b'), step('d', 'c')];
    const graph = new StepGraph(steps, {
      requiresOf: ({ id }) => (id === 'd' ? [] : requiresAll(stepNamed(steps, id))),
    });
    graph.take(9, now);
    graph.fail('a', error);
    expect(idsOf(graph.take(9, now))).toEqual(['d']);
    graph.succeed('d', result);
    expect(graph.exhausted).toBe(true);
    expect(graph.complete).toBe(false);
    expect(graph.withStatus('pending').map(({ id }) => id)).toEqual(['b', 'c']);
  });

  test('a failed step that is reopened holds up again what comes after it', () => {
    const steps = [step('a'), step('b', 'a'), step('c', 'b')];
    const graph = new StepGraph(steps, {
      requiresOf: ({ id }) => (id === 'c' ? [] : requiresAll(stepNamed(steps, id))),
    });
    graph.take(9, now);
    graph.fail('a', error);
    graph.reopen('a');
    expect(idsOf(graph.take(9, now))).toEqual(['a']);
    graph.succeed('a', result);
    expect(idsOf(graph.take(9, now))).toEqual(['b']);
    graph.succeed('b', result);
    expect(idsOf(graph.take(9, now))).toEqual(['c']);
  });

  test('seeded steps are done before anything starts', () => {
    const graph = graphOf(step('a'), step('b', 'a'));
    graph.seed([
      { id: 'a', status: 'done', result },
      { id: 'b', status: 'running' },
      { id: 'unknown', status: 'done' },
    ]);
    expect(idsOf(graph.take(9, now))).toEqual(['b']);
  });

  test('an unknown step is named', () => {
    expect(() => graphOf(step('a')).stateOf('b')).toThrow('no step "b"');
  });

  test('any graph is walked to the end in an order that respects it, whatever fails on the way and is retried', () => {
    const graphs = fc
      .integer({ min: 1, max: 25 })
      .chain((size) =>
        fc.tuple(
          fc.constant(size),
          fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 60 }),
          fc.array(fc.boolean(), { minLength: 200, maxLength: 200 }),
          fc.integer({ min: 1, max: 6 }),
        ),
      );
    fc.assert(
      fc.property(graphs, ([size, edges, failures, limit]) => {
        const steps = Array.from({ length: size }, (_, index) =>
          step(
            `${index}`,
            ...new Set(edges.filter(([to, from]) => to === index && from < index).map(([, from]) => `${from}`)),
          ),
        );
        const graph = graphOf(...steps);
        const done = new Set<string>();
        const running: string[] = [];
        for (let turn = 0; !graph.complete; turn += 1) {
          for (const taken of graph.take(limit - running.length, now)) {
            for (const id of taken.dependsOn) expect(done).toContain(id);
            running.push(taken.id);
          }
          expect(running.length).toBeLessThanOrEqual(limit);
          const id = running.shift();
          if (id === undefined) throw new Error('nothing can start, and it is not complete');
          if (failures[turn] === true) {
            graph.fail(id, error);
            graph.reopen(id);
          } else {
            graph.succeed(id, result);
            done.add(id);
          }
        }
        expect(done.size).toBe(size);
      }),
      { numRuns: 200 },
    );
  });
});
