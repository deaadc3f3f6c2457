import type { TrafficProvider, TrafficSpec } from '../../../core/model/traffic';
import { recordBatches } from '../../../core/planning/record-batches';
import { compiled, inputFor } from './compiled';
import { parsedShop } from './shop';

const inZone = (hostedZoneId: string): TrafficProvider => ({ driver: 'route53', hostedZoneId });

const recordOf = (name: string, provider: TrafficProvider, more: Partial<TrafficSpec> = {}): TrafficSpec => ({
  ...{ name, type: 'A', ttlSeconds: 60, moveTtlSeconds: 5, provider },
  values: { primary: ['192.0.2.1'], recovery: ['192.0.2.2'] },
  ...more,
});

const namesOf = (records: readonly TrafficSpec[]): readonly (readonly string[])[] =>
  recordBatches(records).map((batch) => batch.map(({ name }) => name));

describe('records that move in one change', () => {
  test('are those of one zone, in the order of the runbook', () => {
    const records = [
      recordOf('a.test', inZone('Z1')),
      recordOf('b.test', { driver: 'memory' }),
      recordOf('c.test', inZone('Z2')),
      recordOf('d.test', inZone('Z1')),
      recordOf('e.test', { driver: 'memory' }),
    ];
    expect(namesOf(records)).toEqual([['a.test', 'd.test'], ['b.test'], ['c.test'], ['e.test']]);
  });

  test.each<[string, (index: number) => string, number]>([
    ['values', (index) => `192.0.2.${index}`, 4],
    ['characters', (index) => `${index}.${'x'.repeat(140)}.test`, 1],
  ])('are as many as one change takes in %s', (_, valueOf, most) => {
    const primary = Array.from({ length: 100 }, (_unused, index) => valueOf(index));
    const values = { primary, recovery: ['192.0.2.2'] };
    const records = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => recordOf(`${name}.test`, inZone('Z1'), { values }));
    const sizes = recordBatches(records).map((batch) => batch.length);
    expect(Math.max(...sizes)).toBe(most);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(records.length);
  });
});

describe('a plan with records in Route 53', () => {
  const targets = { primary: ['lb-a.test'], recovery: ['lb-b.test'] };
  const target = { hostedZoneId: 'Z9', evaluateTargetHealth: false };
  const traffic = [
    recordOf('a.test', inZone('Z1')),
    recordOf(
      'b.test',
      { driver: 'route53', hostedZoneId: 'Z1', alias: { primary: target, recovery: target } },
      { values: targets },
    ),
  ];
  const input = inputFor({ ...parsedShop(), traffic }, 'failover');
  const plan = compiled(input);

  test('says before anything is stopped that a record could not be moved', () => {
    const { observation } = input;
    const inTheWay = 'record "a.test" A: set "beta" has no health check';
    const records = { ...observation.records, 'a.test': { ...observation.records['a.test']!, inTheWay } };
    const { prechecks } = compiled({ ...input, observation: { ...observation, records } });
    expect(prechecks.find(({ code }) => code === 'RecordAsExpected')).toMatchObject({
      severity: 'error',
      saw: inTheWay,
    });
    expect(plan.prechecks.find(({ code }) => code === 'RecordAsExpected')).toMatchObject({ severity: 'ok' });
  });

  test('switches those of one zone in one step, and looks at each from outside', () => {
    const [switched, second] = plan.steps.filter(({ kind }) => kind === 'switch-traffic');
    expect(second).toBeUndefined();
    expect(switched).toMatchObject({
      id: 'switch-traffic/a.test@beta',
      title: 'lead a.test, b.test to beta',
      input: {
        expected: ['192.0.2.1'],
        next: ['192.0.2.2'],
        alsoMoves: [{ record: 'b.test', expected: ['lb-a.test'], next: ['lb-b.test'] }],
      },
    });
    const looks = plan.steps.filter(({ kind }) => kind === 'verify-traffic');
    expect(looks.map(({ record, dependsOn }) => [record, dependsOn])).toEqual([
      ['a.test', [switched?.id]],
      ['b.test', [switched?.id]],
    ]);
  });

  test('leads them back in one step as well', () => {
    const [back, second] = plan.rollback.filter(({ kind }) => kind === 'switch-traffic');
    expect(second).toBeUndefined();
    expect(back?.input).toMatchObject({
      next: ['192.0.2.1'],
      alsoMoves: [{ record: 'b.test', expected: ['lb-b.test'], next: ['lb-a.test'] }],
    });
  });

  test('changes no TTL of an alias', () => {
    const all = [...plan.steps, ...plan.rollback].filter(({ kind }) => kind === 'lower-ttl' || kind === 'restore-ttl');
    expect([...new Set(all.map(({ record }) => record))]).toEqual(['a.test']);
  });
});
