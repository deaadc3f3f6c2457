import type { FaultTrial, WrongEndCode } from '../../../core/model/fault-trial';
import type { PlanStep, RecoveryPlan } from '../../../core/model/plan';
import type { Runbook } from '../../../core/model/runbook';
import { parseRunbook } from '../../../core/runbook/parse-runbook';
import { runbookTrials } from '../../../simulation/runbook-trials';
import { scenes } from '../../../simulation/scenes';
import { SimulatedRun } from '../../../simulation/simulated-run';
import { Watch } from '../../../simulation/watch';
import { parsedShop } from '../planning/shop';
import { stringify } from 'yaml';
import { writtenShop } from './written-shop';

/** What is planted into every plan that is compiled. */
let mockPlant = (plan: RecoveryPlan): RecoveryPlan => plan;
jest.mock('../../../core/planning/compile-plan', () => {
  const actual = jest.requireActual<typeof import('../../../core/planning/compile-plan')>(
    '../../../core/planning/compile-plan',
  );
  return {
    ...actual,
    compilePlan: (...args: Parameters<typeof actual.compilePlan>) => mockPlant(actual.compilePlan(...args)),
  };
});
afterEach(() => (mockPlant = (plan) => plan));

async function trialsOf(runbook: Runbook, operation: 'failover' | 'failback' = 'failover'): Promise<FaultTrial[]> {
  const trials: FaultTrial[] = [];
  for await (const news of runbookTrials(runbook, [operation])) if (news.kind === 'trial') trials.push(news.trial);
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
  expect(found(await trialsOf(parsedShop()))).toContain(`${code} ${subject}`);
});

test('a rollback in which everything waits for one compensation is found', async () => {
  mockPlant = (plan) => {
    const [first] = plan.rollback;
    const rollback = plan.rollback.map((step) =>
      step === first
        ? step
        : { ...step, requires: [...step.requires, first!.id], dependsOn: [...step.dependsOn, first!.id] },
    );
    return { ...plan, rollback };
  };
  const wrong = (await trialsOf(parsedShop())).filter(({ fault }) => fault?.during === 'rollback');
  expect(found(wrong)).toContain('RollbackStopped undo/resume-replication/shop');
});

test('data that flows onto what is in use is found, whatever driver let it', async () => {
  const lab = await scenes.plannedFailover.open(parsedShop());
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
  expect(() => watch.look('sync')).toThrow(
    expect.objectContaining({
      code: 'NewerDataLost',
      subject: 'orders',
      message: expect.stringContaining('after sync: '),
    }),
  );
});

const shopWith = (operations: object): Runbook => {
  const parsed = parseRunbook(stringify({ ...writtenShop(), operations }), 'shop.yaml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
  return parsed.runbook;
};

const freeze = { name: 'freeze', before: { phase: 'prepare' }, command: ['/opt/freeze', 'on'] };
const thaw = { command: ['/opt/freeze', 'off'] };
const look = { name: 'look', before: { phase: 'traffic' }, manual: { instructions: 'Look at it.' } };

describe('in a runbook', () => {
  test('a hook without an inverse is found by every fault after it, and by none before', async () => {
    const trials = await trialsOf(shopWith({ failover: { steps: [{ ...freeze, mode: 'planned' }] } }));
    const planned = trials.filter(({ scene }) => scene === 'planned failover');
    const { plan } = await SimulatedRun.begin(
      await scenes.plannedFailover.open(shopWith({ failover: { steps: [freeze] } })),
      { operation: 'failover' },
    );
    const order = plan.steps.map(({ id }) => id);
    const at = order.indexOf('run-command/freeze@beta');
    expect(at).toBeGreaterThan(0);
    for (const { fault, end, wrong } of planned) {
      const index = fault?.during === 'run' ? order.indexOf(fault.step) : -1;
      const done = index > at || (index === at && fault?.moment === 'after');
      const expected = done && end === 'rolled-back' ? ['NotUndone run-command/freeze@beta'] : [];
      expect({ fault, wrong: wrong.map(({ code, subject }) => `${code} ${subject}`) }).toEqual({
        fault,
        wrong: expected,
      });
    }
    expect(found(trials.filter((trial) => !planned.includes(trial)))).toEqual([]);
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
    const trials = await trialsOf(shopWith({ failover: { steps: [{ ...freeze, inverse: thaw, site: 'alpha' }] } }));
    expect(trials.flatMap(({ scene, wrong }) => wrong.map((one) => ({ scene, ...one })))).toEqual([
      {
        scene: 'unplanned failover of a lost site',
        code: 'NotCompleted',
        subject: 'run-command/freeze@alpha',
        saw: expect.stringContaining('alpha is lost'),
        fix: 'It runs at alpha, which is lost then: give it the other `site`, or `mode: planned`.',
      },
    ]);
  });

  test('an inverse that cannot run where the site is lost is found', async () => {
    const step = { ...freeze, command: undefined, webhook: { urlFrom: 'FREEZE_URL' }, inverse: thaw, site: 'alpha' };
    const trials = await trialsOf(shopWith({ failover: { steps: [step] } }));
    const wrong = trials.filter(({ wrong: [first] }) => first?.code === 'RollbackStopped');
    expect(new Set(wrong.map(({ scene, end }) => `${scene}: ${end}`))).toEqual(
      new Set(['unplanned failover of a lost site: rollback-incomplete']),
    );
  });

  test('a check of a workload that passes only after traffic has moved is found', async () => {
    const written = writtenShop();
    const dns = { name: 'leads to alpha', dns: { name: 'shop.example.test', expect: ['127.0.1.1'] } };
    const workloads = written.workloads.map((one, index) => (index === 0 ? { ...one, checks: [dns] } : one));
    const parsed = parseRunbook(stringify({ ...written, workloads }), 'shop.yaml');
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
    const [first] = await trialsOf(parsed.runbook, 'failback');
    expect(first?.wrong).toMatchObject([{ code: 'NotCompleted', saw: expect.stringContaining('leads to alpha') }]);
  });
});
