import type { StepState } from '../../../core/model/run';
import { drillFacts, wasHeld } from '../../../core/running/ended-drill';
import { compiled, inputFor } from '../planning/compiled';
import { parsedShop } from '../planning/shop';

const shop = parsedShop();
const { sites } = shop;
const copies = {
  primary: { ...sites.primary, drill: { address: '127.0.3.1' } },
  recovery: { ...sites.recovery, drill: { address: '127.0.4.1' } },
};
const plan = compiled(inputFor({ ...shop, sites: copies }, 'drill'));

const at = (second: number): string => new Date(Date.UTC(2026, 11, 5, 10, 0, second)).toISOString();
const done = (id: string, second: number, facts = {}): StepState => ({
  id,
  status: 'done',
  result: { summary: '', facts, startedAt: at(second), finishedAt: at(second + 1), attempt: 1, worker: 'w' },
});
const stateOf = (states: readonly StepState[]) => (id: string) => states.find((state) => state.id === id);

/** Every step is done, one a second. */
const all = plan.steps.map(({ id, kind }, second) =>
  done(id, second, kind === 'copy-for-drill' ? { copy: { asOf: at(0) } } : {}),
);
const secondOf = (kind: string): readonly number[] =>
  plan.steps.flatMap((step, second) => (step.kind === kind ? [second] : []));

test('a complete drill: where, from what, and how long until the copy was healthy', () => {
  const healthy = Math.max(...secondOf('check-health')) + 1 - Math.min(...secondOf('prepare-drill'));
  expect(drillFacts(plan, stateOf(all))).toEqual({
    site: copies[plan.to].name,
    healthySeconds: healthy,
    data: [{ volume: 'orders', asOf: at(0) }],
    byHand: [],
  });
});

test('a copy of which one workload was never healthy was not healthy, and what was left out is named', () => {
  const [last = 0] = secondOf('check-health').slice(-1);
  const id = plan.steps[last]?.id ?? '';
  const states = all.map((state): StepState => (state.id === id ? { id, status: 'skipped' } : state));
  const facts = drillFacts(plan, stateOf(states));
  expect(facts.healthySeconds).toBeUndefined();
  expect(facts.byHand).toEqual([id]);
});

test.each([
  ['a strange fact', { copy: 'all' }],
  ['no fact', {}],
])('data as of nobody knows when, with %s', (_, facts) => {
  const [copy = 0] = secondOf('copy-for-drill');
  const states = all.map((state, second) => (second === copy ? done(state.id, second, facts) : state));
  expect(drillFacts(plan, stateOf(states)).data).toEqual([{ volume: 'orders' }]);
});

describe('whether there is something to attest', () => {
  const looked = all.slice(0, Math.min(...secondOf('prepare-drill')));
  test.each([
    ['completed', 'completed', all, true],
    ['rolled back after its first step', 'rolled-back', all.slice(0, looked.length + 1), true],
    ['rolled back before its first step', 'rolled-back', looked, false],
    ['aborted while its copy was made', 'aborted', all.slice(0, looked.length + 1), true],
    ['declined', 'declined', looked, false],
    ['refused', 'refused', [], false],
  ] as const)('%s', (_, verdict, states, held) => {
    expect(wasHeld(plan, stateOf(states), verdict)).toBe(held);
  });
});
