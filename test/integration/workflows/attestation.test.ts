import '../patience';
import { generateKeyPairSync, sign } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import type { AttestationResult, AttestationStatus } from '../../../core/model/attestation';
import { attestationWorkflowId } from '../../../core/model/names';
import type { RunEvent } from '../../../core/model/run';
import { attestationStatement } from '../../../core/running/attestation-rules';
import { until } from '../faults/until';
import { keepRecorded } from './history-file';
import { startMemoryLab, type MemoryLab } from './memory-lab';
import { tinyRunbook } from './tiny-runbook';

const key = generateKeyPairSync('ed25519');
const publicKey = key.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');

const runbook = (attestation: string): string => `${tinyRunbook({
  operations: `{ drill: { attestation: ${attestation}, gates: [{ approval: { name: go, prompt: Now? } }] } }`,
})}
people:
  - { name: ana, groups: [sre] }
  - { name: bo }
  - { name: sig, groups: [sre], publicKey: ${publicKey} }
notices:
  - { name: chat, urlFrom: TEST_ATTEST_URL, format: slack, on: [attestation] }
`;

const told: string[] = [];
let server: http.Server;
beforeAll(async () => {
  server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      told.push((JSON.parse(body) as { readonly text: string }).text);
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env['TEST_ATTEST_URL'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  delete process.env['TEST_ATTEST_URL'];
});

const decide = (run: WorkflowHandle, decision: 'approve' | 'decline'): Promise<unknown> =>
  run.executeUpdate('decide', { args: [{ by: 'bo', decision }] });

describe('a drill that is over', () => {
  let lab: MemoryLab;
  beforeAll(async () => {
    lab = await startMemoryLab(runbook('{ by: [sre], remind: 1h }'));
  });
  afterAll(() => lab.tearDown());

  /** A drill that was held, and the workflow that asks about it. */
  async function held(): Promise<{ run: WorkflowHandle; asked: WorkflowHandle }> {
    const run = await lab.start('drill');
    await lab.until(run, ({ waitingFor }) => waitingFor.length > 0);
    await decide(run, 'approve');
    await expect(run.result()).resolves.toMatchObject({ verdict: 'completed' });
    return { run, asked: lab.client.workflow.getHandle(await idOf(run)) };
  }

  const idOf = async (run: WorkflowHandle): Promise<string> =>
    attestationWorkflowId({ workflowId: run.workflowId, runId: (await run.describe()).runId });
  const statusOf = (asked: WorkflowHandle): Promise<AttestationStatus> => asked.query<AttestationStatus>('status');
  const attest = (asked: WorkflowHandle, message: object): Promise<unknown> =>
    asked.executeUpdate('attest', { args: [message] });

  const list = async (query: string): Promise<readonly string[]> => {
    const ids: string[] = [];
    for await (const { workflowId } of lab.client.workflow.list({ query })) ids.push(workflowId);
    return ids;
  };

  test('waits for a person, who is shown the facts; an update closes it, and it is on record and counted', async () => {
    const { run, asked } = await held();
    const { runId } = await run.describe();
    const status = await statusOf(asked);
    expect(status).toMatchObject({
      who: ['ana', 'sig'],
      reminders: 0,
      drill: {
        runId,
        workflowId: run.workflowId,
        verdict: 'completed',
        facts: {
          site: 'south',
          healthySeconds: expect.any(Number),
          data: [{ volume: 'data', asOf: expect.any(String) }],
        },
      },
      answers: [{ message: 'attest', payload: { by: 'ana', verdict: 'passed', notes: 'what was seen' } }, {}],
    });
    const waiting = 'WorkflowType = "attestation" AND SwitchbackWaitingFor = "attestation"';
    await until('it is found among what waits', async () => (await list(waiting)).includes(asked.workflowId));
    await until('the group counts it', async () => (await lab.state()).drills !== undefined);
    expect((await lab.state()).drills).toMatchObject({ unattested: [{ runId }], passed: 0, failed: 0 });

    for (const [message, because] of [
      [{ by: 'bo', verdict: 'passed', notes: 'all good' }, /"bo" may not attest this drill; it asks ana, sig/],
      [{ by: 'ana', verdict: 'passed' }, /notes: /],
      [{ by: 'ana', verdict: 'fine', notes: 'x' }, /verdict: /],
      [{ by: 'ana', verdict: 'passed', notes: 'x', planHash: 'c0ffee' }, /the plan of this drill was/],
      [{ by: 'sig', verdict: 'passed', notes: 'x' }, /"sig" has a key: sign it/],
      [{ by: 'ana', verdict: 'passed', notes: 'x', evidence: 'wiki' }, /evidence: /],
      ['passed', /attest|object/],
    ] as const) {
      await expect(asked.executeUpdate('attest', { args: [message] })).rejects.toMatchObject({
        cause: { message: expect.stringMatching(because) },
      });
    }
    expect((await statusOf(asked)).attestation).toBeUndefined();

    const evidence = 'https://wiki.example.com/dr/7';
    await attest(asked, { by: 'Ana', verdict: 'passed', notes: 'all orders there', evidence });
    const result = (await asked.result()) as AttestationResult;
    expect(result).toMatchObject({ verdict: 'passed', by: 'Ana', notes: 'all orders there', evidence, via: 'update' });
    expect(result.signed).toBeUndefined();
    const { drills } = await lab.state();
    expect(drills).toMatchObject({ unattested: [], passed: 1, failed: 0, attested: [{ runId, by: 'Ana' }] });
    const passed = 'WorkflowType = "attestation" AND SwitchbackOutcome = "passed" AND SwitchbackGroup = "tiny"';
    await until('it is found as passed', async () => (await list(passed)).includes(asked.workflowId));
    expect(await list(waiting)).not.toContain(asked.workflowId);

    const folder = path.join(lab.home, 'reports', 'tiny');
    const files = await readdir(folder);
    expect(result.files.map((file) => path.basename(file)).every((file) => files.includes(file))).toBe(true);
    const [json = '', markdown = ''] = result.files;
    expect(JSON.parse(await readFile(json, 'utf8'))).toMatchObject({
      drill: { runId, planHash: status.drill.planHash },
      attestation: { by: 'Ana', verdict: 'passed' },
    });
    expect(await readFile(markdown, 'utf8')).toContain('all orders there');
    expect(told).toContain('drill of tiny was attested as passed by Ana: all orders there');
    await expect(attest(asked, { by: 'ana', verdict: 'failed', notes: 'no' })).rejects.toThrow();
    await keepRecorded(lab.home, 'attestation', asked);
    await keepRecorded(lab.home, 'drill-attested', run);
  });

  test('is attested by a signal as well; a bad one changes nothing and its reason is shown', async () => {
    const { asked } = await held();
    await asked.signal('attest', { by: 'bo', verdict: 'failed', notes: 'late' });
    await until(
      'the refusal is shown',
      async () => (await statusOf(asked)).lastRefusal?.includes('"bo" may not') === true,
    );
    await asked.signal('attest', { by: 'ana', verdict: 'failed', notes: 'prices were old' });
    await expect(asked.result()).resolves.toMatchObject({ verdict: 'failed', via: 'signal', by: 'ana' });
    expect((await lab.state()).drills).toMatchObject({ passed: 1, failed: 1, unattested: [] });
  });

  test('is attested in the name of somebody with a key by a signature for this drill only', async () => {
    const [first, second] = [await held(), await held()];
    const { drill } = await statusOf(first.asked);
    const said = { by: 'sig', verdict: 'passed', notes: 'signed' } as const;
    const at = new Date().toISOString();
    const value = sign(null, Buffer.from(attestationStatement(drill, { ...said, at })), key.privateKey).toString(
      'base64',
    );
    const message = { ...said, signature: { at, value } };
    await expect(attest(second.asked, message)).rejects.toMatchObject({
      cause: { message: expect.stringContaining('is not that of "sig"') },
    });
    await expect(attest(first.asked, { ...message, verdict: 'failed' })).rejects.toMatchObject({
      cause: { type: 'SignatureInvalid' },
    });
    await attest(first.asked, message);
    await expect(first.asked.result()).resolves.toMatchObject({ signed: { at, keyId: expect.any(String) } });
    await attest(second.asked, { by: 'ana', verdict: 'passed', notes: 'claimed' });
    await second.asked.result();
  });

  test('that was declined before anything was done is not to be attested', async () => {
    const before = (await lab.state()).drills;
    const run = await lab.start('drill');
    await lab.until(run, ({ waitingFor }) => waitingFor.length > 0);
    await decide(run, 'decline');
    await expect(run.result()).resolves.toMatchObject({ verdict: 'declined' });
    await expect(lab.client.workflow.getHandle(await idOf(run)).describe()).rejects.toThrow();
    expect((await lab.state()).drills).toEqual(before);
  });

  test('ends also when its attestation has somebody else in its place, and says so', async () => {
    const run = await lab.start('drill');
    await lab.until(run, ({ waitingFor }) => waitingFor.length > 0);
    const taken = await lab.start('protection', { runbook: 'nobody' }, await idOf(run));
    await decide(run, 'approve');
    await expect(run.result()).resolves.toMatchObject({ verdict: 'completed' });
    const refused = (await run.query<readonly RunEvent[]>('timeline')).filter(({ kind }) => kind === 'message-refused');
    expect(refused).toMatchObject([{ because: expect.stringContaining('is already there') }]);
    await taken.terminate();
  });

  test('is not closed by a cancel request, and of a wrong input no attestation is begun', async () => {
    const { asked } = await held();
    await asked.cancel();
    await attest(asked, { by: 'ana', verdict: 'passed', notes: 'after the cancel' });
    await expect(asked.result()).resolves.toMatchObject({ notes: 'after the cancel' });
    const wrong = await lab.start('attestation', { drill: 'shop' });
    await expect(wrong.result()).rejects.toMatchObject({ cause: { type: 'InvalidInput' } });
  });
});

test('people are reminded, and again after the workflow has continued as new or no worker ran; all of it is recorded', async () => {
  const lab = await startMemoryLab(runbook('{ remind: 100ms }'));
  const run = await lab.start('drill', { runbook: 'tiny', requestedBy: 'rey' });
  await lab.until(run, ({ waitingFor }) => waitingFor.length > 0);
  await decide(run, 'approve');
  await run.result();
  const { runId } = await run.describe();
  const asked = lab.client.workflow.getHandle(attestationWorkflowId({ workflowId: run.workflowId, runId }));
  const first = (await asked.describe()).runId;
  await until('it has continued as new', async () => (await asked.describe()).runId !== first);
  const reminders = async (): Promise<number> => (await asked.query<AttestationStatus>('status')).reminders;
  expect(await reminders()).toBeGreaterThanOrEqual(20);
  expect(await asked.query<AttestationStatus>('status')).toMatchObject({
    drill: { runId, requestedBy: 'rey' },
    remindedAt: expect.any(String),
  });
  const { remindedAt = '' } = await asked.query<AttestationStatus>('status');
  const tenDue = Date.parse(remindedAt) + 10 * 100;
  await lab.whileAway(() => until('ten reminders have come due', () => Date.now() >= tenDue));
  const later = (await reminders()) + 5;
  await until('people are reminded again', async () => (await reminders()) >= later);
  // Whoever was not there for a second is reminded once, and not ten times.
  const { since } = await asked.query<AttestationStatus>('status');
  expect(await reminders()).toBeLessThan((Date.now() - Date.parse(since)) / 100 - 5);
  await lab.whileAway(() => asked.signal('attest', { by: 'whoever', verdict: 'passed', notes: 'seen at last' }));
  const result = (await asked.result()) as AttestationResult;
  expect(result).toMatchObject({ by: 'whoever', via: 'signal' });
  expect(result.reminders).toBeGreaterThanOrEqual(later);
  const reminded = told.filter((text) => text.startsWith('drill of tiny still waits for somebody to say'));
  expect(new Set(reminded).size).toBe(result.reminders);
  expect(reminded).toContain('drill of tiny still waits for somebody to say whether it passed (reminder 20)');
  expect((await lab.state()).drills).toMatchObject({ passed: 1, unattested: [] });
  // What is heard twice, as from a worker that was suspended, counts once.
  const group = lab.client.workflow.getHandle('protection/tiny');
  const { attested = [] } = (await lab.state()).drills ?? {};
  for (const drill of [...attested, { workflowId: run.workflowId, runId, endedAt: since }]) {
    await group.executeUpdate('attestation', { args: [{ group: 'tiny', drill }] });
  }
  expect((await lab.state()).drills).toMatchObject({ passed: 1, failed: 0, unattested: [], attested });
  await expect(group.executeUpdate('attestation', { args: [{ group: 'tiny', drill: {} }] })).rejects.toMatchObject({
    cause: { type: 'InvalidInput' },
  });
  await keepRecorded(lab.home, 'attestation-reminded', asked);
  await lab.tearDown();
});
