import '../patience';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { RecoveryPlan } from '../../../core/model/plan';
import type { Report } from '../../../core/report/report';
import type { GroupStatus } from '../../../cli/views/group-status';
import { startInstallation, type Installation } from './installation';

/** One installation and one story: each test goes on where the one before it stopped. */
let lab: Installation;
let run: string;

beforeAll(async () => {
  lab = await startInstallation();
}, 1_300_000);
afterAll(() => lab.stop());

const status = async (): Promise<GroupStatus> => {
  const { value } = await lab.json('status', 'shop');
  return (value as GroupStatus[])[0] as GroupStatus;
};

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50));
}

const waitsFor = (gate: string): Promise<void> =>
  until(async () => (await status()).runs.some(({ waitingFor }) => waitingFor.some(({ name }) => name === gate)));

test('the group is protected, and its replication is shown', async () => {
  await until(async () => (await status()).state?.phase === 'Protected');
  const { code, out } = await lab.cli('status');
  expect(code).toBe(0);
  expect(out).toMatch(/^shop {2}Protected\n {2}active {5}primary site, epoch 1\n {2}data {7}primary to recovery, /);
});

test('the doctor finds everything in order, from the server to the way between the sites', async () => {
  const { code, out, notes } = await lab.cli('doctor');
  expect({ code, notes }).toEqual({ code: 0, notes: '' });
  for (const id of ['server-answers', 'search-attributes', 'permissions', 'worker-polls', 'sites-connected']) {
    expect(out).toContain(`✓ ${id}`);
  }
  expect(out).toMatch(/[✓!] poll-rate +a step that does nothing takes \d/);
});

test('sites shows both sites, and with "test" the way between them', async () => {
  const { code, out } = await lab.cli('sites', 'test');
  expect(code).toBe(0);
  expect(out).toContain('✓ alpha primary site, active');
  expect(out).toContain('✓ alpha → beta: connected');
  expect((await lab.cli('sites', 'shop')).out).not.toContain('→');
});

test('plan shows the tree and changes nothing; with --json it is the plan itself', async () => {
  const before = lab.world.snapshot();
  const { code, out } = await lab.cli('plan', 'shop', '--operation', 'failover');
  expect(code).toBe(0);
  expect(out).toContain('planned failover of shop from alpha to beta');
  const { value } = await lab.json('plan', 'runbooks/shop.yaml', '--operation', 'failover');
  expect(value as RecoveryPlan).toMatchObject({ group: 'shop', operation: 'failover', version: 1 });
  expect(lab.world.snapshot()).toEqual(before);
});

test.each([
  [
    'an operation that the state does not allow is planned with exit code 4',
    4,
    ['plan', 'shop', '--operation', 'reprotect'],
    'WrongState',
  ],
  ['a runbook that the worker does not have', 3, ['plan', 'shap', '--operation', 'failover'], 'there: shop'],
  ['a run that there is not', 3, ['watch', 'failover/shop/nothing'], 'there is no such run'],
  ['a group that there is not', 3, ['watch', 'shap'], 'there is no such run'],
  ['a message to a run that there is not', 3, ['approve', 'failover/shop/nothing'], 'there is no such run'],
  ['a namespace that there is not', 3, ['status', '--namespace', 'nowhere'], 'nowhere'],
])('%s', async (_title, exitCode, args, says) => {
  const { code, out, notes } = await lab.cli(...args);
  expect(code).toBe(exitCode);
  expect(out + notes).toContain(says);
});

test('run starts an operation and says how to watch it', async () => {
  const { code, out } = await lab.cli('run', 'failover', 'shop', '--reason', 'a rehearsal');
  expect(code).toBe(0);
  run = /started (\S+)/.exec(out)?.[1] ?? '';
  expect(run).toMatch(/^failover\/shop\/\d{8}-\d{6}$/);
  expect(out).toContain(`switchback watch ${run}`);
});

test('status names the gate and the exact command that answers', async () => {
  await waitsFor('cutover');
  expect((await lab.cli('status')).out).toContain(`switchback approve ${run} --gate cutover`);
});

test('ctrl-c ends the watching with 130 and leaves the run alone', async () => {
  const watching = spawn(process.execPath, ['bin/switchback.js', 'watch', run, '--address', lab.address]);
  let notes = '';
  watching.stderr.on('data', (chunk: Buffer) => (notes += chunk.toString()));
  const ended = new Promise((resolve) => watching.on('close', resolve));
  // The log has caught up with the run when it says how to answer.
  await new Promise<void>((resolve) => {
    let out = '';
    watching.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      if (out.includes('switchback approve')) resolve();
    });
  });
  watching.kill('SIGINT');
  expect(await ended).toBe(130);
  expect(notes).toBe(`The run goes on. To watch it again: switchback watch ${run}\n`);
  expect((await status()).runs[0]?.phase).toBe('waiting');
});

