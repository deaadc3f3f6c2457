import type { FailoverMode, Operation } from '../../../core/model/operation';
import type { PlanStep, RecoveryPlan, RollbackStep } from '../../../core/model/plan';
import type { Runbook } from '../../../core/model/runbook';
import type { WorkloadSpec } from '../../../core/model/workload';

/** A small plan by hand, so that what the compiler does tomorrow changes no expectation here. */
const workload = (name: string, priority: number, volumes: readonly string[]): WorkloadSpec => ({
  name,
  priority,
  dependsOn: [],
  volumes,
  stopGraceSeconds: 5,
  checks: [],
});

const policy = { gates: [], strategy: 'cold', onFailure: 'ask' } as const;

const shopRunbook: Runbook = {
  group: 'shop',
  description: 'A small shop | in <three> tiers',
  objectives: { rpoSeconds: 60, rtoSeconds: 300 },
  sites: {
    primary: { driver: 'memory', name: 'alpha', address: '127.0.1.1' },
    recovery: { driver: 'memory', name: 'beta', address: '127.0.1.2' },
  },
  workloads: [workload('ledger', 1, ['orders']), workload('web', 2, [])],
  volumes: [{ name: 'orders', marker: { file: 'orders.log' } }],
  replication: { everySeconds: 5, pointEverySeconds: 600, retention: [] },
  failbackPolicy: {
    everySeconds: 5,
    pointEverySeconds: 600,
    retention: [],
    rpoSeconds: 900,
    applicationPointEverySeconds: 3600,
  },
  traffic: [
    {
      name: 'shop.test',
      type: 'A',
      ttlSeconds: 60,
      moveTtlSeconds: 1,
      values: { primary: ['127.0.1.1'], recovery: ['127.0.1.2'] },
      provider: { driver: 'memory' },
    },
  ],
  integrity: [],
  operations: { failover: policy, reprotect: policy, failback: policy },
  execution: { concurrency: 10, heartbeatSeconds: 2 },
};

type Draft = Partial<PlanStep> & Pick<PlanStep, 'id' | 'kind' | 'segment'>;

const step = (draft: Draft, dependsOn: readonly string[]): PlanStep => ({
  title: `${draft.kind.replaceAll('-', ' ')} ${draft.workload ?? draft.volume ?? draft.record ?? ''}`.trim(),
  input: {},
  ...draft,
  dependsOn,
});

/** Each step after the one before it. */
const chain = (drafts: readonly Draft[]): PlanStep[] =>
  drafts.map((draft, index) => step(draft, index === 0 ? [] : [drafts[index - 1]?.id ?? '']));

const undo = (draft: Draft, compensates: readonly string[], requires: readonly string[] = []): RollbackStep => ({
  ...step(draft, requires),
  compensates,
  unless: [],
  requires,
});

const base = (operation: Operation, mode: FailoverMode) => ({
  version: 1 as const,
  group: 'shop',
  operation,
  mode,
  runbookDigest: 'd'.repeat(64),
  hash: 'a'.repeat(64),
  epochs: { from: 4, to: 5, rollback: 6 },
  runbook: shopRunbook,
});

