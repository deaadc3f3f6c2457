import type { ReportInput } from '../../../core/report/build-report';
import type { LeftAs } from '../../../core/model/left-as';
import type { RecoveryPlan } from '../../../core/model/plan';
import { failbackPlan, reprotectPlan, unplannedPlan } from './shop-plan';
import { Script } from './script';

const digest = 'c0ffee'.repeat(10) + 'cafe';

export const proof = (volume: string, target = digest) => ({
  sync: {
    volume,
    source: 'beta',
    target: 'alpha',
    epoch: 5,
    asOf: '2026-11-21T10:00:10.000Z',
    bytesSent: 4096,
    proof: {
      method: 'sha256-tree',
      files: 3,
      bytes: 40_960,
      sourceDigest: digest,
      targetDigest: target,
      comparedAt: '2026-11-21T10:00:11.000Z',
    },
  },
});

const point = (site: string, records: number) => ({
  id: `20261121T100000.000Z-${records}`,
  volume: 'orders',
  site,
  epoch: 4,
  asOf: '2026-11-21T10:00:00.000Z',
  capturedAt: '2026-11-21T10:00:00.100Z',
  consistency: 'crash',
  reason: 'before failback',
  records,
  files: 3,
  bytes: 40_960,
});

const fence = (site: string, fencing: string) => ({ fence: { site, fencing, saw: `${site} says | ${fencing}` } });

const input = (plan: RecoveryPlan, script: Script): ReportInput => ({
  run: { workflowId: `${plan.operation}/shop`, runId: 'run-1', group: 'shop', operation: plan.operation },
  plan,
  events: script.events,
});

/** Verified, gates passed: 2 s for the window, 90 s for the approval. */
const untilApproved = (): Script =>
  new Script()
    .planned()
    .step('verify-site/@alpha', 0.2)
    .step('capture-point/orders@alpha', 0.3, { facts: { point: point('alpha', 1190) } })
    .step('capture-point/orders@beta', 0.3, { facts: { point: point('beta', 1200) } })
    .gate('window/night', 'night')
    .after(2)
    .pass('window/night', 'night')
    .gate('approval/cutover', 'cutover')
    .after(30)
    .add({ kind: 'message-refused', name: 'decide', because: '"eve" may not decide at gate "cutover"' })
    .after(60)
    .decide('cutover', 'approve', 'go | <b>now</b>')
    .pass('approval/cutover', 'cutover');

const untilStopped = (): Script =>
  untilApproved()
    .step('stop-workload/web@beta', 0.4, { summary: 'stopped: pid 4711 gone, port 7103 closed' })
    .step('stop-workload/ledger@beta', 0.5)
    .step('fence-site/@beta', 0.05, { facts: fence('beta', 'fenced') });

export const plannedFailback = input(
  failbackPlan,
  untilStopped()
    .step('final-sync/orders@alpha', 0.8, { facts: proof('orders') })
    .step('start-workload/ledger@alpha', 0.3, { attempt: 2 })
    .step('check-health/ledger@alpha', 0.2)
    .step('switch-traffic/shop.test', 0.05)
    .step('verify-traffic/shop.test', 0.1)
    .step('commit/shop', 0.02)
    .add({ kind: 'committed' })
    .step('start-replication/shop', 0.1)
    .end('completed', 'verified: health, traffic, replication'),
);

/** The stop of the ledger fails, a person answers after 20 s, everything after that goes well. */
export const plannedFailbackRetried = input(
  failbackPlan,
  untilApproved()
    .step('stop-workload/web@beta', 0.4)
    .fail('stop-workload/ledger@beta', 5, 'pid 4712 does not end')
    .after(20)
    .add({ kind: 'message', name: 'retry', by: 'bo@example.com', reason: 'killed it by hand' })
    .step('stop-workload/ledger@beta', 0.5)
    .step('fence-site/@beta', 0.05)
    .step('final-sync/orders@alpha', 0.8, { facts: proof('orders') })
    .step('start-workload/ledger@alpha', 0.3)
    .step('check-health/ledger@alpha', 0.2)
    .step('switch-traffic/shop.test', 0.05)
    .step('verify-traffic/shop.test', 0.1)
    .step('commit/shop', 0.02)
    .add({ kind: 'committed' })
    .step('start-replication/shop', 0.1)
    .end('completed', 'verified'),
);

