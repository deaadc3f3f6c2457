import { buildReport } from '../../../core/report/build-report';
import type { ReportInput } from '../../../core/report/build-report';
import { proof } from './scenarios';
import { Script } from './script';
import { failbackPlan } from './shop-plan';

const away = 3600;

/** Terminated a second into the final sync, and continued an hour later: its events have those of the first run before them. */
const script = new Script()
  .planned()
  .step('verify-site/@alpha', 0.2)
  .step('stop-workload/web@beta', 0.4)
  .step('stop-workload/ledger@beta', 0.5)
  .step('fence-site/@beta', 0.05)
  .add({ kind: 'step-scheduled', step: 'final-sync/orders@alpha' })
  .after(1)
  .add({ kind: 'message-refused', name: 'decide', because: 'no gate is open' })
  .after(away)
  .add({ kind: 'run-started', requestedBy: 'bo@example.com' })
  .after(0.1)
  .planned()
  .step('final-sync/orders@alpha', 0.8, { facts: proof('orders') })
  .step('start-workload/ledger@alpha', 0.3)
  .step('check-health/ledger@alpha', 0.2)
  .step('switch-traffic/shop.test', 0.05)
  .step('verify-traffic/shop.test', 0.1)
  .step('commit/shop', 0.02)
  .add({ kind: 'committed' })
  .end('completed', 'verified');

const continued: ReportInput = {
  run: { workflowId: 'failback/shop/2', runId: 'run-2', group: 'shop', operation: 'failback' },
  plan: failbackPlan,
  events: script.events,
};

describe('of a run that another one continues', () => {
  const report = buildReport(continued);

  test('customers waited from the first stop of the first one to the traffic of the second', () => {
    expect(report.interruption).toMatchObject({ startedAt: script.events[4]?.at });
    expect(report.interruption.seconds).toBeCloseTo(away + 3.58);
    expect(report.interruption.peopleSeconds).toBe(away);
  });

  test('the time in between is that of people, until one of them goes on: neither machines nor the orchestrator', () => {
    expect(report.time.peopleSeconds).toBe(away);
    expect(report.time.machineSeconds).toBeCloseTo(3.72);
    expect(report.time.orchestratorSeconds).toBeCloseTo(0.2);
  });

  test('on the critical path it is a wait, not a retry', () => {
    const sync = report.criticalPath.steps.find(({ id }) => id === 'final-sync/orders@alpha');
    expect(sync?.waitSeconds).toBe(away);
    expect(sync?.retrySeconds).toBeCloseTo(1.1);
  });
});
