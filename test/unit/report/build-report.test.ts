import type { RunEvent } from '../../../core/model/run';
import fc from 'fast-check';
import { renderMarkdown } from '../../../core/report/render-markdown';
import { buildReport, type ReportInput } from '../../../core/report/build-report';
import type { Report } from '../../../core/report/report';
import type { JsonObject } from '../../../core/model/json';
import {
  aborted,
  declined,
  plannedFailback,
  plannedFailbackRetried,
  proof,
  refused,
  reprotected,
  rolledBack,
  scenarios,
  stillRunning,
  unplannedFailover,
} from './scenarios';
import { failbackPlan } from './shop-plan';
import { Script } from './script';

const stepOf = (report: Report, id: string) => report.steps.find((step) => step.id === id);

const withoutEvents = (input: ReportInput, drop: (step: string) => boolean): ReportInput => ({
  ...input,
  events: input.events.filter((event) => !('step' in event) || !drop(event.step)),
});

const withFacts = (input: ReportInput, of: string, facts: JsonObject): ReportInput => ({
  ...input,
  events: input.events.map((event) =>
    event.kind === 'step-done' && event.step === of ? { ...event, result: { ...event.result, facts } } : event,
  ),
});

test('the loss is that of what was restored: a site that still answers is replicated after the plan was made', () => {
  const facts = {
    volume: { volume: 'orders', site: 'beta', role: 'replica', epoch: 4, records: 1230 },
    point: 'latest',
  };
  const planned = buildReport(unplannedFailover).dataLoss.volumes[0];
  const asOf = new Date(Date.parse(planned?.asOf ?? '') + 2000).toISOString();
  const restored = { ...facts, volume: { ...facts.volume, asOf } };
  const [orders] = buildReport(withFacts(unplannedFailover, 'restore-point/orders@beta', restored)).dataLoss.volumes;
  expect(orders).toMatchObject({ records: 1230, asOf, seconds: (planned?.seconds ?? 0) - 2, restored: true });
  expect(orders?.what).toContain('after record 1230');
});

describe('a planned failback', () => {
  const report = buildReport(plannedFailback);

  test('its recovery time runs from the first stop to verified traffic, and says so', () => {
    expect(report.recoveryTime).toMatchObject({
      seconds: 2.48,
      peopleSeconds: 0,
      from: ['step-scheduled stop-workload/web@beta', 'step-done verify-traffic/shop.test'],
    });
    expect(report.interruption.seconds).toBe(2.48);
    expect(report.objectives.rto).toMatchObject({ result: 'met', objectiveSeconds: 300, achievedSeconds: 2.48 });
  });

  test('its data loss is none because of the proof of the final sync', () => {
    expect(report.dataLoss).toMatchObject({ status: 'none', seconds: 0, from: ['step-done final-sync/orders@alpha'] });
    expect(report.dataLoss.proofs).toMatchObject([{ volume: 'orders', equal: true, files: 3, bytes: 40_960 }]);
    expect(report.objectives.rpo).toMatchObject({ result: 'met', objectiveSeconds: 900, achievedSeconds: 0 });
  });

  test('waits for people and clocks are apart from machine time', () => {
    expect(report.time).toMatchObject({ peopleSeconds: 90, clockSeconds: 2, machineSeconds: 3.45 });
  });

  test('the points of both sides before the failback are named', () => {
    const points = report.recoveryPoints.map(({ site, records, step }) => ({ site, records, step }));
    expect(points).toEqual([
      { site: 'alpha', records: 1190, step: 'capture-point/orders@alpha' },
      { site: 'beta', records: 1200, step: 'capture-point/orders@beta' },
    ]);
  });

  test('gates and decisions say who, when, why and how', () => {
    expect(report.gates.map(({ gate, outcome, seconds }) => ({ gate, outcome, seconds }))).toEqual([
      { gate: 'night', outcome: 'passed', seconds: 2 },
      { gate: 'cutover', outcome: 'passed', seconds: 90 },
    ]);
    expect(report.decisions).toMatchObject([{ by: 'bo@example.com', via: 'update', comment: 'go | <b>now</b>' }]);
    expect(report.refusedMessages).toHaveLength(1);
  });

  test('a step shows what its worker measured, never a difference between two clocks', () => {
    expect(stepOf(report, 'stop-workload/web@beta')).toMatchObject({
      status: 'done',
      seconds: 0.4,
      attempts: 1,
      worker: 'worker-1',
      site: 'beta',
    });
  });

  test('the critical path knows the share of the orchestrator, and counts the tail of a retried step as retries', () => {
    const { steps, totalSeconds, waitSeconds, workSeconds, orchestratorShare } = report.criticalPath;
    expect(steps).toHaveLength(15);
    expect({ totalSeconds, waitSeconds, workSeconds }).toEqual({
      totalSeconds: 95.45,
      waitSeconds: 92,
      workSeconds: 3.32,
    });
    expect(steps.find(({ id }) => id === 'start-workload/ledger@alpha')?.retrySeconds).toBe(0.01);
    expect(orchestratorShare).toBeCloseTo(0.12 / 3.45);
    expect(report.estimate).toMatchObject({ estimateSeconds: 4.5, actualSeconds: 3.45 });
  });

  test('plan, epochs and commit point are there', () => {
    expect(report.plan).toMatchObject({ hash: 'a'.repeat(64), epochs: { from: 4, to: 5, rollback: 6 }, steps: 15 });
    expect(report.committedAt).toBe('2026-11-21T10:01:35.440Z');
  });
});

