import { readFile } from 'node:fs/promises';
import { metricNames, metrics } from '../../../core/model/metrics';
import { guideFile } from '../../unit/monitoring/monitoring-files';
import { tinyRunbook } from '../workflows/tiny-runbook';
import { metricLines, valueOf } from './metric-samples';
import { startMonitoringLab, type MonitoringLab, type ScrapedWorker } from './monitoring-lab';
import { testWithPromtool } from './promtool/promtool';

const gate = 'gates: [{ approval: { name: go, prompt: Move? } }]';
const schedule =
  "{ name: quarterly, operation: drill, timeZone: Europe/Berlin, start: 2027-01-05T10:00, repeat: 'FREQ=MONTHLY;INTERVAL=3;BYDAY=1TU' }";
const runbook = `${tinyRunbook({ operations: `{ failover: { ${gate} } }` })}\nschedules: [${schedule}]\n`;
const group = { group: 'tiny' };
const day = 86_400;

let lab: MonitoringLab;
let one: ScrapedWorker;

/** The numbers follow one another: each test goes on where the one before ended. */
beforeAll(async () => {
  lab = await startMonitoringLab(runbook);
  one = await lab.worker();
});
afterAll(() => lab?.stop());

const until = async (name: string, labels: Readonly<Record<string, string>>, wanted: (value: number) => boolean) => {
  const text = await one.until((seen) => wanted(valueOf(seen, name, { ...group, ...labels }) ?? NaN));
  return (other: string, more: Readonly<Record<string, string>> = {}) => valueOf(text, other, { ...group, ...more });
};

test('a group that is protected has its lag as a timestamp, its objectives and its phase', async () => {
  const before = Date.now() / 1000;
  const value = await until('switchback_replication_complete_until_timestamp_seconds', {}, (seen) => seen > before - 5);
  expect(value('switchback_replication_active')).toBe(1);
  expect(value('switchback_rpo_objective_seconds')).toBe(5);
  expect(value('switchback_rto_objective_seconds')).toBe(60);
  expect(value('switchback_group_phase', { phase: 'Protected' })).toBe(1);
  expect(value('switchback_group_phase', { phase: 'Incomplete' })).toBe(0);
  expect(value('switchback_group_active_site', { site: 'primary' })).toBe(1);
  expect(value('switchback_rpo_breach')).toBe(0);
  expect(value('switchback_drill_expected_interval_seconds')).toBeNaN();
  expect(value('switchback_runs_total', { operation: 'failover', verdict: 'completed' })).toBe(0);
});

test('once it was evaluated whether a recovery would work, one of the three states is 1', async () => {
  const value = await until('switchback_group_readiness', { state: 'ready' }, (seen) => seen === 1);
  expect(value('switchback_group_readiness', { state: 'at_risk' })).toBe(0);
  expect(value('switchback_group_readiness', { state: 'not_ready' })).toBe(0);
  const evaluated = value('switchback_group_readiness_evaluated_timestamp_seconds');
  expect(evaluated).toBeGreaterThan(Date.now() / 1000 - 300);
});

test('a schedule that is applied says how often a drill is expected, paused or not', async () => {
  await lab.cli(['schedule', 'apply', 'tiny']);
  const value = await until('switchback_drill_expected_interval_seconds', {}, (seen) => seen > 0);
  expect(value('switchback_drill_expected_interval_seconds')).toBeGreaterThan(84 * day);
  expect(value('switchback_drill_expected_interval_seconds')).toBeLessThan(100 * day);
  expect(value('switchback_drill_expected_since_timestamp_seconds')).toBeGreaterThan(Date.now() / 1000 - 120);
  await lab.cli(['schedule', 'pause', 'quarterly', '--reason', 'holidays']);
  const later = Date.now() / 1000;
  const paused = await until('switchback_group_seen_timestamp_seconds', {}, (seen) => seen > later);
  expect(paused('switchback_drill_expected_interval_seconds')).toBeGreaterThan(84 * day);
});

