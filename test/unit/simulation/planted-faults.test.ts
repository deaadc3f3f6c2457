import type { FaultTrial, WrongEndCode } from '../../../core/model/fault-trial';
import type { PlanStep, RecoveryPlan } from '../../../core/model/plan';
import type { Runbook } from '../../../core/model/runbook';
import type * as CompilePlan from '../../../core/planning/compile-plan';
import { parseRunbook } from '../../../core/runbook/parse-runbook';
import { sceneTrials } from '../../../simulation/runbook-trials';
import { scenes, type Scene } from '../../../simulation/scenes';
import { SimulatedRun } from '../../../simulation/simulated-run';
import { Watch } from '../../../simulation/watch';
import { stringify } from 'yaml';
import { writtenShop } from './written-shop';

// Some of them make a hundred trials.
jest.setTimeout(600_000);

/** What is planted into every plan that is compiled. */
let mockPlant = (plan: RecoveryPlan): RecoveryPlan => plan;
jest.mock('../../../core/planning/compile-plan', () => {
  const actual = jest.requireActual<typeof CompilePlan>('../../../core/planning/compile-plan');
  return {
    ...actual,
    compilePlan: (...args: Parameters<typeof actual.compilePlan>) => mockPlant(actual.compilePlan(...args)),
  };
});
afterEach(() => (mockPlant = (plan) => plan));

async function trialsOf(runbook: Runbook, scene: Scene = scenes.plannedFailover): Promise<FaultTrial[]> {
  const trials: FaultTrial[] = [];
  for await (const news of sceneTrials(runbook, scene)) if (news.kind === 'trial') trials.push(news.trial);
  return trials;
}

const found = (trials: readonly FaultTrial[]) =>
  trials.flatMap(({ wrong }) => wrong.map(({ code, subject }) => `${code} ${subject}`));

/** The plan with steps that do nothing in place of these: an order is not lost with them. */
const without =
  (...ids: readonly RegExp[]) =>
  (plan: RecoveryPlan): RecoveryPlan => {
    const idle = <Step extends PlanStep>(step: Step): Step =>
      ids.some((id) => id.test(step.id)) ? { ...step, kind: 'barrier' } : step;
    return { ...plan, steps: plan.steps.map(idle), rollback: plan.rollback.map(idle) };
  };

const planted: readonly (readonly [string, (plan: RecoveryPlan) => RecoveryPlan, WrongEndCode, string])[] = [
  [
    'a plan that neither stops nor fences the old site',
    without(/^stop-workload/, /^fence-site/),
    'TwoActive',
    'ledger',
  ],
  ['a plan that does not bring the last writes', without(/^final-sync/), 'UnprovenData', 'orders'],
  ['a plan that hands the data to nobody', without(/^claim-volume/), 'UnprovenData', 'orders'],
  [
    'a plan that leads customers to what does not run',
    without(/^(start-workload|check-health)\/web/),
    'UnhealthyTraffic',
    'shop.example.test',
  ],
  ['a plan that leaves the short TTL', without(/^restore-ttl/), 'NotAsDesigned', 'shop.example.test'],
  ['a rollback that starts nothing again', without(/^undo\/(start-workload|check-health)/), 'NotAsBefore', 'ledger'],
  ['a rollback that leaves the short TTL', without(/^undo\/restore-ttl/), 'NotAsBefore', 'shop.example.test'],
  ['a rollback that leaves replication paused', without(/^undo\/resume-replication/), 'NotAsBefore', 'replication'],
];

test.each(planted)('%s is found', async (_title, plant, code, subject) => {
  mockPlant = plant;
  expect(found(await trialsOf(shopWith({})))).toContain(`${code} ${subject}`);
});

test('data that flows onto what is in use is found, whatever driver let it', async () => {
  const lab = await scenes.plannedFailover.open(shopWith({}));
  const { plan } = await SimulatedRun.begin(lab, scenes.plannedFailover.start);
  const watch = new Watch(lab, plan);
  // No in-memory site would do it.
  (lab.world.journal as object[]).push({
    method: 'sync',
    site: 'alpha',
    target: 'orders',
    epoch: 1,
    operationKey: 'x',
  });
  const expected: object = {
    code: 'NewerDataLost',
    subject: 'orders',
    message: expect.stringMatching(/^after sync: /),
  };
  expect(() => watch.look('sync')).toThrow(expect.objectContaining(expected) as Error);
});