test('a second run of the group is refused with 4', async () => {
  const { code, notes } = await lab.cli('run', 'failover', 'shop', '--wait');
  expect(code).toBe(4);
  expect(notes).toContain(`GroupBusy: group "shop" is held by failover ${run}`);
});

test('wait ends at once when its gate is open, with 8 when its time is up, and says what else there is', async () => {
  expect(await lab.cli('wait', 'shop', '--for', 'gate=cutover')).toMatchObject({
    code: 0,
    out: expect.stringContaining(`${run} waits for cutover`),
  });
  expect((await lab.json('wait', run, '--for', 'question')).value).toEqual({ workflowId: run, waitsFor: 'cutover' });
  const { code, notes } = await lab.cli('wait', run, '--timeout', '1s');
  expect([code, notes]).toEqual([8, expect.stringContaining('The run goes on')]);
});

test('a message that is not possible now is refused with 4 and changes nothing', async () => {
  const { code, value } = await lab.json('retry', 'shop', '--by', 'bo');
  expect(code).toBe(4);
  expect(value).toMatchObject({
    accepted: false,
    workflowId: run,
    because: expect.stringContaining('no step has failed'),
  });
});

test('a declined run ends with 2, and the comment is in its report without escape sequences', async () => {
  const { code, notes } = await lab.cli('reject', run, '--gate', 'cutover', '--comment', 'not today\u001b[2J');
  expect(code).toBe(0);
  expect(notes).toMatch(/gate cutover, plan [0-9a-f]{12}: estimate .*; lag .*; no data lost; no warnings/);
  const watched = await lab.cli('watch', run);
  expect(watched.code).toBe(2);
  expect(watched.out).toContain('! ana@example.com declined cutover: not today');
  const report = await lab.cli('report', run);
  expect(report.out).toContain('not today');
  expect(report.out + watched.out).not.toContain('\u001b');
});

test('wait for a gate ends with the verdict of a run that has ended without it', async () => {
  const { code, out } = await lab.cli('wait', run, '--for', 'gate=other');
  expect([code, out]).toEqual([2, expect.stringContaining('declined: ')]);
});

test('a message to a run that has ended is refused with 4', async () => {
  const { code, notes } = await lab.cli('approve', run);
  expect(code).toBe(4);
  expect(notes).toContain('the run has ended (completed)');
});

test('an approved run is watched as JSON lines to its verdict, 0', async () => {
  const plan = (await lab.json('plan', 'shop', '--operation', 'failover')).value as RecoveryPlan;
  const started = (await lab.json('run', 'failover', 'shop', '--workflow-id', 'failover/shop/second')).value;
  expect(started).toMatchObject({ workflowId: 'failover/shop/second', runId: expect.any(String) });
  expect(plan.hash).toMatch(/^[0-9a-f]{64}$/);
  await waitsFor('cutover');
  const own = await lab.cli('approve', 'shop', '--comment', 'go');
  expect([own.code, own.notes]).toEqual([4, expect.stringContaining('has asked for this run: somebody else')]);
  const other = await lab.cli('approve', 'shop', '--plan', '0123456789ab', '--by', 'bo@example.com');
  expect([other.code, other.notes]).toEqual([
    4,
    expect.stringMatching(/the plan of this run is [0-9a-f]{12}, not 01234/),
  ]);
  const hash = (await status()).runs[0]?.planHash ?? '';
  const decided = ['approve', 'shop', '--comment', 'go', '--by', 'bo@example.com'];
  const approved = await lab.json(...decided);
  const payload = expect.objectContaining({ decision: 'approve', planHash: hash });
  expect([approved.code, approved.value]).toEqual([0, expect.objectContaining({ accepted: true, payload })]);
  const { code, out } = await lab.cli('watch', 'shop', '--json');
  expect(code).toBe(0);
  const lines = out.split('\n').map((line) => JSON.parse(line) as { kind: string; verdict?: string });
  expect(lines[0]).toMatchObject({ kind: 'run-started', requestedBy: 'ana@example.com' });
  expect(lines.at(-1)).toMatchObject({ kind: 'result', verdict: 'completed', reportFiles: expect.any(Array) });
});

test('the report of the newest run of a group is built from its events', async () => {
  const { code, value } = await lab.json('report', 'shop');
  expect(code).toBe(0);
  expect(value as Report).toMatchObject({ verdict: 'completed', run: { workflowId: 'failover/shop/second' } });
});

