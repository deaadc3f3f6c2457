import type { PlanStep, RecoveryPlan, RollbackStep } from '../../../core/model/plan';
import type { OperationPolicy, Runbook } from '../../../core/model/runbook';

const policy: OperationPolicy = { gates: [], strategy: 'cold', onFailure: 'ask' };
const replication = { everySeconds: 5, pointEverySeconds: 600, retention: [] };

const runbook: Runbook = {
  group: 'shop',
  description: 'A small shop',
  objectives: { rpoSeconds: 60, rtoSeconds: 300 },
  sites: {
    primary: { driver: 'memory', name: 'alpha', address: '127.0.1.1' },
    recovery: { driver: 'memory', name: 'beta', address: '127.0.2.1' },
  },
  workloads: [],
  volumes: [{ name: 'orders' }],
  replication,
  failbackPolicy: { ...replication, rpoSeconds: 900, applicationPointEverySeconds: 3600 },
  traffic: [
    {
      name: 'shop.test',
      type: 'A',
      ttlSeconds: 30,
      moveTtlSeconds: 1,
      values: { primary: ['127.0.1.1'], recovery: ['127.0.2.1'] },
      provider: { driver: 'memory' },
    },
  ],
  integrity: [],
  operations: { failover: policy, reprotect: policy, failback: policy },
  execution: { concurrency: 10, heartbeatSeconds: 10 },
};

type Draft = Pick<PlanStep, 'id' | 'title' | 'segment'> & Partial<PlanStep>;

const step = ({ id, ...rest }: Draft): PlanStep => ({
  id,
  kind: id.replace('undo/', '').split('/')[0] as PlanStep['kind'],
  dependsOn: [],
  input: {},
  ...rest,
});

const undo = (draft: Draft, compensates: readonly string[]): RollbackStep => ({
  ...step(draft),
  compensates,
  unless: [],
  requires: [],
});

/** A failback of three workloads, written by hand: every kind of thing that the views show is in it once. */
export const fixturePlan: RecoveryPlan = {
  version: 1,
  group: 'shop',
  operation: 'failback',
  mode: 'planned',
  runbookDigest: 'd1',
  from: 'recovery',
  to: 'primary',
  epochs: { from: 2, to: 3, rollback: 4 },
  segments: [
    { id: 'verify', title: 'Verify the sites', phase: 'verify' },
    { id: 'gates', title: 'Gates', phase: 'gates' },
    { id: 'stop-2', title: 'Stop priority 2 at beta', phase: 'stop', priority: 2 },
    { id: 'stop-1', title: 'Stop priority 1 at beta', phase: 'stop', priority: 1 },
    { id: 'data', title: 'Bring the data over', phase: 'data' },
    { id: 'start-1', title: 'Start priority 1 at alpha', phase: 'start', priority: 1 },
    { id: 'start-2', title: 'Start priority 2 at alpha', phase: 'start', priority: 2 },
    { id: 'commit', title: 'Commit', phase: 'commit' },
    { id: 'replicate', title: 'Replicate again', phase: 'replicate' },
  ],
  steps: [
    step({ id: 'verify-site/alpha', title: 'verify that alpha is healthy', segment: 'verify', site: 'primary' }),
    step({ id: 'verify-site/beta', title: 'verify that beta is healthy', segment: 'verify', site: 'recovery' }),
    step({
      id: 'test-connectivity/alpha',
      title: 'test the way from beta to alpha',
      segment: 'verify',
      site: 'primary',
      dependsOn: ['verify-site/alpha', 'verify-site/beta'],
    }),
    step({ id: 'barrier/verify', title: 'verify: done', segment: 'verify', dependsOn: ['test-connectivity/alpha'] }),
    step({
      id: 'approval/cutover',
      title: 'Move the shop back to alpha?',
      segment: 'gates',
      dependsOn: ['barrier/verify'],
      input: {
        gate: { kind: 'approval', name: 'cutover', prompt: 'Move the shop back?', approvers: ['ana@example.com'] },
      },
    }),
    step({
      id: 'window/night',
      title: 'wait for the maintenance window "night"',
      segment: 'gates',
      dependsOn: ['barrier/verify', 'approval/cutover'],
      input: {
        gate: {
          kind: 'window',
          name: 'night',
          start: '2026-12-05T22:00',
          durationSeconds: 7200,
          timeZone: 'Europe/Berlin',
        },
      },
    }),
    step({ id: 'barrier/gates', title: 'gates: done', segment: 'gates', dependsOn: ['window/night'] }),
    ...['api', 'web'].map((name) =>
      step({
        id: `stop-workload/${name}@beta`,
        title: `stop ${name} at beta`,
        segment: 'stop-2',
        site: 'recovery',
        workload: name,
        dependsOn: name === 'api' ? ['barrier/gates', 'stop-workload/web@beta'] : ['barrier/gates'],
      }),
    ),
    step({ id: 'barrier/stop-2', title: 'done', segment: 'stop-2', dependsOn: ['stop-workload/api@beta'] }),
    step({
      id: 'stop-workload/ledger@beta',
      title: 'stop ledger at beta',
      segment: 'stop-1',
      site: 'recovery',
      workload: 'ledger',
      dependsOn: ['barrier/stop-2'],
    }),
    step({
      id: 'final-sync/orders@alpha',
      title: 'bring orders at alpha up to the last write, and prove it',
      segment: 'data',
      site: 'primary',
      volume: 'orders',
      dependsOn: ['stop-workload/ledger@beta'],
    }),
    step({
      id: 'start-workload/ledger@alpha',
      title: 'start ledger at alpha',
      segment: 'start-1',
      site: 'primary',
      workload: 'ledger',
      dependsOn: ['final-sync/orders@alpha'],
    }),
    step({
      id: 'start-workload/api@alpha',
      title: 'start api at alpha',
      segment: 'start-2',
      site: 'primary',
      dependsOn: [
        'start-workload/ledger@alpha',
        'verify-site/alpha',
        'final-sync/orders@alpha',
        'approval/cutover',
        'window/night',
      ],
    }),
    step({ id: 'commit/shop', title: 'commit: alpha is active', segment: 'commit' }),
    step({ id: 'start-replication/shop', title: 'replicate from alpha to beta', segment: 'replicate' }),
  ],
  rollback: [
    undo({ id: 'undo/start-workload/ledger@beta', title: 'start ledger at beta again', segment: 'rollback' }, [
      'stop-workload/ledger@beta',
    ]),
    undo({ id: 'undo/stop-workload/ledger@alpha', title: 'stop ledger at alpha', segment: 'rollback' }, [
      'start-workload/ledger@alpha',
    ]),
  ],
  commitStep: 'commit/shop',
  prechecks: [
    {
      code: 'SitesConnected',
      severity: 'ok',
      subject: 'alpha and beta',
      saw: 'beta to alpha: answered',
      because: 'the data flows between the sites',
    },
    {
      code: 'RecordAsExpected',
      severity: 'error',
      subject: 'shop.test',
      saw: 'shop.test is 10.0.0.9, expected 127.0.2.1',
      because: 'a record that somebody else changed is never overwritten',
    },
    {
      code: 'ActiveRunning',
      severity: 'warning',
      subject: 'beta',
      saw: 'web is stopped: no process',
      because: 'what is not running now is not known to work after the move either',
    },
  ],
  estimateSeconds: 12.4,
  runbook,
  hash: 'c0ffee00',
};