/** The shop with two of its three services: a plan of half the steps. */
function shopWith(operations: object, changes: object = {}): Runbook {
  const [ledger, , web] = writtenShop().workloads;
  const workloads = [ledger, { ...web, dependsOn: ['ledger'] }];
  const parsed = parseRunbook(stringify({ ...writtenShop(), workloads, ...changes, operations }), 'shop.yaml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
  return parsed.runbook;
}

const freeze = { name: 'freeze', before: { phase: 'prepare' }, command: ['/opt/freeze', 'on'] };
const thaw = { command: ['/opt/freeze', 'off'] };
const look = { name: 'look', before: { phase: 'traffic' }, manual: { instructions: 'Look at it.' } };

describe('in a runbook', () => {
  test('a hook without an inverse is found by every fault after it, and by none before', async () => {
    const runbook = shopWith({ failover: { steps: [freeze] } });
    const opened = await scenes.plannedFailover.open(runbook);
    const { plan } = await SimulatedRun.begin(opened, scenes.plannedFailover.start);
    const order = plan.steps.map(({ id }) => id);
    const at = order.indexOf('run-command/freeze@beta');
    expect(at).toBeGreaterThan(0);
    for (const { fault, end, wrong } of await trialsOf(runbook)) {
      const index = fault?.during === 'run' ? order.indexOf(fault.step) : -1;
      const done = index > at || (index === at && fault?.moment === 'after');
      const expected = done && end === 'rolled-back' ? ['NotUndone run-command/freeze@beta'] : [];
      expect({ fault, wrong: wrong.map(({ code, subject }) => `${code} ${subject}`) }).toEqual({
        fault,
        wrong: expected,
      });
    }
  });

  test('a manual step without an inverse is found', async () => {
    const [first] = (await trialsOf(shopWith({ failover: { steps: [look] } }))).flatMap(({ wrong }) => wrong);
    expect(first).toMatchObject({
      code: 'NotUndone',
      subject: 'manual-step/look',
      fix: expect.stringContaining('nobody is asked'),
    });
  });

  test.each([
    ['a hook with an inverse', { ...freeze, inverse: thaw }],
    ['a hook whose work may stay done', { ...freeze, mayStay: true }],
    ['a hook after the commit point', { ...freeze, before: undefined, after: { phase: 'commit' } }],
    ['a manual step with an inverse', { ...look, inverse: thaw }],
    ['a hook that may fail', { ...freeze, onFailure: 'continue', inverse: thaw }],
  ])('%s is no fault', async (_title, step) => {
    expect(found(await trialsOf(shopWith({ failover: { steps: [step] } })))).toEqual([]);
  });

  test('what the runbook lets be left out is left out, and the run goes on', async () => {
    const trials = await trialsOf(
      shopWith({ failover: { steps: [{ ...freeze, onFailure: 'continue', inverse: thaw }] } }),
    );
    const ends = trials.filter(({ fault }) => fault?.step === 'run-command/freeze@beta').map(({ end }) => end);
    expect(new Set(ends)).toEqual(new Set(['completed-with-issues']));
  });

  test('a command at the site that is lost is found, with the two ways to mend it', async () => {
    const runbook = shopWith({ failover: { steps: [{ ...freeze, inverse: thaw, site: 'alpha' }] } });
    const wrong = [
      { code: 'NotCompleted', subject: 'run-command/freeze@alpha', saw: expect.stringContaining('alpha is lost') },
    ];
    expect(await trialsOf(runbook, scenes.failoverOfLostSite)).toMatchObject([{ end: 'stuck', wrong }]);
    const [{ wrong: [{ fix } = {}] = [] } = {}] = await trialsOf(runbook, scenes.failoverOfLostSite);
    expect(fix).toBe('It runs at alpha, which is lost then: give it the other `site`, or `mode: planned`.');
    expect(await trialsOf(runbook, scenes.reprotectOfLostSite)).toMatchObject([
      {
        end: 'stuck',
        wrong: [{ code: 'NotCompleted', saw: expect.stringContaining('it cannot begin: failover failed') }],
      },
    ]);
    expect(found(await trialsOf(runbook))).toEqual([]);
  });

  test('an inverse that cannot run where the site is lost is found', async () => {
    const step = { ...freeze, command: undefined, webhook: { urlFrom: 'FREEZE_URL' }, inverse: thaw, site: 'alpha' };
    const runbook = shopWith({ failover: { steps: [step] } });
    const wrong = (await trialsOf(runbook, scenes.failoverOfLostSite)).filter(({ wrong: [one] }) => one !== undefined);
    expect(wrong.length).toBeGreaterThan(5);
    for (const one of wrong) {
      const expected = { code: 'RollbackStopped', subject: 'undo/run-command/freeze@alpha' };
      expect(one).toMatchObject({ end: 'rollback-incomplete', wrong: [expected] });
    }
  });

  test('a check of a workload that passes only after traffic has moved is found', async () => {
    const dns = { name: 'leads to beta', dns: { name: 'shop.example.test', expect: ['127.0.2.1'] } };
    const [ledger, , web] = writtenShop().workloads;
    const workloads = [
      { ...ledger, checks: [dns] },
      { ...web, dependsOn: ['ledger'] },
    ];
    const [first] = await trialsOf(shopWith({}, { workloads }));
    expect(first?.wrong).toMatchObject([
      {
        code: 'NotCompleted',
        subject: 'check-health/ledger@beta',
        saw: expect.stringContaining('"leads to beta" did not pass'),
      },
    ]);
  });
});
