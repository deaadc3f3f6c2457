import '../patience';
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import type { RunEvent, RunStatus } from '../../../core/model/run';
import { statementText } from '../../../core/model/statement';
import { startMemoryLab, type MemoryLab } from './memory-lab';
import { tinyRunbook } from './tiny-runbook';

const key = generateKeyPairSync('ed25519');
const publicKey = key.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');

const gate = (name: string, more: string): string => `[{ approval: { name: ${name}, prompt: Move?, ${more} } }]`;
const people = `
people:
  - { name: ana, groups: [sre] }
  - { name: bo, groups: [sre, owners] }
  - { name: cy, groups: [owners] }
  - { name: sig, groups: [signers], publicKey: ${publicKey} }
`;

const open: MemoryLab[] = [];
afterEach(async () => {
  for (const lab of open.splice(0)) await lab.tearDown();
});

async function labWithGate(more: string): Promise<MemoryLab> {
  const operations = `{ failover: { gates: ${gate('go', more)} } }`;
  const lab = await startMemoryLab(tinyRunbook({ operations }) + people);
  open.push(lab);
  return lab;
}

/** A failover of a lab of its own, asked for by rey, that waits at its gate. */
async function waitingFailover(more: string): Promise<{ lab: MemoryLab; run: WorkflowHandle }> {
  const lab = await labWithGate(more);
  const run = await lab.start('failover', { runbook: 'tiny', requestedBy: 'rey' });
  await lab.until(run, ({ waitingFor }) => waitingFor.some(({ name }) => name === 'go'));
  return { lab, run };
}

const waitForClock = async (instant: number): Promise<void> => {
  while (Date.now() <= instant) await new Promise((resolve) => setTimeout(resolve, 20));
};

const decide = (run: WorkflowHandle, by: string, more: object = {}): Promise<unknown> =>
  run.executeUpdate('decide', { args: [{ gate: 'go', by, decision: 'approve', ...more }] });

const refused = (because: string) => ({ cause: { message: expect.stringContaining(because) } });

const eventsOf = (run: WorkflowHandle): Promise<readonly RunEvent[]> => run.query('timeline');