export const failbackPlan: RecoveryPlan = {
  ...base('failback', 'planned'),
  from: 'recovery',
  to: 'primary',
  segments: [
    { id: 'verify', title: 'Verify both sites', phase: 'verify' },
    { id: 'gates', title: 'Gates', phase: 'gates' },
    { id: 'stop-2', title: 'Stop group 2 at beta', phase: 'stop', priority: 2 },
    { id: 'stop-1', title: 'Stop group 1 at beta', phase: 'stop', priority: 1 },
    { id: 'data', title: 'Prove the data complete', phase: 'data' },
    { id: 'start-1', title: 'Start group 1 at alpha', phase: 'start', priority: 1 },
    { id: 'traffic', title: 'Move traffic', phase: 'traffic' },
    { id: 'commit', title: 'Commit point', phase: 'commit' },
    { id: 'replicate', title: 'Protect again', phase: 'replicate' },
  ],
  steps: chain([
    { id: 'verify-site/@alpha', kind: 'verify-site', segment: 'verify', site: 'primary' },
    { id: 'capture-point/orders@alpha', kind: 'capture-point', segment: 'verify', site: 'primary', volume: 'orders' },
    { id: 'capture-point/orders@beta', kind: 'capture-point', segment: 'verify', site: 'recovery', volume: 'orders' },
    { id: 'window/night', kind: 'window', segment: 'gates' },
    { id: 'approval/cutover', kind: 'approval', segment: 'gates' },
    { id: 'stop-workload/web@beta', kind: 'stop-workload', segment: 'stop-2', site: 'recovery', workload: 'web' },
    { id: 'stop-workload/ledger@beta', kind: 'stop-workload', segment: 'stop-1', site: 'recovery', workload: 'ledger' },
    { id: 'fence-site/@beta', kind: 'fence-site', segment: 'data', site: 'recovery' },
    { id: 'final-sync/orders@alpha', kind: 'final-sync', segment: 'data', site: 'primary', volume: 'orders' },
    {
      id: 'start-workload/ledger@alpha',
      kind: 'start-workload',
      segment: 'start-1',
      site: 'primary',
      workload: 'ledger',
    },
    { id: 'check-health/ledger@alpha', kind: 'check-health', segment: 'start-1', site: 'primary', workload: 'ledger' },
    { id: 'switch-traffic/shop.test', kind: 'switch-traffic', segment: 'traffic', record: 'shop.test' },
    { id: 'verify-traffic/shop.test', kind: 'verify-traffic', segment: 'traffic', record: 'shop.test' },
    { id: 'commit/shop', kind: 'commit', segment: 'commit' },
    { id: 'start-replication/shop', kind: 'start-replication', segment: 'replicate' },
  ]),
  rollback: [
    undo(
      {
        id: 'undo/stop-workload/ledger@alpha',
        kind: 'stop-workload',
        segment: 'undo-start',
        site: 'primary',
        workload: 'ledger',
      },
      ['start-workload/ledger@alpha'],
    ),
    undo(
      {
        id: 'undo/final-sync/orders@beta',
        kind: 'final-sync',
        segment: 'undo-data',
        site: 'recovery',
        volume: 'orders',
      },
      ['start-workload/ledger@alpha'],
      ['undo/stop-workload/ledger@alpha'],
    ),
    undo(
      {
        id: 'undo/start-workload/ledger@beta',
        kind: 'start-workload',
        segment: 'undo-start',
        site: 'recovery',
        workload: 'ledger',
      },
      ['stop-workload/ledger@beta'],
    ),
    undo(
      {
        id: 'undo/check-health/ledger@beta',
        kind: 'check-health',
        segment: 'undo-start',
        site: 'recovery',
        workload: 'ledger',
      },
      ['stop-workload/ledger@beta'],
      ['undo/start-workload/ledger@beta'],
    ),
    undo(
      {
        id: 'undo/start-workload/web@beta',
        kind: 'start-workload',
        segment: 'undo-start',
        site: 'recovery',
        workload: 'web',
      },
      ['stop-workload/web@beta'],
      ['undo/check-health/ledger@beta'],
    ),
  ],
  commitStep: 'commit/shop',
  prechecks: [
    { code: 'SiteHealthy', severity: 'ok', subject: 'alpha', saw: 'answers', because: 'data flows there' },
    { code: 'LagWithinObjective', severity: 'warning', subject: 'orders', saw: 'lag 70 s', because: 'the RPO is 60 s' },
  ],
  estimateSeconds: 4.5,
};

export const unplannedPlan: RecoveryPlan = {
  ...base('failover', 'unplanned'),
  from: 'primary',
  to: 'recovery',
  segments: [
    { id: 'prepare', title: 'Shut alpha out', phase: 'prepare' },
    { id: 'data', title: 'Take the data of the recovery point', phase: 'data' },
    { id: 'start-1', title: 'Start group 1 at beta', phase: 'start', priority: 1 },
    { id: 'traffic', title: 'Move traffic', phase: 'traffic' },
    { id: 'commit', title: 'Commit point', phase: 'commit' },
    { id: 'finish', title: 'Tidy up', phase: 'finish' },
  ],
  steps: chain([
    { id: 'fence-site/@alpha', kind: 'fence-site', segment: 'prepare', site: 'primary' },
    { id: 'declare-lost/alpha', kind: 'declare-lost', segment: 'prepare' },
    { id: 'restore-point/orders@beta', kind: 'restore-point', segment: 'data', site: 'recovery', volume: 'orders' },
    {
      id: 'start-workload/ledger@beta',
      kind: 'start-workload',
      segment: 'start-1',
      site: 'recovery',
      workload: 'ledger',
    },
    { id: 'check-health/ledger@beta', kind: 'check-health', segment: 'start-1', site: 'recovery', workload: 'ledger' },
    { id: 'switch-traffic/shop.test', kind: 'switch-traffic', segment: 'traffic', record: 'shop.test' },
    { id: 'verify-traffic/shop.test', kind: 'verify-traffic', segment: 'traffic', record: 'shop.test' },
    { id: 'commit/shop', kind: 'commit', segment: 'commit' },
    { id: 'restore-ttl/shop.test', kind: 'restore-ttl', segment: 'finish', record: 'shop.test' },
  ]),
  rollback: [],
  commitStep: 'commit/shop',
  prechecks: [],
  estimateSeconds: 3,
  loss: {
    volumes: [
      {
        volume: 'orders',
        point: '20261121T095930.000Z-7',
        asOf: '2026-11-21T09:59:30.000Z',
        epoch: 4,
        records: 1204,
        seconds: 31.5,
      },
    ],
  },
};

export const reprotectPlan: RecoveryPlan = {
  ...base('reprotect', 'planned'),
  from: 'recovery',
  to: 'recovery',
  segments: [
    { id: 'data', title: 'Make alpha the replica', phase: 'data' },
    { id: 'commit', title: 'Commit point', phase: 'commit' },
  ],
  steps: chain([
    { id: 'stop-workload/ledger@alpha', kind: 'stop-workload', segment: 'data', site: 'primary', workload: 'ledger' },
    { id: 'capture-point/orders@alpha', kind: 'capture-point', segment: 'data', site: 'primary', volume: 'orders' },
    { id: 'sync/orders@alpha', kind: 'sync', segment: 'data', site: 'primary', volume: 'orders' },
    { id: 'commit/shop', kind: 'commit', segment: 'commit' },
  ]),
  rollback: [],
  commitStep: 'commit/shop',
  prechecks: [],
  estimateSeconds: 2,
};
