import type { LeftAs } from '../../../core/model/left-as';
import type { PlanStep, RecoveryPlan } from '../../../core/model/plan';
import type { StepState } from '../../../core/model/run';
import type { StepKind } from '../../../core/model/step-kinds';
import { leftLines } from '../../../core/running/left-as';
import { runbookChanges } from '../../../core/running/runbook-changes';
import { builtUpon } from '../../../core/running/still-done';
import { parsedShop } from '../planning/shop';

describe('what a continued run builds upon', () => {
  const step = (id: string, kind: StepKind, more: Partial<PlanStep> = {}): PlanStep => ({
    id,
    kind,
    title: id,
    segment: 's',
    site: 'primary',
    dependsOn: [],
    input: {},
    ...more,
  });
  const upon = (steps: readonly PlanStep[], others: readonly StepState[] = []): readonly string[] => {
    const done = steps.map(({ id }): [string, StepState] => [id, { id, status: 'done' }]);
    const known = new Map([...done, ...others.map((state): [string, StepState] => [state.id, state])]);
    return builtUpon({ steps } as unknown as RecoveryPlan, known).map(({ id }) => id);
  };
  const web = { workload: 'web' };
  const shop = { record: 'shop.example.test' };

  test.each<[string, readonly PlanStep[], readonly StepState[], readonly string[]]>([
    ['every done step that can be looked at', [step('a', 'stop-workload', web), step('b', 'final-sync')], [], ['a']],
    ['the last about a workload', [step('a', 'stop-workload', web), step('b', 'start-workload', web)], [], ['b']],
    [
      'each workload',
      [step('a', 'stop-workload', web), step('b', 'stop-workload', { workload: 'api' })],
      [],
      ['a', 'b'],
    ],
    ['the last about a fence', [step('a', 'fence-site'), step('b', 'unfence-site')], [], ['b']],
    ['each site', [step('a', 'fence-site'), step('b', 'unfence-site', { site: 'recovery' })], [], ['a', 'b']],
    [
      'the last about a record, whichever site changed it',
      [step('a', 'lower-ttl', shop), step('b', 'switch-traffic', { ...shop, site: 'recovery' })],
      [],
      ['b'],
    ],
    ['no fence that may be unconfirmed', [step('a', 'fence-site', { input: { allowUnconfirmed: true } })], [], []],
    ['nothing that was left out', [step('a', 'start-workload', web)], [{ id: 'a', status: 'skipped' }], []],
    ['nothing that is only claimed', [step('a', 'stop-workload', web)], [{ id: 'a', status: 'marked-done' }], []],
    ['nothing that has not ended', [step('a', 'stop-workload', web)], [{ id: 'a', status: 'running' }], []],
  ])('%s', (_, steps, others, expected) => {
    expect(upon(steps, others)).toEqual(expected);
  });
});

describe('what has changed in a runbook', () => {
  const shop = parsedShop();
  const [first, ...others] = shop.workloads;
  if (first === undefined) throw new Error('the shop has workloads');

  test('nothing, in the same one', () => {
    expect(runbookChanges(shop, structuredClone(shop))).toEqual([]);
  });

  test('a value, by the name of what it belongs to', () => {
    const after = { ...shop, workloads: [{ ...first, priority: 7 }, ...others] };
    expect(runbookChanges(shop, after)).toEqual([`workloads.${first.name}.priority: was ${first.priority}, is now 7`]);
  });

  test('a workload that is new, gone, or elsewhere in its list', () => {
    const added = { ...shop, workloads: [{ ...first, name: 'cache' }, ...shop.workloads] };
    expect(runbookChanges(shop, added)).toEqual(['workloads.cache: new']);
    expect(runbookChanges(added, shop)).toEqual(['workloads.cache: not there any more']);
    expect(runbookChanges(shop, { ...shop, workloads: [...others, first] })).toEqual(['workloads: in another order']);
  });

  test('the first few of many', () => {
    const after = {
      ...shop,
      workloads: shop.workloads.map((workload) => ({ ...workload, name: `${workload.name}-2` })),
    };
    const changes = runbookChanges(shop, {
      ...after,
      volumes: Array.from({ length: 9 }, (_, at) => ({ name: `v${at}` })),
    });
    expect(changes).toHaveLength(9);
    expect(changes.at(-1)).toMatch(/^and \d+ more$/);
  });
});

test('what runs where, of a site that does not answer as well', () => {
  const left: LeftAs = {
    observedAt: '2026-12-05T22:00:00.000Z',
    sites: [
      { role: 'primary', site: 'alpha', reachable: false, fencing: 'unconfirmed', workloads: [], volumes: [] },
      {
        role: 'recovery',
        site: 'beta',
        reachable: true,
        fencing: 'unfenced',
        epoch: 5,
        workloads: [
          ...Array.from({ length: 14 }, (_, at) => ({ name: `w${at}`, status: 'running' as const, epoch: 5 })),
          { name: 'odd', status: 'unknown' },
        ],
        volumes: [{ name: 'orders', role: 'active', epoch: 5 }],
      },
    ],
    records: [{ name: 'shop.example.test', values: ['127.0.2.1'] }],
  };
  expect(leftLines(left)).toEqual([
    'alpha (primary): does not answer; what runs there is not known',
    'beta (recovery): runs: w0, w1, w2, w3, w4, w5, w6, w7, w8, w9, w10, w11 and 2 more; stopped: nothing; unknown: odd; orders is active, epoch 5; unfenced, epoch 5 and higher may write',
    'shop.example.test leads to 127.0.2.1',
  ]);
});
