import '../patience';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { HistoryRow } from '../../../cli/temporal/group-history';
import type { GroupStatus } from '../../../cli/views/group-status';
import type { RunComparison } from '../../../core/report/compare-runs';
import { startInstallation, type Installation } from './installation';

/** Two Temporal servers with a worker each, and the same two sites: one story, each test goes on where the one before stopped. */
let first: Installation;
let second: Installation;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-states-'));
  first = await startInstallation();
}, 1_300_000);
afterAll(async () => {
  await first.stop();
  await second.stop();
  await rm(folder, { recursive: true, force: true });
});

const file = (name: string): string => path.join(folder, name);

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50));
}

const status = async (lab: Installation): Promise<GroupStatus> =>
  ((await lab.json('status', 'shop')).value as GroupStatus[])[0] as GroupStatus;

const waitsFor = (lab: Installation, gate: string): Promise<void> =>
  until(async () => (await status(lab)).runs.some(({ waitingFor }) => waitingFor.some(({ name }) => name === gate)));

/** A window that is open now, as the runbook's zone writes it. */
function openNow(): string {
  const parts = new Intl.DateTimeFormat('sv-SE', {
    ...{ timeZone: 'Europe/Berlin', dateStyle: 'short', timeStyle: 'short' },
  }).format(new Date(Date.now() - 3_600_000));
  return `night=${parts.replace(' ', 'T')}/2h`;
}

const quietly = { signal: new AbortController().signal, progress: () => undefined };

test('while an operation holds the group its state is not exported, unless it is forced', async () => {
  await until(async () => (await status(first)).state?.phase === 'Protected');
  await first.cli('run', 'failover', 'shop', '--workflow-id', 'failover/shop/one', '--reason', 'a rehearsal');
  await waitsFor(first, 'cutover');
  const refused = await first.cli('state', 'export', 'shop', '--out', file('held.json'));
  expect([refused.code, refused.notes]).toEqual([4, expect.stringContaining('is held by failover failover/shop/one')]);
  expect((await first.cli('state', 'export', 'shop', '--out', file('held.json'), '--force')).code).toBe(0);
  const moving = await first.cli('state', 'export', 'shop', '--out', file('moving.json'), '--force', '--move');
  expect([moving.code, moving.notes]).toEqual([4, expect.stringContaining('Wait for its end before you move it')]);
});

test('the history has what ran and what runs, with figures of what has ended and who asked for it', async () => {
  const running = (await first.json('history', 'shop')).value as HistoryRow[];
  expect(running).toEqual([expect.objectContaining({ workflowId: 'failover/shop/one', verdict: 'running' })]);
  await first.cli('approve', 'shop', '--by', 'bo@example.com');
  expect((await first.cli('watch', 'failover/shop/one')).code).toBe(0);
  expect((await first.cli('run', 'reprotect', 'shop', '--wait')).code).toBe(0);
  await first.cli('run', 'failback', 'shop', '--wait', '--window', 'night=2026-01-01T00:00/1h');
  const rows = (await first.json('history', 'shop')).value as HistoryRow[];
  expect(rows.map(({ operation, verdict }) => [operation, verdict])).toEqual([
    ['failback', 'declined'],
    ['reprotect', 'completed'],
    ['failover', 'completed'],
  ]);
  expect(rows[2]?.figures).toMatchObject({
    ...{ mode: 'planned', requestedBy: 'ana@example.com', dataLoss: { status: 'none' } },
    recovery: { seconds: expect.any(Number), peopleSeconds: expect.any(Number) },
    downtime: { seconds: expect.any(Number) },
  });
  expect((await first.json('history', 'shop', '--limit', '1')).value).toHaveLength(1);
  const { out } = await first.cli('history', 'shop');
  expect(out).toMatch(
    /started +operation +verdict .*\n.* failback +declined .*\n.*\n.* failover +completed .* ana@example.com +failover\/shop\/one/,
  );
});

test('two runs are compared from Temporal, and from the files of their reports without it', async () => {
  const runs = ((await first.json('history', 'shop')).value as HistoryRow[]).map(({ workflowId }) => workflowId);
  const asked = (await first.json('diff', runs[2] ?? '', runs[0] ?? '')).value as RunComparison;
  expect([asked.first.verdict, asked.second.verdict, asked.plan.same]).toEqual(['completed', 'declined', false]);
  expect(asked.decisions.first).toEqual([{ gate: 'cutover', by: 'bo@example.com', decision: 'approve' }]);
  for (const [index, run] of [runs[2], runs[0]].entries()) {
    const { out } = await first.cli('report', run ?? '', '--format', 'json');
    await writeFile(file(`report-${index}.json`), out);
  }
  const files = [file('report-0.json'), file('report-1.json')];
  const nowhere = ['--address', '127.0.0.1:1'];
  const { code, value } = await first.json('diff', ...files, ...nowhere);
  expect([code, (value as RunComparison).plan]).toEqual([0, asked.plan]);
  expect((await first.cli('diff', ...files, ...nowhere)).out).toContain('first   failover/shop/one  completed');
  const wrong = await first.cli('diff', file('held.json'), files[0] ?? '', ...nowhere);
  expect([wrong.code, wrong.notes]).toEqual([3, expect.stringContaining('holds no report')]);
});

