import { readdirSync } from 'node:fs';
import type { CheckSpec, Probe } from '../../../core/model/check';
import type { Runbook } from '../../../core/model/runbook';
import type { WorkloadSpec } from '../../../core/model/workload';
import { selfReported } from '../../../core/readiness/rules/checks';
import { publishedRunbook, runbooksFolder } from '../planning/shop';
import { evaluate, shopInput } from './subjects';

const page: Probe = { kind: 'http', port: 7103, path: '/orders', status: 200 };
const health: Probe = { ...page, path: '/health' };
const connection: Probe = { kind: 'tcp', port: 7103 };

const check = (probe: Probe): CheckSpec => ({
  ...{ name: 'it answers', probe, timeoutMs: 1000, intervalMs: 100, successes: 1, withinSeconds: 10 },
});
/** web depends on api, and api on the ledger; each has the checks that are given, and no others. */
const withChecks =
  (probes: Readonly<Partial<Record<string, readonly Probe[]>>>, integrity: readonly Probe[] = []) =>
  (runbook: Runbook): Runbook => ({
    ...runbook,
    workloads: runbook.workloads.map((one) => ({ ...one, checks: (probes[one.name] ?? []).map(check) })),
    integrity: integrity.map(check),
  });
const inCluster = (kind: string) => (runbook: Runbook) => ({
  ...runbook,
  workloads: runbook.workloads.map(({ local: _local, ...one }): WorkloadSpec => ({ ...one, kubernetes: { kind } })),
});

const whatOf = (change: (runbook: Runbook) => Runbook): string | undefined =>
  selfReported({ ...shopInput({ runbook: change }), plans: [] })[0]?.what;

test('who is only asked for its own word puts the group at risk, once for all of them', async () => {
  const runbook = withChecks({ api: [connection], ledger: [health, connection] });
  expect(await evaluate({ runbook })).toMatchObject({
    state: 'AtRisk',
    reasons: [
      {
        code: 'HealthSelfReported',
        subject: 'checks',
        what: 'ledger: only what it says of its own health, that it accepts connections; api: only that it accepts connections; web: only that it runs',
        doThis: expect.stringContaining('asks what customers ask'),
      },
    ],
  });
});

test.each<[string, Probe]>([
  ['nothing but a connection', connection],
  ['a page of its own health', health],
  ['a page of readiness', { ...page, path: '/web/ready?full=1' }],
  ['the name', { kind: 'dns', name: 'shop.example.test', type: 'A', expect: ['127.0.1.1'] }],
  ['the data', { kind: 'checksum', volume: 'orders' }],
])('%s says nothing of what customers see', (_what, probe) => {
  expect(whatOf(withChecks({ web: [probe] }))).toMatch(/web: only/);
});

test.each<[string, Probe]>([
  ['a page', page],
  ['what the other side says by itself', { ...connection, banner: 'SSH-2.0' }],
  ['a program', { kind: 'command', command: ['buy-something'] }],
  ['a query', { kind: 'sql', port: 7103, database: 'd', user: 'u', query: 'select 1', expect: '1' }],
])('%s, asked of what depends on all others, tells of all', (_what, probe) => {
  expect(whatOf(withChecks({ web: [probe] }))).toBeUndefined();
});

test('what is asked of a workload tells nothing of those that depend on it', () => {
  expect(whatOf(withChecks({ api: [page] }))).toBe('web: only that it runs');
});

test('a check of the integrity tells of the workload at its port', () => {
  expect(whatOf(withChecks({}, [page]))).toBeUndefined();
  expect(whatOf(withChecks({}, [{ ...page, port: 7102 }]))).toBe('web: only that it runs');
  expect(whatOf(withChecks({}, [{ kind: 'checksum', volume: 'orders' }]))).toMatch(/ledger.*api.*web/);
});

test('in a cluster Ready is the word of the cluster; one check of the integrity tells of all that is behind its address', () => {
  const unchecked = (integrity: readonly Probe[]) => (runbook: Runbook) =>
    inCluster('Deployment')(withChecks({}, integrity)(runbook));
  expect(whatOf(unchecked([]))).toMatch(/web: only that its instances are Ready$/);
  expect(whatOf(unchecked([page]))).toBeUndefined();
});

test('nobody waits for an answer of what runs by the clock', () => {
  expect(whatOf((runbook) => inCluster('CronJob')(withChecks({})(runbook)))).toBeUndefined();
});

const files = readdirSync(runbooksFolder, { recursive: true, encoding: 'utf8' });
test.each(files.filter((file) => file.endsWith('.yaml')))('nobody in %s is known by its own word alone', (file) => {
  expect(whatOf(() => publishedRunbook(file))).toBeUndefined();
});