test('a saved plan is run exactly; one that is not what would run now is refused with 4, and says why', async () => {
  const refused = await lab.cli('run', 'reprotect', 'shop', '--wait', '--expect-plan', 'c0ffee');
  expect(refused.code).toBe(4);
  expect(refused.notes).toContain('PlanChanged');
  const folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-plans-'));
  const file = path.join(folder, 'reprotect.plan.json');
  expect((await lab.cli('plan', 'shop', '--operation', 'reprotect', '--out', file)).notes).toContain('switchback run ');
  expect((await lab.cli('plan', 'shop', '--operation', 'reprotect', '--out', file)).code).toBe(3);
  expect((await lab.cli('run', file, 'shop')).notes).toContain('leave out a runbook');
  const { code, value } = await lab.json('run', file, '--wait');
  expect(code).toBe(0);
  const saved = JSON.parse(await readFile(file, 'utf8')) as { readonly plan: RecoveryPlan };
  const fewer = { ...saved.plan, hash: 'another', steps: saved.plan.steps.slice(1) };
  await writeFile(file, JSON.stringify({ ...saved, plan: fewer }));
  const stale = await lab.cli('run', file);
  expect(stale.code).toBe(4);
  expect(stale.notes).toMatch(/PlanChanged: .* is not what would run now: new step: /);
  await writeFile(file, '{"switchbackPlan":2}');
  expect((await lab.cli('run', file)).notes).toContain('holds no saved plan');
  await rm(folder, { recursive: true });
  expect(value).toMatchObject({ verdict: 'completed', workflowId: expect.stringMatching(/^reprotect\/shop\//) });
  expect((await lab.cli('status')).out).toContain('recovery to primary, ');
  expect((await status()).state?.replication.rpoSeconds).toBe(900);
});

test('a window that is over declines the failback with 2', async () => {
  const { code } = await lab.cli('run', 'failback', 'shop', '--wait', '--window', 'night=2026-01-01T00:00/1h');
  expect(code).toBe(2);
});

test('a run that was terminated by hand ends its watch with 1, and says so', async () => {
  await lab.cli(
    'run',
    'failback',
    'shop',
    '--workflow-id',
    'failback/shop/late',
    '--window',
    'night=2099-01-01T00:00/1h',
  );
  await waitsFor('night');
  const watching = lab.cli('watch', 'failback/shop/late');
  await lab.terminate('failback/shop/late');
  const { code, notes } = await watching;
  expect(code).toBe(1);
  expect(notes).toMatch(/terminated/i);
});

test('the run that ended early is resumed by its group; aborted, it says what runs where, and is resumed again', async () => {
  const first = await lab.cli('run', 'resume', 'shop', '--workflow-id', 'failback/shop/again');
  expect(first).toMatchObject({ code: 0, out: expect.stringContaining('started failback/shop/again') as string });
  await waitsFor('night');
  const running = await lab.cli('run', 'resume', 'failback/shop/again');
  expect(running).toMatchObject({ code: 4, notes: expect.stringContaining('still runs') as string });
  const aborting = lab.cli('watch', 'failback/shop/again');
  expect((await lab.cli('abort', 'shop', '--reason', 'network is down')).code).toBe(0);
  const { code, out } = await aborting;
  expect({ code, out }).toEqual({
    code: 6,
    out: expect.stringContaining('beta (recovery): runs: ledger, web') as string,
  });
  const { out: after } = await lab.cli('status', 'shop');
  expect(after).toContain('✗ failback stopped: ana@example.com: network is down');
  expect(after).toContain('alpha (primary): runs: nothing; stopped: ledger, web;');
  expect(after).toContain('switchback run resume failback/shop/again');
  const given = await lab.cli('run', 'resume', 'shop', '--window', 'night=2099-01-01T00:00/1h');
  expect(given).toMatchObject({ code: 3, notes: expect.stringContaining('leave out --window') as string });
  expect((await lab.cli('run', 'resume', 'failback/shop/again', '--workflow-id', 'failback/shop/third')).code).toBe(0);
  await waitsFor('night');
  const undoing = lab.cli('watch', 'failback/shop/third');
  expect((await lab.cli('rollback', 'shop')).code).toBe(0);
  expect((await undoing).code).toBe(5);
  const nothing = await lab.cli('run', 'resume', 'shop');
  expect(nothing).toMatchObject({ code: 4, notes: expect.stringContaining('no run of it ended early') as string });
});

test('a site that does not answer makes sites and doctor end with 1', async () => {
  lab.world.disasters.isolate('alpha');
  const sites = await lab.cli('sites', 'shop');
  expect(sites.code).toBe(1);
  expect(sites.out).toContain('✗ alpha primary site');
  const doctor = await lab.cli('doctor', 'shop');
  expect(doctor.code).toBe(1);
  expect(doctor.out).toMatch(/✗ site-health .*alpha/);
  lab.world.disasters.reconnect('alpha');
});

test('without a worker, what needs one ends with 7, and the doctor names it with 1', async () => {
  await lab.stopWorker();
  const { code, notes } = await lab.cli('report', 'shop');
  expect({ code, notes }).toEqual({ code: 7, notes: expect.stringContaining('switchback worker') as string });
  const doctor = await lab.cli('doctor', 'shop');
  expect(doctor.code).toBe(1);
  expect(doctor.out).toMatch(/✗ (worker-polls|poll-rate)/);
  expect(doctor.out).not.toContain('site-health');
});
