import '../patience';
import { generateKeyPairSync } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import type { RunEvent, RunStatus, WaitingFor } from '../../../core/model/run';
import { runCommand } from '../../unit/cli/run-command';
import { startMemoryLab, type MemoryLab } from '../workflows/memory-lab';
import { tinyRunbook } from '../workflows/tiny-runbook';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const evidence = 'https://wiki.example.com/dr/7';

let lab: MemoryLab;

beforeAll(async () => {
  lab = await startMemoryLab(
    `${tinyRunbook({
      operations: `
  failover:
    steps:
      - name: check-invoices
        before: { phase: traffic }
        manual:
          instructions: |
            Look at the invoices in **billing**:

            1. open the list, <b>all</b> of it
            2. count
          who: [ana, sig]
          within: 10m
          remind: 300ms
  reprotect:
    steps:
      - { name: call-customers, after: { phase: stop }, manual: { instructions: Call., within: 500ms }, onFailure: continue }
      - { name: late, before: { phase: commit }, manual: { instructions: Look., within: 300ms }, onFailure: ask }
`,
    })}
people:
  - { name: ana }
  - { name: sig, publicKey: ${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')} }
`,
  );
});

afterAll(() => lab.tearDown());

const waitsFor = (name: string) => (status: RunStatus) => status.waitingFor.some((one) => one.name === name);

const events = (run: WorkflowHandle) => run.query<readonly RunEvent[]>('timeline');

const cli = (...args: readonly string[]) => runCommand([...args, '--address', lab.address]);

async function asked(run: WorkflowHandle): Promise<WaitingFor | undefined> {
  const { waitingFor } = await lab.until(run, waitsFor('check-invoices'));
  return waitingFor[0];
}

const refusalOf = (update: Promise<unknown>): Promise<string> =>
  update.then(
    () => 'accepted',
    (error: Error) => String((error.cause as Error | undefined)?.message ?? error.message),
  );

test('a manual step says what to do and how to answer, is reminded of, and failed by a signal is asked about as any step', async () => {
  const run = await lab.start('failover');
  const waiting = await asked(run);
  expect(waiting).toMatchObject({ kind: 'manual-step', who: ['ana', 'sig'] });
  expect(waiting?.expiresAt).toBeDefined();
  const { currentDetails: details } = await run.query<{ currentDetails: string }>('__temporal_workflow_metadata');
  expect(details).toContain('> Look at the invoices in **billing**:');
  expect(details).toContain('&lt;b>all&lt;/b>');
  for (const { payload } of waiting?.answers ?? []) expect(details).toContain(JSON.stringify(payload));
  expect(waiting?.answers.map(({ payload }) => payload['decision'])).toEqual(['done', 'failed']);

  const decide = (payload: object) => refusalOf(run.executeUpdate('decide', { args: [payload] }));
  expect(await decide({ by: 'ana', decision: 'approve' })).toContain('must be done or failed');
  expect(await decide({ by: 'bo', decision: 'done' })).toContain('"bo" may not decide');
  expect(await decide({ by: 'ana', decision: 'done', evidence: 'javascript:alert(1)' })).toContain('evidence');
  expect(await decide({ by: 'sig', decision: 'done' })).toContain('has a key');
  for (;;) if ((await events(run)).some(({ kind }) => kind === 'gate-reminded')) break;

  await run.signal('decide', { gate: 'check-invoices', by: 'ana', decision: 'failed', comment: '3 are missing' });
  const { waitingFor } = await lab.until(run, waitsFor('manual-step/check-invoices'));
  expect(waitingFor[0]?.prompt).toContain('ManualStepFailed: failed, says ana: 3 are missing');
  await run.executeUpdate('rollback', { args: [{ by: 'ana' }] });
  await expect(run.result()).resolves.toMatchObject({ verdict: 'rolled-back' });
});

test('failed and tried again, it is done by the command line, signed, and the report says who, when, why and where the proof is', async () => {
  const keyFile = path.join(lab.home, 'sig.pem');
  await writeFile(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const run = await lab.start('failover');
  await asked(run);
  const failed = await cli('failed', 'tiny', 'check-invoices', '--by', 'ana', '--comment', 'not yet');
  expect(failed).toMatchObject({ code: 0 });
  await lab.until(run, waitsFor('manual-step/check-invoices'));
  await run.executeUpdate('retry', { args: [{ by: 'ana' }] });
  await lab.until(
    run,
    (status) => waitsFor('check-invoices')(status) && !waitsFor('manual-step/check-invoices')(status),
  );

  const status = await cli('status', 'tiny');
  expect(status.out).toContain('open the list, <b>all</b> of it');
  expect(status.out).toMatch(/switchback done \S+ check-invoices --by ana/);
  const done = ['done', run.workflowId, 'check-invoices', '--by', 'sig', '--comment', 'all 41', '--evidence', evidence];
  expect(await cli(...done)).toMatchObject({ code: 4 });
  expect(await cli(...done, '--key', keyFile)).toMatchObject({ code: 0, out: expect.stringContaining('done') });

  const { reportFiles, verdict } = (await run.result()) as { reportFiles: readonly string[]; verdict: string };
  expect(verdict).toBe('completed');
  const [json = '', markdown = ''] = await Promise.all(reportFiles.map((file) => readFile(file, 'utf8')));
  const report = JSON.parse(json) as { gates: object[]; decisions: object[] };
  expect(report.gates).toMatchObject([
    { gate: 'check-invoices', outcome: 'failed' },
    { gate: 'check-invoices', outcome: 'passed' },
  ]);
  expect(report.decisions).toMatchObject([
    { by: 'ana', decision: 'failed', comment: 'not yet' },
    { by: 'sig', decision: 'done', comment: 'all 41', evidence, at: expect.any(String), signed: expect.anything() },
  ]);
  expect(markdown).toContain('all 41; evidence: https&#58;//wiki.example.com/dr/7');
});

test('when its time is up it has failed: it is left out, or a person is asked, as the runbook says', async () => {
  const run = await lab.start('reprotect');
  const { waitingFor } = await lab.until(run, waitsFor('manual-step/late'));
  expect(waitingFor).toHaveLength(1);
  expect(waitingFor[0]?.prompt).toContain('ManualStepOverdue: nobody has said within 0.3 s that "late" is done');
  await run.executeUpdate('markDone', { args: [{ by: 'ana', reason: 'looked at it myself' }] });
  await expect(run.result()).resolves.toMatchObject({ verdict: 'completed-with-issues' });
  const skipped = (await events(run)).find(({ kind }) => kind === 'step-skipped');
  expect(skipped).toMatchObject({ step: 'manual-step/call-customers', by: 'failure policy of the runbook' });
});
