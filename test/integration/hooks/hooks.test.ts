import '../patience';
import { createHmac } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import type { RecoveryPlan } from '../../../core/model/plan';
import type { RunEvent, StepState } from '../../../core/model/run';
import { readProcessTable } from '../../../drivers/local/workloads/process-table';
import { startMemoryLab, type MemoryLab } from '../workflows/memory-lab';
import { tinyRunbook } from '../workflows/tiny-runbook';
import { makeHookScript, type HookScript } from './hook-script';

let lab: MemoryLab;
let script: HookScript;
let server: http.Server;

interface Call {
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}
const calls: Call[] = [];
/** Statuses of the next answers; then 204. */
const answers: number[] = [];

/** What no history, report or file may hold. */
const canary = 'canary-5d41402abc4b';
const step = 'run-command/freeze@north';

beforeAll(async () => {
  script = await makeHookScript();
  server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      calls.push({ headers: request.headers, body });
      response.writeHead(answers.shift() ?? 204).end(`password=${canary}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env['TEST_HOOK_URL'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?token=${canary}`;
  process.env['TEST_HOOK_SECRET'] = `secret-${canary}`;
  lab = await startMemoryLab(
    tinyRunbook({
      operations: `
  failover:
    steps:
      - name: freeze
        before: { phase: stop }
        mode: planned
        command: [${script.file}, freeze]
        timeout: 1s
        inverse: { command: [${script.file}, thaw] }
      - name: tell
        before: { phase: commit }
        webhook: { urlFrom: TEST_HOOK_URL, secretFrom: TEST_HOOK_SECRET }
      - name: verify
        after: { phase: start, workload: store }
        command: [${script.file}, verify]
        onFailure: continue
  failback:
    steps:
      - { name: alien, before: { phase: stop }, command: [/bin/date] }
      - { name: unset, after: { phase: commit }, webhook: { urlFrom: TEST_UNSET_URL } }
`,
    }),
    { allowedCommands: [script.file] },
  );
});

afterAll(async () => {
  await lab.tearDown();
  await new Promise((resolve) => server.close(resolve));
  await script.remove();
  delete process.env['TEST_HOOK_URL'];
  delete process.env['TEST_HOOK_SECRET'];
});

const events = (run: WorkflowHandle) => run.query<readonly RunEvent[]>('timeline');

const stateOf = async (run: WorkflowHandle, id: string): Promise<StepState | undefined> => {
  const { steps, rollback } = await lab.status(run);
  return [...steps, ...rollback].find((state) => state.id === id);
};

/** Everything that Temporal keeps of a run, payloads decoded. */
async function historyOf(run: WorkflowHandle): Promise<string> {
  const { events: all } = await run.fetchHistory();
  const payloads: string[] = [];
  JSON.stringify(all, (_key, value: unknown) => {
    if (value instanceof Uint8Array) payloads.push(Buffer.from(value).toString('utf8'));
    return value;
  });
  return `${payloads.join('\n')}\n${JSON.stringify(all)}`;
}

async function filesUnder(folder: string): Promise<string> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  return (await Promise.all(files.map((file) => readFile(path.join(file.parentPath, file.name), 'utf8')))).join('\n');
}

test('a program that is not on the allow-list, and a variable that is not set, fail the plan and say what to do', async () => {
  const asked = { runbook: 'tiny', operation: 'failback' };
  const plan = (await lab.client.workflow.execute('plan', {
    taskQueue: 'switchback',
    workflowId: 'plan/1',
    args: [asked],
  })) as RecoveryPlan;
  const found = (code: string) => plan.prechecks.find((precheck) => precheck.code === code);
  expect(found('CommandsAllowed')).toMatchObject({ severity: 'error', subject: '/bin/date' });
  expect(found('CommandsAllowed')?.saw).toMatch(
    /^south: "\/bin\/date" is not on the worker's allow-list, .*SWITCHBACK_ALLOWED_COMMANDS/,
  );
  expect(found('WebhooksReady')).toMatchObject({ severity: 'error', subject: 'TEST_UNSET_URL' });
  expect(found('WebhooksReady')?.saw).toContain('set TEST_UNSET_URL');
});

