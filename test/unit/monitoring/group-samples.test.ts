import { metricNames, metrics, type GaugeName } from '../../../core/model/metrics';
import type { ProtectionState } from '../../../core/model/protection';
import type { RunStatus } from '../../../core/model/run';
import { groupSamples, type GroupSnapshot } from '../../../core/report/group-samples';
import { at, protectedShop, runbook, state } from './protected-shop';

const snapshot = protectedShop;
const seconds = (minute: number): number => Date.parse(at(minute)) / 1000;
const value = (
  seen: GroupSnapshot,
  name: GaugeName,
  labels: Readonly<Record<string, string>> = {},
): number | undefined =>
  groupSamples(seen)[name].find((sample) => Object.entries(labels).every(([key, text]) => sample.labels[key] === text))
    ?.value;
const withState = (more: Partial<GroupSnapshot['state']>): GroupSnapshot => ({
  ...snapshot,
  state: { ...state, ...more },
});
const completeUntil = 'switchback_replication_complete_until_timestamp_seconds';

describe('the lag as a timestamp', () => {
  test('is that of the volume that is furthest behind', () => {
    expect(value(snapshot, completeUntil)).toBe(seconds(8));
  });
  test.each([
    ['of which one has never arrived is 0', { asOf: { orders: at(10) } }, 0],
    ['of which none has is 0', { asOf: {} }, 0],
    ['that is replicated nowhere is not known', { direction: 'none' as const }, NaN],
  ])('of a group with two volumes, %s', (_title, more, expected) => {
    expect(value(withState({ replication: { ...state.replication, ...more } }), completeUntil)).toBe(expected);
  });
  test('of a group without volumes is not known: it has nothing to replicate', () => {
    const none = {
      ...withState({ replication: { ...state.replication, asOf: {} } }),
      runbook: { ...runbook, volumes: [] },
    };
    expect(value(none, completeUntil)).toBeNaN();
    expect(value(none, 'switchback_replication_active')).toBe(0);
  });
  test('without a runbook that can be read is that of the volumes that are known', () => {
    const { runbook: _unread, ...rest } = snapshot;
    expect(value(rest, completeUntil)).toBe(seconds(8));
    expect(value(rest, 'switchback_rto_objective_seconds')).toBeNaN();
  });
});

test('a breach is told with its beginning', () => {
  const breached = withState({ breach: { since: at(5), lagSeconds: 400 } });
  expect(value(breached, 'switchback_rpo_breach')).toBe(1);
  expect(value(breached, 'switchback_rpo_breach_since_timestamp_seconds')).toBe(seconds(5));
  expect(value(snapshot, 'switchback_rpo_breach_since_timestamp_seconds')).toBeNaN();
});

const evaluated = { evaluatedAt: at(9), tookSeconds: 1, reasons: [] };

test.each([
  ['Ready', 'ready'],
  ['AtRisk', 'at_risk'],
  ['NotReady', 'not_ready'],
] as const)('readiness %s is the one state that is 1', (readiness, label) => {
  const seen = withState({ readiness: { ...evaluated, state: readiness } });
  const samples = groupSamples(seen).switchback_group_readiness;
  expect(samples.filter((sample) => sample.value === 1).map(({ labels }) => labels)).toEqual([{ state: label }]);
  expect(samples.filter((sample) => sample.value === 0)).toHaveLength(2);
  expect(value(seen, 'switchback_group_readiness_evaluated_timestamp_seconds')).toBe(seconds(9));
});

const run = (more: Partial<ProtectionState['runs'][number]>): ProtectionState['runs'][number] => ({
  workflowId: 'failover/shop/1',
  runId: '1',
  operation: 'failover',
  verdict: 'completed',
  startedAt: at(1),
  finishedAt: at(2),
  ...more,
});
const measured = (recoverySeconds?: number) =>
  ({ size: {}, workSeconds: 1, ...(recoverySeconds !== undefined && { recoverySeconds }) }) as NonNullable<
    ProtectionState['runs'][number]['measured']
  >;