describe('data loss is never "none" without proof', () => {
  const sync = 'final-sync/orders@alpha';
  test.each([
    ['the final sync has no proof', { sync: { ...proof('orders').sync, proof: null } }],
    ['the digests differ', proof('orders', 'another digest')],
    ['the proof is of another volume', proof('invoices')],
    ['the facts are of a strange form', { sync: 'all fine' }],
    ['there are no facts', {}],
  ])('%s -> unknown, objective unknown, needs attention', (_, facts) => {
    const report = buildReport(withFacts(plannedFailback, sync, facts));
    expect(report.dataLoss.status).toBe('unknown');
    expect(report.dataLoss.seconds).toBeUndefined();
    expect(report.objectives.rpo.result).toBe('unknown');
    expect(report.needsAttention.map(({ kind }) => kind)).toContain('data');
  });

  test('a final sync that a person marked as done proves nothing', () => {
    const events = plannedFailback.events.map((event) =>
      event.kind === 'step-done' && event.step === sync
        ? { at: event.at, kind: 'step-marked-done' as const, step: sync, by: 'bo', reason: 'looks right' }
        : event,
    );
    const report = buildReport({ ...plannedFailback, events });
    expect(report.dataLoss.status).toBe('unknown');
    expect(report.needsAttention.map(({ kind }) => kind)).toContain('by-hand');
  });
});

test('what happened in a child workflow is told when it ends, and counts at the time that it happened', () => {
  const isOfStep = ({ kind }: RunEvent): boolean => kind === 'step-scheduled' || kind === 'step-done';
  const events = [
    ...plannedFailback.events.filter((event) => !isOfStep(event)),
    ...plannedFailback.events.filter(isOfStep),
  ];
  expect(buildReport({ ...plannedFailback, events }).timeline.map(({ at }) => at)).toEqual(
    plannedFailback.events.map(({ at }) => at),
  );
});

test.each([
  ['only claimed', undefined, 'looks right (only claimed)'],
  ['verified', 'DNS answers it', 'looks right (verified: DNS answers it)'],
])('a step marked as done says whether it is verified or claimed: %s', (_, verified, said) => {
  const events = plannedFailback.events.map((event) =>
    event.kind === 'step-done' && event.step.startsWith('switch-traffic/')
      ? {
          at: event.at,
          kind: 'step-marked-done' as const,
          step: event.step,
          by: 'bo',
          reason: 'looks right',
          ...(verified !== undefined && { verified }),
        }
      : event,
  );
  const report = buildReport({ ...plannedFailback, events });
  expect(report.needsAttention.find(({ kind }) => kind === 'by-hand')?.what).toContain(said);
  expect(renderMarkdown(report)).toContain(verified === undefined ? '**only claimed**' : '**verified**');
});

test('a final sync that is being done again proves nothing yet', () => {
  const before = plannedFailback.events.filter(({ kind }) => kind !== 'run-finished');
  const at = before.at(-1)?.at ?? '';
  const events = [...before, { at, kind: 'step-scheduled' as const, step: 'final-sync/orders@alpha' }];
  expect(buildReport({ ...plannedFailback, events }).dataLoss.status).toBe('unknown');
});