test('a hook that hangs is killed with its tree when its time is up; its inverse runs at the rollback', async () => {
  await script.behave(`
    if [ "$1" = freeze ]; then sleep 600 & echo "child $!"; echo "DB_PASSWORD=${canary}"; wait; fi
    echo "thawed with token: ${canary}"`);
  const run = await lab.start('failover');
  const { waitingFor } = await lab.until(run, (status) => status.waitingFor.some(({ kind }) => kind === 'failed-step'));
  expect(waitingFor[0]).toMatchObject({ name: step });
  expect(waitingFor[0]?.prompt).toMatch(/HookFailed: .*did not end within 1 s and was killed .*DB_PASSWORD=\*\*\*/);
  const child = Number(/child (\d+)/.exec(waitingFor[0]?.prompt ?? '')?.[1]);
  const [frozen] = await script.runs();
  for (const pid of [frozen?.pid ?? 0, child]) expect(readProcessTable().find(pid)).toBeUndefined();

  await run.executeUpdate('rollback', { args: [{ by: 'ana' }] });
  await expect(run.result()).resolves.toMatchObject({ verdict: 'rolled-back' });
  const runs = await script.runs();
  expect(runs.map(({ word, site, undo }) => [word, site, undo])).toEqual([
    ['freeze', 'north', 'no'],
    ['thaw', 'north', 'yes'],
  ]);
  expect(runs[1]?.key).toMatch(/\/rollback\/undo\/run-command\/freeze@north$/);
  expect(await stateOf(run, `undo/${step}`)).toMatchObject({
    status: 'done',
    result: { summary: 'exit code 0: thawed with token: ***' },
  });
  expect(await historyOf(run)).not.toContain(canary);
  expect(await filesUnder(path.join(lab.home, 'reports'))).not.toContain(canary);
});

test('output is kept by its end, 4 KiB in the history and 64 KiB beside the reports, without credentials', async () => {
  await script.behave(`
    i=0; while [ $i -lt 3000 ]; do echo "line $i of the output, Bearer ${canary}"; i=$((i+1)); done
    [ "$1" = verify ] && exit 7
    exit 0`);
  answers.push(503, 503);
  calls.length = 0;
  const before = (await script.runs()).length;
  const run = await lab.start('failover');
  await expect(run.result()).resolves.toMatchObject({ verdict: 'completed-with-issues' });

  const { output, outputBytes, outputFile } = (await stateOf(run, step))?.result?.facts as Record<string, string>;
  expect(Buffer.byteLength(output ?? '')).toBeLessThanOrEqual(4096);
  expect(output).toMatch(/line 2999 of the output, Bearer \*\*\*$/);
  expect(outputBytes).toBeGreaterThan(100_000);
  const kept = await readFile(path.join(lab.home, 'reports', outputFile ?? ''), 'utf8');
  expect(kept.length).toBeGreaterThan(16 * 1024);
  expect(kept).toMatch(/^line \d+ of the output, Bearer \*\*\*\n/);

  // `continue`: the failure is on record, the run went on without the step.
  const left = (await events(run)).filter((event) => 'step' in event && event.step === 'run-command/verify@south');
  expect(left.map(({ kind }) => kind)).toEqual(['step-scheduled', 'step-failed', 'step-skipped']);
  expect(left[2]).toMatchObject({ by: 'failure policy of the runbook' });
  expect((await script.runs()).slice(before).map(({ word }) => word)).toEqual(['freeze', 'verify']);

  expect(await historyOf(run)).not.toContain(canary);
  expect(await filesUnder(path.join(lab.home, 'reports'))).not.toContain(canary);
});

test('a webhook is signed, and tried again under the same key', () => {
  expect(calls).toHaveLength(3);
  expect(new Set(calls.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  for (const { headers, body } of calls) {
    const at = String(headers['switchback-timestamp']);
    const hex = createHmac('sha256', `secret-${canary}`).update(`${at}.${body}`).digest('hex');
    expect(headers['switchback-signature']).toBe(`sha256=${hex}`);
    expect(JSON.parse(body)).toMatchObject({
      type: 'dev.switchback.hook.run',
      id: headers['idempotency-key'],
      data: { group: 'tiny', operation: 'failover', step: 'call-webhook/tell', undo: false },
    });
  }
});