describe('an approval', () => {
  test('by one of each group: who asked, who may not, and who would count twice are refused; a withdrawn one counts no more', async () => {
    const { lab, run } = await waitingFailover('quorum: { sre: 1, owners: 1 }');
    await expect(decide(run, 'rey')).rejects.toMatchObject(refused('has asked for this run'));
    await expect(decide(run, 'eve')).rejects.toMatchObject(refused('may not decide'));
    await decide(run, 'bo', { comment: 'fine' });
    await expect(decide(run, 'bo')).rejects.toMatchObject(refused('has said so already'));
    const half = await lab.until(run, ({ waitingFor }) => waitingFor[0]?.approvedBy !== undefined);
    const facts = {
      estimateSeconds: expect.any(Number),
      interruptionSeconds: expect.any(Number),
      lag: { observedAt: expect.any(String), volumes: [{ volume: 'data', seconds: expect.any(Number) }] },
      warnings: [],
    };
    expect(half.waitingFor[0]).toMatchObject({ approvedBy: ['bo'], missing: '1 of owners', asking: 1, facts });
    await run.executeUpdate('withdraw', { args: [{ gate: 'go', by: 'bo' }] });
    // As the Web UI sends it.
    await run.signal('decide', { gate: 'go', by: 'ana', decision: 'approve' });
    await run.executeUpdate('delegate', { args: [{ by: 'cy', to: 'eve', comment: 'on holiday' }] });
    await expect(decide(run, 'cy')).rejects.toMatchObject(refused('has delegated to eve'));
    await decide(run, 'eve');
    await expect(run.result()).resolves.toMatchObject({ verdict: 'completed' });
    const events = await eventsOf(run);
    expect(events).toContainEqual(expect.objectContaining({ kind: 'decision-withdrawn', by: 'bo' }));
    expect(events).toContainEqual(expect.objectContaining({ kind: 'gate-passed', saw: 'approved by ana, eve' }));
    expect(events.find((event) => event.kind === 'decision')).toMatchObject({
      decision: {
        by: 'bo',
        comment: 'fine',
        planHash: expect.stringMatching(/^[0-9a-f]{64}$/),
        facts,
      },
    });
  });

  test('that comes too late ends the run as expired, with nothing changed and who was missing; people were reminded', async () => {
    const { lab, run } = await waitingFailover('approvers: [sre], required: 2, expires: 2s, remind: 500ms');
    const before = lab.world.snapshot();
    await decide(run, 'ana');
    await expect(run.result()).resolves.toMatchObject({
      verdict: 'expired',
      because: expect.stringContaining('was not approved within 2 s: 1 of those who may decide missing'),
    });
    const { records, ...rest } = lab.world.snapshot();
    expect({ records, sites: Object.keys(rest) }).toEqual({ records: before.records, sites: Object.keys(rest) });
    expect(await lab.state()).toMatchObject({ phase: 'Protected', epoch: 1 });
    const events = await eventsOf(run);
    expect(events.filter((event) => event.kind === 'gate-reminded').length).toBeGreaterThanOrEqual(2);
  });

  test('that comes too late counts no more where everybody is asked again', async () => {
    const { lab, run } = await waitingFailover('approvers: [sre], required: 2, expires: 1s, onExpiry: ask-again');
    await decide(run, 'ana');
    await lab.until(run, ({ waitingFor }) => waitingFor[0]?.approvedBy?.includes('ana') === true);
    await lab.until(run, ({ waitingFor }) => waitingFor[0]?.name === 'go' && waitingFor[0].approvedBy === undefined);
    expect((await eventsOf(run)).some((event) => event.kind === 'gate-expired')).toBe(true);
    await run.signal('abort', { by: 'ana' });
    await expect(run.result()).resolves.toMatchObject({ verdict: 'aborted' });
  });

  test('that is heard after the expiry, when the worker was away, does not open the gate', async () => {
    const { lab, run } = await waitingFailover('approvers: [ana], expires: 3s');
    const [waiting] = (await lab.status(run)).waitingFor;
    await lab.whileAway(async () => {
      await waitForClock(Date.parse(waiting?.expiresAt ?? ''));
      await run.signal('decide', { gate: 'go', by: 'ana', decision: 'approve' });
    });
    await expect(run.result()).resolves.toMatchObject({ verdict: 'expired' });
    expect(await eventsOf(run)).toContainEqual(
      expect.objectContaining({ kind: 'message-refused', because: expect.stringContaining('has expired') }),
    );
  });

  test('is asked for once, and not once for each reminder that was due, when the worker was away', async () => {
    const { lab, run } = await waitingFailover('approvers: [ana], remind: 500ms');
    const [waiting] = (await lab.status(run)).waitingFor;
    const back = Date.parse(waiting?.since ?? '') + 4000;
    await lab.whileAway(() => waitForClock(back));
    const afterwards = async () =>
      (await eventsOf(run)).filter(({ kind, at }) => kind === 'gate-reminded' && Date.parse(at) > back);
    while ((await afterwards()).length < 2) await lab.status(run);
    const { events } = await run.fetchHistory();
    const waits = (events ?? []).flatMap(({ timerStartedEventAttributes: timer }) => {
      const { seconds, nanos } = timer?.startToFireTimeout ?? {};
      return timer ? [Number(seconds ?? 0) * 1000 + (nanos ?? 0) / 1e6] : [];
    });
    // One that was due long ago would be waited for no longer than a timer can: 1 ms.
    expect(Math.min(...waits)).toBeGreaterThan(1);
    await run.signal('abort', { by: 'ana' });
    await run.result();
  });

  test('is that of one person, however the name is written; a place that was given away can be taken back', async () => {
    const { lab, run } = await waitingFailover('approvers: [ana, bo], required: 2');
    await expect(decide(run, 'REY')).rejects.toMatchObject(refused('has asked for this run'));
    await decide(run, 'Ana');
    await expect(decide(run, 'ana')).rejects.toMatchObject(refused('has said so already'));
    await expect(run.executeUpdate('delegate', { args: [{ by: 'bo', to: 'Bo' }] })).rejects.toMatchObject(
      refused('decides already'),
    );
    await run.executeUpdate('delegate', { args: [{ by: 'bo', to: 'eve' }] });
    await run.executeUpdate('delegate', { args: [{ by: 'bo', to: 'bo' }] });
    await expect(decide(run, 'eve')).rejects.toMatchObject(refused('may not decide'));
    expect((await lab.status(run)).waitingFor).toMatchObject([{ missing: '1 of those who may decide' }]);
    await decide(run, 'BO');
    await expect(run.result()).resolves.toMatchObject({ verdict: 'completed' });
  });

  test('that only who asked for the run could give is not waited for: the run is refused with what to do', async () => {
    const lab = await labWithGate('approvers: [ana]');
    const run = await lab.start('failover', { runbook: 'tiny', requestedBy: 'Ana' });
    await expect(run.result()).rejects.toMatchObject({
      cause: { type: 'InvalidInput', message: expect.stringContaining('requesterMayApprove: true') },
    });
    expect(await lab.state()).toMatchObject({ phase: 'Protected', epoch: 1 });
    expect((await lab.state()).holder).toBeUndefined();
    const other = await lab.start('failover', { runbook: 'tiny', requestedBy: 'bo' });
    await lab.until(other, ({ waitingFor }) => waitingFor.some(({ name }) => name === 'go'));
    await other.signal('abort', { by: 'ana' });
    await other.result();
  });

  test('is not needed any more when who asked for the run takes that back: withdrawn, nothing changed', async () => {
    const { lab, run } = await waitingFailover('approvers: [sre]');
    await run.executeUpdate('withdraw', { args: [{ by: 'rey', comment: 'the sale goes on' }] });
    await expect(run.result()).resolves.toMatchObject({ verdict: 'withdrawn', because: 'rey: the sale goes on' });
    expect(await lab.state()).toMatchObject({ phase: 'Protected', epoch: 1 });
  });
});