describe('objectives', () => {
  test('one of two records not verified is not a recovery', () => {
    const { plan } = plannedFailback;
    const verify = plan?.steps.find(({ kind }) => kind === 'verify-traffic');
    if (!plan || !verify) throw new Error('the plan verifies traffic');
    const steps = [...plan.steps, { ...verify, id: 'verify-traffic/api.test', record: 'api.test' }];
    const report = buildReport({ ...plannedFailback, plan: { ...plan, steps } });
    expect(report.recoveryTime.seconds).toBeUndefined();
    expect(report.objectives.rto.result).toBe('unknown');
  });

  test('traffic that was not verified is not a recovery', () => {
    const report = buildReport(withoutEvents(plannedFailback, (step) => step.startsWith('verify-traffic')));
    expect(report.recoveryTime.seconds).toBeUndefined();
    expect(report.objectives.rto.result).toBe('unknown');
  });

  test('not recovered and later than the objective -> missed', () => {
    const late = new Script()
      .planned()
      .step('stop-workload/web@beta', 1)
      .add({ kind: 'step-scheduled', step: 'stop-workload/ledger@beta' })
      .after(301)
      .add({ kind: 'message', name: 'pause', by: 'bo' });
    expect(buildReport({ ...plannedFailback, events: late.events }).objectives.rto.result).toBe('missed');
  });

  test('a person keeping a stopped service waiting counts against the RTO and is shown apart', () => {
    const { recoveryTime } = buildReport(plannedFailbackRetried);
    expect(recoveryTime.seconds).toBeCloseTo(27.48);
    expect(recoveryTime.peopleSeconds).toBe(20);
  });

  test.each([
    ['declined', declined],
    ['reprotect', reprotected],
    ['refused', refused],
  ])('%s: they do not apply', (_, input) => {
    const { rpo, rto } = buildReport(input).objectives;
    expect([rpo.result, rto.result]).toEqual(['not-applicable', 'not-applicable']);
  });

  test('still running: unknown', () => {
    const { rpo, rto } = buildReport(stillRunning).objectives;
    expect([rpo.result, rto.result]).toEqual(['unknown', 'unknown']);
  });
});

describe('an unplanned failover', () => {
  const report = buildReport(unplannedFailover);

  test('its recovery time begins with the declaration, waits for people inside it are apart', () => {
    expect(report.recoveryTime).toMatchObject({ seconds: 14.91, peopleSeconds: 12 });
    expect(report.recoveryTime.from[0]).toBe('run-started');
    expect(report.interruption.atLeast).toBe(true);
  });

  test('names volume, point, epoch and the records after which all is lost', () => {
    expect(report.dataLoss).toMatchObject({ status: 'lost', seconds: 31.5 });
    expect(report.dataLoss.volumes).toMatchObject([
      { volume: 'orders', point: '20261121T095930.000Z-7', restored: true, records: 1204, epoch: 4 },
    ]);
    expect(report.dataLoss.volumes[0]?.what).toBe('records of epoch 4 or lower after record 1204 are lost');
    expect(report.objectives.rpo).toMatchObject({ result: 'met', achievedSeconds: 31.5 });
  });

  test('loss older than the objective -> missed, and needs attention', () => {
    const { loss } = unplannedFailover.plan ?? {};
    const volumes = (loss?.volumes ?? []).map((volume) => ({ ...volume, seconds: 61 }));
    const plan = unplannedFailover.plan && { ...unplannedFailover.plan, loss: { volumes } };
    const late = buildReport({ ...unplannedFailover, ...(plan && { plan }) });
    expect(late.objectives.rpo.result).toBe('missed');
    expect(late.needsAttention.map(({ kind }) => kind)).toContain('objective');
  });

  test('before the restore the loss is only expected, and the objective unknown', () => {
    const events = unplannedFailover.events.slice(0, 6);
    const early = buildReport({ ...unplannedFailover, events });
    expect(early.dataLoss).toMatchObject({ status: 'expected' });
    expect(early.objectives.rpo.result).toBe('unknown');
  });

  test('the time until a person left out the failed step is waiting, not work', () => {
    expect(report.time.peopleSeconds).toBe(20);
  });

  test('a site that is not fenced needs attention', () => {
    expect(report.needsAttention[0]).toMatchObject({ kind: 'fencing', subject: 'alpha' });
  });
});