test('a run that waits for an approval is seen with since when; once it is over, its time and verdict are', async () => {
  await lab.cli(['run', 'failover', 'tiny']);
  const waiting = await until('switchback_waiting', { waiting_for: 'approval' }, (seen) => seen === 1);
  expect(waiting('switchback_waiting_since_timestamp_seconds', { waiting_for: 'approval' })).toBeGreaterThan(
    Date.now() / 1000 - 60,
  );
  expect(waiting('switchback_waiting_since_timestamp_seconds', { waiting_for: 'window' })).toBeNaN();
  expect(waiting('switchback_group_phase', { phase: 'Recovering' })).toBe(1);
  await lab.cli(['approve', 'tiny', '--gate', 'go', '--by', 'bo']);
  await until('switchback_group_phase', { phase: 'FailedOver' }, (seen) => seen === 1);
  // The group is released before the run itself has ended.
  const over = await until('switchback_waiting', { waiting_for: 'approval' }, (seen) => seen === 0);
  expect(over('switchback_waiting_since_timestamp_seconds', { waiting_for: 'approval' })).toBeNaN();
  expect(over('switchback_recovery_time_seconds', { operation: 'failover' })).toBeGreaterThan(0);
  expect(over('switchback_recovery_time_seconds', { operation: 'failback' })).toBeNaN();
  const run = { operation: 'failover', verdict: 'completed' };
  expect(over('switchback_run_finished_timestamp_seconds', run)).toBeGreaterThan(Date.now() / 1000 - 60);
  expect(over('switchback_runs_total', run)).toBe(1);
  // Nothing is replicated from here on: an old lag would raise an alarm for ever.
  expect(over('switchback_replication_active')).toBe(0);
  expect(over('switchback_replication_complete_until_timestamp_seconds')).toBeNaN();
});

test('the lines that the guide shows are what a worker exports', async () => {
  const guide = await readFile(guideFile, 'utf8');
  const [, block = ''] = /guide-scrape[^]*?```\n([^]*?)```/.exec(guide) ?? [];
  expect(block).not.toBe('');
  const withoutValue = (line: string): string => (line.startsWith('#') ? line : line.replace(/ \S+$/, ''));
  const exported = new Set(((await one.scrape()) ?? '').split('\n').map(withoutValue));
  expect(
    block
      .trim()
      .split('\n')
      .map(withoutValue)
      .filter((line) => !exported.has(line)),
  ).toEqual([]);
});

test('every metric of the table is exported with its labels, and no other of ours', async () => {
  const lines = metricLines((await one.scrape()) ?? '').filter(({ name }) => name.startsWith('switchback_'));
  const base = (name: string): string => name.replace(/(_seconds)_(?:bucket|sum|count)$/, '$1');
  expect([...new Set(lines.map(({ name }) => base(name)))].sort()).toEqual([...metricNames].sort());
  for (const name of metricNames) {
    const found = lines.filter((line) => base(line.name) === name);
    const labels = new Set(found.flatMap((line) => Object.keys(line.labels)).filter((label) => label !== 'le'));
    expect([name, [...labels].sort()]).toEqual([name, [...metrics[name].labels].sort()]);
  }
  const steps = valueOf((await one.scrape()) ?? '', 'switchback_step_duration_seconds_count', {
    kind: 'stop-workload',
    result: 'done',
  });
  expect(steps).toBe(2);
});

testWithPromtool('the linter of Prometheus has no complaint, of the metrics of the SDK neither', async (promtool) => {
  expect(promtool(['check', 'metrics'], await one.scrape())).toEqual({ code: 0, output: '' });
});

test('another worker, and one after a restart, say the same of the group', async () => {
  const gauges = (text: string): readonly string[] =>
    text.split('\n').filter((line) => {
      const [, name = ''] = /^(switchback_\w+)\{/.exec(line) ?? [];
      const own = metrics[name as keyof typeof metrics];
      return own?.scope === 'group' && name !== 'switchback_group_seen_timestamp_seconds';
    });
  const before = gauges((await one.scrape()) ?? '');
  const two = await lab.worker();
  const isFilled = (text: string): boolean => gauges(text).length === before.length;
  expect(gauges(await two.until(isFilled))).toEqual(before);
  await Promise.all([one.stop(), two.stop()]);
  one = await lab.worker();
  expect(gauges(await one.until(isFilled))).toEqual(before);
});

test('what is not known any more is not shown as if it were', async () => {
  const seen = valueOf((await one.scrape()) ?? '', 'switchback_group_seen_timestamp_seconds', group);
  await lab.client.workflow.getHandle('protection/tiny').terminate('the group is given up');
  const value = await until('switchback_rpo_objective_seconds', {}, (objective) => Number.isNaN(objective));
  expect(value('switchback_group_phase', { phase: 'FailedOver' })).toBeNaN();
  expect(value('switchback_group_seen_timestamp_seconds')).toBeGreaterThanOrEqual(seen ?? NaN);
});