export const unplannedFailover = input(
  unplannedPlan,
  new Script()
    .planned()
    .step('fence-site/@alpha', 1.5, { facts: fence('alpha', 'unconfirmed') })
    .gate('declare-lost/alpha', 'declare-lost/alpha')
    .after(12)
    .decide('declare-lost/alpha', 'approve', 'the hall is under water')
    .pass('declare-lost/alpha', 'declare-lost/alpha')
    .step('restore-point/orders@beta', 0.6, {
      facts: { volume: { volume: 'orders', site: 'beta', role: 'replica', epoch: 4 }, point: point('beta', 1204) },
    })
    .step('start-workload/ledger@beta', 0.3)
    .step('check-health/ledger@beta', 0.2)
    .step('switch-traffic/shop.test', 0.05)
    .step('verify-traffic/shop.test', 0.1)
    .step('commit/shop', 0.02)
    .add({ kind: 'committed' })
    .fail('restore-ttl/shop.test', 1, 'the provider answers 503 [retry](http://evil.example)')
    .after(8)
    .add({ kind: 'step-skipped', step: 'restore-ttl/shop.test', by: 'bo@example.com', reason: 'by hand later' })
    .end('completed-with-issues', 'a step was skipped'),
);

export const rolledBack = input(
  failbackPlan,
  untilStopped()
    .fail('final-sync/orders@alpha', 3, 'copy ended early: ```\n# All is well')
    .after(15)
    .add({ kind: 'rollback-started', by: 'bo@example.com', reason: 'the window closes' })
    .failUndo('undo/start-workload/ledger@beta', 2, 'ended at once: exit code 1')
    .end('rollback-incomplete', 'a compensation failed'),
);

export const declined = input(
  failbackPlan,
  new Script()
    .planned()
    .step('verify-site/@alpha', 0.2)
    .step('capture-point/orders@alpha', 0.3, { facts: { point: point('alpha', 1190) } })
    .step('capture-point/orders@beta', 0.3, { facts: { point: point('beta', 1200) } })
    .gate('window/night', 'night')
    .after(2)
    .pass('window/night', 'night')
    .gate('approval/cutover', 'cutover')
    .after(45)
    .decide('cutover', 'decline', 'not on a Friday')
    .end('declined', 'declined by bo@example.com'),
);

const left: LeftAs = {
  observedAt: '2026-11-21T10:01:38.000Z',
  sites: [
    {
      role: 'primary',
      site: 'alpha',
      reachable: true,
      fencing: 'fenced',
      epoch: 5,
      workloads: [{ name: 'ledger', status: 'stopped' }],
      volumes: [{ name: 'orders', role: 'replica', epoch: 4 }],
    },
    {
      role: 'recovery',
      site: 'beta',
      reachable: true,
      fencing: 'unfenced',
      epoch: 4,
      workloads: [{ name: 'ledger', status: 'stopped' }],
      volumes: [{ name: 'orders', role: 'active', epoch: 4 }],
    },
  ],
  records: [{ name: 'shop.test', values: ['127.0.2.1'] }],
};

/** Aborted while a sync runs, with the service stopped. */
export const aborted = input(
  failbackPlan,
  untilStopped()
    .add({ kind: 'step-scheduled', step: 'final-sync/orders@alpha' })
    .after(4)
    .add({ kind: 'message', name: 'abort', by: 'bo@example.com', reason: 'wrong site' })
    .add({ kind: 'left-as', left })
    .end('aborted', 'aborted by bo@example.com'),
);

export const stillRunning = input(
  failbackPlan,
  untilStopped().add({ kind: 'step-scheduled', step: 'final-sync/orders@alpha' }).after(2).add({
    kind: 'message',
    name: 'pause',
    by: 'bo@example.com',
  }),
);

export const reprotected = input(
  reprotectPlan,
  new Script()
    .planned()
    .step('stop-workload/ledger@alpha', 0.1)
    .step('capture-point/orders@alpha', 0.2, { facts: { point: point('alpha', 1250) } })
    .step('sync/orders@alpha', 0.9)
    .step('commit/shop', 0.02)
    .add({ kind: 'committed' })
    .end('completed', 'replicating back'),
);

/** Refused before there was a plan. */
export const refused: ReportInput = {
  run: { workflowId: 'failback/shop', runId: 'run-1', group: 'shop', operation: 'failback' },
  events: new Script().end('refused', 'WrongState: the group is Protected').events,
};

export const scenarios: Readonly<Record<string, ReportInput>> = {
  'planned failback, completed': plannedFailback,
  'planned failback, a step retried': plannedFailbackRetried,
  'unplanned failover with loss': unplannedFailover,
  'rolled back with a failed compensation': rolledBack,
  declined,
  aborted,
  'still running': stillRunning,
  reprotect: reprotected,
  'refused without a plan': refused,
};