describe('needs attention', () => {
  test('a failed compensation heads the report, then those that could not follow it', () => {
    const report = buildReport(rolledBack);
    expect(report.needsAttention.slice(0, 4).map(({ kind, subject }) => [kind, subject])).toEqual([
      ['failed-compensation', 'undo/start-workload/ledger@beta'],
      ['failed-compensation', 'undo/check-health/ledger@beta'],
      ['failed-compensation', 'undo/start-workload/web@beta'],
      ['service', 'failback'],
    ]);
    const statuses = report.rollback?.compensations.map(({ status }) => status);
    expect(statuses).toEqual(['not-needed', 'not-needed', 'failed', 'not-run', 'not-run']);
    expect(report.rollback).toMatchObject({ by: 'bo@example.com', reason: 'the window closes' });
  });

  test('a clean-up that failed after the commit point comes before everything but compensations', () => {
    const events = unplannedFailover.events.filter(({ kind }) => kind !== 'step-skipped');
    const report = buildReport({ ...unplannedFailover, events });
    expect(report.needsAttention[0]).toMatchObject({ kind: 'failed-clean-up', subject: 'restore-ttl/shop.test' });
  });

  test('a mutation cut off by the end of the run, and the service that is down since', () => {
    const { needsAttention, steps } = buildReport(aborted);
    expect(needsAttention.map(({ kind }) => kind)).toEqual(['service', 'unknown-outcome', 'warning']);
    expect(steps.find(({ id }) => id === 'final-sync/orders@alpha')?.status).toBe('cancelled');
  });

  test('a step that a person left out says who and why', () => {
    const byHand = buildReport(unplannedFailover).needsAttention.find(({ kind }) => kind === 'by-hand');
    expect(byHand?.what).toContain('skipped by bo@example.com: by hand later');
  });
});

describe('a rollback', () => {
  test('after workloads ran at the other side, only a copy back proves that nothing is lost', () => {
    const script = new Script()
      .planned()
      .step('stop-workload/ledger@beta', 0.5)
      .step('final-sync/orders@alpha', 0.5, { facts: proof('orders') })
      .step('start-workload/ledger@alpha', 0.5)
      .add({ kind: 'rollback-started', by: 'bo', reason: 'why' })
      .undo('undo/stop-workload/ledger@alpha', 0.5);
    const bare = buildReport({ ...plannedFailback, events: [...script.events], verdict: 'rolled-back', because: '' });
    expect(bare.dataLoss.status).toBe('unknown');
    script.undo('undo/final-sync/orders@beta', 0.5, { facts: proof('orders') });
    const copied = buildReport({ ...plannedFailback, events: script.events, verdict: 'rolled-back', because: '' });
    expect(copied.dataLoss).toMatchObject({ status: 'none', from: ['compensation-done undo/final-sync/orders@beta'] });
  });

  test('ends the interruption where health is proven at the old site', () => {
    const script = new Script()
      .planned()
      .step('stop-workload/ledger@beta', 0.5)
      .add({ kind: 'rollback-started', by: 'bo', reason: 'why' })
      .undo('undo/start-workload/ledger@beta', 0.5)
      .undo('undo/check-health/ledger@beta', 0.5)
      .end('rolled-back', 'as before');
    const report = buildReport({ ...plannedFailback, events: script.events });
    expect(report.interruption).toMatchObject({ seconds: 1.53 });
    expect(report.recoveryTime.seconds).toBeUndefined();
    expect(report.objectives.rto.result).toBe('not-applicable');
  });
});

test('a reprotect names what the old active site still held', () => {
  expect(buildReport(reprotected).dataLoss.superseded).toMatchObject([{ site: 'alpha', records: 1250, epoch: 4 }]);
});

test('a run without its end is running, and a verdict that is given goes before the events', () => {
  expect(buildReport(stillRunning)).toMatchObject({ verdict: 'running' });
  expect(buildReport(stillRunning).run.finishedAt).toBeUndefined();
  const given = buildReport({ ...stillRunning, verdict: 'aborted', because: 'asked' });
  expect(given).toMatchObject({ verdict: 'aborted', because: 'asked' });
});

test('a pause counts as waiting for people', () => {
  const script = new Script()
    .planned()
    .step('verify-site/@alpha', 0.2)
    .add({ kind: 'message', name: 'pause', by: 'bo' })
    .after(7)
    .add({ kind: 'message', name: 'resume', by: 'bo' })
    .step('capture-point/orders@alpha', 0.3);
  const report = buildReport({ ...plannedFailback, events: script.events });
  expect(report.time.peopleSeconds).toBe(7);
  expect(report.criticalPath.steps[1]).toMatchObject({ waitSeconds: 7, queuedSeconds: 0 });
});

test('while a machine works, nobody is waited for, though another branch waits', () => {
  const script = new Script()
    .planned()
    .fail('verify-site/@alpha', 1, 'no answer')
    .add({ kind: 'step-scheduled', step: 'capture-point/orders@beta' })
    .after(10)
    .done('capture-point/orders@beta', 5)
    .after(3)
    .add({ kind: 'message', name: 'retry', by: 'bo' })
    .step('verify-site/@alpha', 1);
  const { time } = buildReport({ ...plannedFailback, events: script.events });
  expect(time.peopleSeconds).toBe(3);
  expect(time.machineSeconds).toBeCloseTo(17.02);
});