test('a group that is moved is looked after no longer where it was, and every operation there is told so', async () => {
  const { code, notes } = await first.cli('state', 'export', 'shop', '--out', file('shop.json'), '--move');
  expect([code, notes]).toEqual([0, expect.stringContaining('nothing is done for it here any more')]);
  expect((await status(first)).state).toMatchObject({ moved: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } });
  expect((await first.cli('status', 'shop')).out).toContain('moved to another Temporal at');
  const run = await first.cli('run', 'failback', 'shop', '--wait', '--window', openNow());
  expect([run.code, run.notes]).toEqual([4, expect.stringContaining('was moved to another Temporal')]);
  const again = await first.cli('state', 'export', 'shop');
  expect([again.code, again.notes]).toEqual([4, expect.stringContaining('export it there')]);
  expect((await first.cli('state', 'export', 'shop', '--out', file('shop.json'))).code).not.toBe(0);
});

test('a file that was changed is refused', async () => {
  const text = await readFile(file('shop.json'), 'utf8');
  await writeFile(file('changed.json'), text.replace('"epoch": 2', '"epoch": 1'));
  const { code, notes } = await first.cli('state', 'import', file('changed.json'));
  expect([code, notes]).toEqual([3, expect.stringContaining('its checksum does not fit')]);
});

test('another Temporal takes it over with its runs, and a failback completes there', async () => {
  second = await startInstallation(first.world);
  await until(async () => (await status(second)).state !== undefined);
  const { code, out } = await second.cli('state', 'import', file('shop.json'), '--group', 'shop');
  expect([code, out]).toEqual([0, expect.stringContaining('shop: imported: ReverseProtected, epoch 2')]);
  const rows = (await second.json('history', 'shop')).value as HistoryRow[];
  expect(rows.map(({ operation }) => operation)).toEqual(['failback', 'reprotect', 'failover']);
  expect((await second.json('state', 'import', file('shop.json'))).value).toMatchObject({ imported: false });
  const failback = await second.cli('run', 'failback', 'shop', '--wait', '--window', openNow());
  expect(failback.code).toBe(0);
  expect((await status(second)).state).toMatchObject({ phase: 'Protected', activeSite: 'primary' });
});

test('a file of before somebody moved is refused, whatever else is said', async () => {
  const { code, notes } = await second.cli('state', 'import', file('shop.json'), '--replace');
  expect([code, notes]).toEqual([
    4,
    expect.stringMatching(/somebody has moved group "shop" since: site ".*" shows epoch/),
  ]);
  const other = await second.cli('state', 'import', file('shop.json'), '--phase', 'FailedOver', '--replace');
  expect([other.code, other.notes]).toEqual([4, expect.stringContaining('FailedOver means that beta is active')]);
});

test('what was moved by hand is taken up with the phase that its sites show, and goes on from there', async () => {
  const { world, runbook } = first;
  const { primary, recovery } = runbook.sites;
  const [state] = [(await status(second)).state];
  expect((await second.cli('state', 'export', 'shop', '--out', file('before.json'))).code).toBe(0);
  const by = (step: string) => ({ group: 'shop', operationKey: `hand/${step}`, epoch: 1004 });
  for (const workload of [...runbook.workloads].reverse())
    await world.workload.stop(primary, workload, by(`stop-${workload.name}`), quietly);
  await world.workload.fence(primary, by('fence'), quietly);
  await world.workload.unfence(recovery, by('unfence'), quietly);
  for (const volume of runbook.volumes) {
    await world.replication.sync({ ...by('sync'), volume, source: primary, target: recovery, final: true }, quietly);
    await world.replication.claim(recovery, volume, by('claim'), quietly);
  }
  for (const workload of runbook.workloads)
    await world.workload.start(recovery, workload, by(`start-${workload.name}`), quietly);
  const known = await second.cli('state', 'import', file('before.json'), '--phase', 'FailedOver');
  expect([known.code, known.notes]).toEqual([4, expect.stringContaining('With --replace what it knows is forgotten')]);
  const taken = await second.cli('state', 'import', file('before.json'), '--phase', 'FailedOver', '--replace');
  expect([taken.code, taken.out]).toEqual([0, expect.stringContaining('shop: imported: FailedOver, epoch 1004')]);
  expect((await status(second)).state?.runs).toEqual(state?.runs);
  expect((await second.cli('run', 'reprotect', 'shop', '--wait')).code).toBe(0);
});

test('with a site that does not answer nobody knows what was done there: only --force goes on', async () => {
  expect((await second.cli('state', 'export', 'shop', '--out', file('last.json'))).code).toBe(0);
  second.world.disasters.isolate('alpha');
  const { code, notes } = await second.cli('state', 'import', file('last.json'));
  expect([code, notes]).toEqual([expect.any(Number), expect.stringContaining('site "alpha" does not answer')]);
  expect(code).not.toBe(0);
  expect((await second.cli('state', 'import', file('last.json'), '--force')).code).toBe(0);
});
