import type { PlanStep } from '../../../core/model/plan';
import type { StepKind } from '../../../core/model/step-kinds';
import type { TrafficSpec } from '../../../core/model/traffic';
import { compiled, inputFor } from './compiled';
import { forward } from './graph';
import { parsedShop } from './shop';

const recordOf = (name: string, ttlSeconds: number): TrafficSpec => ({
  ...{ name, type: 'A', ttlSeconds, moveTtlSeconds: 5, provider: { driver: 'memory' } },
  values: { primary: ['192.0.2.1'], recovery: ['192.0.2.2'] },
});
const traffic = [recordOf('a.test', 60), recordOf('b.test', 300)];
const input = inputFor({ ...parsedShop(), traffic }, 'failover');

/** The plan when the providers give these TTLs now. */
function planSeeing(ttls: Readonly<Record<string, number>>) {
  const records = Object.entries(input.observation.records).map(([name, seen]) => {
    return [name, { ...seen, ...(ttls[name] !== undefined && { ttlSeconds: ttls[name] }) }] as const;
  });
  return forward(compiled({ ...input, observation: { ...input.observation, records: Object.fromEntries(records) } }));
}

test('a TTL is lowered, the longest old one is waited for, traffic is switched, and the TTL is restored after the commit', () => {
  const graph = planSeeing({ 'a.test': 60, 'b.test': 300 });
  const [wait, ...others] = graph.ofKind('wait-ttl');
  expect(others).toEqual([]);
  expect(wait?.input.seconds).toBe(300);
  const lowered = graph.ofKind('lower-ttl');
  expect(lowered.map(({ record, input: { ttlSeconds } }) => [record, ttlSeconds])).toEqual([
    ['a.test', 5],
    ['b.test', 5],
  ]);
  const restored = graph.ofKind('restore-ttl');
  expect(restored.map(({ record, input: { ttlSeconds } }) => [record, ttlSeconds])).toEqual([
    ['a.test', 60],
    ['b.test', 300],
  ]);
  const order = (kind: StepKind): readonly PlanStep[] => {
    const steps = graph.ofKind(kind);
    expect(steps.length).toBeGreaterThan(0);
    return steps;
  };
  const kinds: readonly StepKind[] = ['lower-ttl', 'wait-ttl', 'switch-traffic', 'commit', 'restore-ttl'];
  for (const [index, kind] of kinds.slice(1).entries()) {
    for (const later of order(kind)) {
      for (const earlier of order(kinds[index] ?? kind)) expect(graph.isBefore(earlier, later)).toBe(true);
    }
  }
});

test.each([
  ['as it is now, where somebody has changed it', { 'a.test': 3_600, 'b.test': 300 }, 3_600],
  ['as it is now, where an earlier run has left it low', { 'a.test': 5, 'b.test': 5 }, 5],
])('the old TTL is %s', (_what, ttls, seconds) => {
  expect(
    planSeeing(ttls)
      .ofKind('wait-ttl')
      .map(({ input: { seconds: of } }) => of),
  ).toEqual([seconds]);
});

test('the old TTL is that of the runbook, where the record was not seen', () => {
  const unseen = forward(compiled({ ...input, observation: { ...input.observation, records: {} } }));
  expect(unseen.ofKind('wait-ttl').map(({ input: { seconds } }) => seconds)).toEqual([300]);
});