describe('a signed approval', () => {
  async function signedBy(
    run: WorkflowHandle,
    privateKey: KeyObject,
    more: { at: string; runId?: string; says?: string },
  ): Promise<object> {
    const { runId, planHash = '', waitingFor } = await run.query<RunStatus>('status');
    const asking = waitingFor[0]?.asking ?? 0;
    const { at, says = 'approve' } = more;
    const said = { message: 'decide', workflowId: run.workflowId, runId: more.runId ?? runId, planHash };
    const text = statementText({ ...said, gate: 'go', asking, by: 'sig', says, comment: '', at });
    return { signature: { at, value: sign(null, Buffer.from(text), privateKey).toString('base64') } };
  }

  test('counts only with the key of the runbook, for this run, for what it says, and once', async () => {
    const { run } = await waitingFailover('approvers: [signers], signed: required');
    const other = generateKeyPairSync('ed25519');
    const at = '2026-12-05T22:00:00.000Z';
    await expect(decide(run, 'sig')).rejects.toMatchObject(refused('has a key: sign it'));
    await expect(decide(run, 'SIG')).rejects.toMatchObject(refused('has a key: sign it'));
    await expect(decide(run, 'sig', { signature: { at, value: 'bm8=' } })).rejects.toMatchObject(
      refused('is not an Ed25519 signature'),
    );
    await expect(
      decide(run, 'sig', { gate: undefined, ...(await signedBy(run, key.privateKey, { at })) }),
    ).rejects.toMatchObject(refused('names its gate'));
    for (const forged of [
      await signedBy(run, other.privateKey, { at }),
      await signedBy(run, key.privateKey, { at, runId: 'of another run' }),
      await signedBy(run, key.privateKey, { at, says: 'decline' }),
      { signature: { at, value: `${'A'.repeat(86)}==` } },
    ]) {
      await expect(decide(run, 'sig', forged)).rejects.toMatchObject({ cause: { type: 'SignatureInvalid' } });
      await run.signal('decide', { gate: 'go', by: 'sig', decision: 'approve', ...forged });
    }
    await decide(run, 'sig', await signedBy(run, key.privateKey, { at }));
    await expect(run.result()).resolves.toMatchObject({ verdict: 'completed' });
    const decisions = (await eventsOf(run)).filter((event) => event.kind === 'decision');
    expect(decisions).toMatchObject([{ decision: { by: 'sig', signed: { at, keyId: expect.any(String) } } }]);
  });

  test('counts in the asking that it was made for, and in no later one', async () => {
    const { lab, run } = await waitingFailover('approvers: [signers], expires: 3s, onExpiry: ask-again');
    const early = await signedBy(run, key.privateKey, { at: '2026-12-05T22:00:00.000Z' });
    await lab.until(run, ({ waitingFor }) => waitingFor[0]?.asking === 2);
    await expect(decide(run, 'sig', early)).rejects.toMatchObject({
      cause: { type: 'SignatureInvalid', message: expect.stringContaining('in its asking 2') },
    });
    await decide(run, 'sig', await signedBy(run, key.privateKey, { at: '2026-12-05T22:00:00.001Z' }));
    await expect(run.result()).resolves.toMatchObject({ verdict: 'completed' });
  });

  test('is still heard after a flood of forged ones, of which only a few are verified at a time', async () => {
    const { lab, run } = await waitingFailover('approvers: [signers]');
    const forged = await signedBy(run, generateKeyPairSync('ed25519').privateKey, { at: '2026-12-05T22:00:00.000Z' });
    const payload = { gate: 'go', by: 'sig', decision: 'approve', ...forged };
    await lab.whileAway(async () => {
      await Promise.all(Array.from({ length: 60 }, () => run.signal('decide', payload)));
    });
    // Those that are not verified are refused before.
    await lab.until(run, ({ lastRefusal }) => lastRefusal?.includes('the signature is not that of') === true);
    await decide(run, 'sig', await signedBy(run, key.privateKey, { at: '2026-12-05T22:00:00.000Z' }));
    await expect(run.result()).resolves.toMatchObject({ verdict: 'completed' });
    const { events } = await run.fetchHistory();
    const verifications = events?.filter(
      ({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.activityType?.name === 'verifySignature',
    );
    expect(verifications).toHaveLength(5);
  });
});