test('the recovery time is that of the newest run of the operation that has one', () => {
  const seen = withState({
    runs: [
      run({ verdict: 'rolled-back', finishedAt: at(9) }),
      run({ finishedAt: at(8), measured: measured(42) }),
      run({ finishedAt: at(7), measured: measured(41) }),
    ],
  });
  expect(value(seen, 'switchback_recovery_time_seconds', { operation: 'failover' })).toBe(42);
  expect(value(seen, 'switchback_recovery_time_seconds', { operation: 'failback' })).toBeNaN();
  const ended = 'switchback_run_finished_timestamp_seconds';
  expect(value(seen, ended, { operation: 'failover', verdict: 'completed' })).toBe(seconds(8));
  expect(value(seen, ended, { operation: 'failover', verdict: 'rolled-back' })).toBe(seconds(9));
  expect(value(seen, ended, { operation: 'failover', verdict: 'declined' })).toBeNaN();
});

describe('drills', () => {
  const held = 'switchback_drill_held_timestamp_seconds';
  test('one that did not come to its end was not held', () => {
    const runs = [run({ operation: 'drill', verdict: 'aborted', finishedAt: at(9) }), run({ operation: 'drill' })];
    expect(value(withState({ runs }), held)).toBe(seconds(2));
  });
  test('one that has left the list of runs is known by its attestation', () => {
    const attested = {
      workflowId: 'drill/shop/1',
      runId: '1',
      endedAt: at(3),
      verdict: 'passed' as const,
      by: 'ana',
      at: at(4),
    };
    const drills = { passed: 1, failed: 0, unattested: [], more: 0, attested: [attested] };
    expect(value(withState({ drills }), held)).toBe(seconds(3));
  });
  test('those that wait for somebody are counted, since when the oldest does', () => {
    const unattested = [5, 6].map((minute) => ({
      workflowId: 'drill/shop/1',
      runId: `${minute}`,
      endedAt: at(minute),
    }));
    const seen = withState({ drills: { passed: 0, failed: 0, unattested, more: 3, attested: [] } });
    expect(value(seen, 'switchback_drill_unattested')).toBe(5);
    expect(value(seen, 'switchback_drill_unattested_since_timestamp_seconds')).toBe(seconds(5));
  });
  test('without a schedule nothing is expected', () => {
    const scheduled = { ...snapshot, drills: { intervalSeconds: 86_400, since: at(1) } };
    expect(value(scheduled, 'switchback_drill_expected_interval_seconds')).toBe(86_400);
    expect(value(scheduled, 'switchback_drill_expected_since_timestamp_seconds')).toBe(seconds(1));
    expect(value(snapshot, 'switchback_drill_expected_interval_seconds')).toBeNaN();
  });
});

test('what runs wait for is counted by kind, since when the longest does', () => {
  const waitingFor = [
    { kind: 'failed-step', since: at(7) },
    { kind: 'failed-step', since: at(6) },
    { kind: 'window', since: at(1) },
  ] as unknown as RunStatus['waitingFor'];
  const seen = { ...snapshot, runs: [{ waitingFor }] };
  const failed = { waiting_for: 'failed_step' };
  expect(value(seen, 'switchback_waiting', failed)).toBe(2);
  expect(value(seen, 'switchback_waiting_since_timestamp_seconds', failed)).toBe(seconds(6));
  expect(value(seen, 'switchback_waiting', { waiting_for: 'approval' })).toBe(0);
});

test('every gauge has the same labels whatever is known: what was exported once cannot be taken back', () => {
  const shape = (seen: GroupSnapshot) =>
    Object.entries(groupSamples(seen)).map(([name, samples]) => [name, samples.map(({ labels }) => labels)]);
  const full = withState({
    breach: { since: at(5), lagSeconds: 400 },
    runs: [run({}), run({ operation: 'drill' })],
    readiness: { ...evaluated, state: 'Ready' },
  });
  const { runbook: _unread, ...bare } = withState({
    replication: { ...state.replication, direction: 'none', asOf: {} },
  });
  expect(shape(full)).toEqual(shape(bare));
});

test.each(metricNames)('%s is named as Prometheus wants it', (name) => {
  const { type, help, labels } = metrics[name];
  expect(name).toMatch(/^switchback(_[a-z]+)+$/);
  expect(name.endsWith('_total')).toBe(type === 'counter');
  expect(labels.every((label) => /^[a-z]+(_[a-z]+)*$/.test(label))).toBe(true);
  expect(help).toMatch(/^[A-Z0-9].*\.$/);
});