test('of two open gates, only the one that was decided is closed', () => {
  const script = new Script().planned().gate('approval/cutover', 'cutover').gate('approval/change', 'change');
  script.after(5).decide('cutover', 'approve', 'go').pass('approval/cutover', 'cutover');
  const { gates } = buildReport({ ...plannedFailback, events: script.events });
  expect(gates.map(({ gate, outcome }) => [gate, outcome])).toEqual([
    ['cutover', 'passed'],
    ['change', 'open'],
  ]);
});

test('the critical path follows the slowest dependency', () => {
  const [first, second, third] = failbackPlan.steps;
  if (!first || !second || !third) throw new Error('the plan has three steps');
  const steps = [first, { ...second, dependsOn: [] }, { ...third, dependsOn: [first.id, second.id] }];
  const script = new Script().planned().step(first.id, 1).step(second.id, 3).step(third.id, 1);
  const report = buildReport({ ...plannedFailback, plan: { ...failbackPlan, steps }, events: script.events });
  expect(report.criticalPath.steps.map(({ id }) => id)).toEqual([second.id, third.id]);
});

describe.each(Object.entries(scenarios))('%s', (_, input) => {
  const prefixes = fc.integer({ min: 0, max: input.events.length }).map((length) => input.events.slice(0, length));

  test('every prefix of its events gives a report of plain JSON whose parts add up', () => {
    fc.assert(
      fc.property(prefixes, fc.boolean(), (events, planKnown) => {
        const { plan, ...rest } = input;
        const report = buildReport({ ...rest, ...(planKnown && plan && { plan }), events });
        expect(JSON.parse(JSON.stringify(report))).toStrictEqual(report);
        expectSums(report);
      }),
      { numRuns: 20 },
    );
  });

  test('events in any order, doubled or with instants that are none give a report', () => {
    const anyEvents = fc
      .shuffledSubarray([...input.events, ...input.events], { minLength: 0 })
      .chain((events) =>
        fc
          .integer({ min: 0, max: events.length })
          .map((bad) => events.map((event, index) => (index === bad ? { ...event, at: 'yesterday' } : event))),
      );
    fc.assert(
      fc.property(anyEvents, (events) => {
        expectSums(buildReport({ ...input, events }));
      }),
      { numRuns: 20 },
    );
  });

  test('strange facts never break it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat({ max: 6 }), (value, field) => {
        const name = ['sync', 'point', 'volume', 'fence', 'checks', 'proof', 'resolution'][field] ?? 'sync';
        const facts = { [name]: value, sync: { ...proof('orders').sync, [name]: value } } as JsonObject;
        const events = input.events.map((event) =>
          event.kind === 'step-done' ? { ...event, result: { ...event.result, facts } } : event,
        );
        expect(buildReport({ ...input, events }).schemaVersion).toBe(1);
      }),
      { numRuns: 20 },
    );
  });
});

function expectSums({ time, criticalPath: path, steps, segments }: Report): void {
  const parts = time.machineSeconds + time.peopleSeconds + time.clockSeconds + time.orchestratorSeconds;
  expect(parts).toBeCloseTo(time.totalSeconds, 6);
  for (const figure of [path, ...path.steps]) {
    const { workSeconds, waitSeconds, retrySeconds, queuedSeconds, handoverSeconds, totalSeconds } = figure;
    const each = [workSeconds, waitSeconds, retrySeconds, queuedSeconds, handoverSeconds];
    expect(each.reduce((sum, part) => sum + part, 0)).toBeCloseTo(totalSeconds, 6);
    expect(Math.min(...each)).toBeGreaterThanOrEqual(0);
  }
  expect(Math.min(time.machineSeconds, time.peopleSeconds, time.clockSeconds)).toBeGreaterThanOrEqual(0);
  const complete = steps.filter(({ status }) => ['done', 'skipped', 'marked-done'].includes(status));
  if (segments.length > 0) expect(segments.reduce((sum, segment) => sum + segment.complete, 0)).toBe(complete.length);
}

test.each([
  ['bo', 'ana lets bo decide at cutover: away'],
  ['Ana', 'ana decides again at cutover: away'],
])('a delegation to %s is told as what it is', (to, what) => {
  const script = new Script().planned();
  const { at } = script.events[0] ?? { at: '' };
  script.add({ kind: 'delegated', delegation: { gate: 'cutover', by: 'ana', to, comment: 'away', at } });
  const report = buildReport({ ...plannedFailback, events: script.events });
  expect(report.timeline.map((entry) => entry.what)).toContain(what);
});
