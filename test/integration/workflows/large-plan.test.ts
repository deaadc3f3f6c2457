import '../patience';
import os from 'node:os';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import type { RunEvent } from '../../../core/model/run';
import { keepHistory } from './history-file';
import { startMemoryLab, type MemoryLab } from './memory-lab';

/** Enough workloads that the plan runs its segments as child workflows. */
const COUNT = 180;

const workloads = Array.from({ length: COUNT }, (_, index) => {
  const check = `{ name: w${index} answers, tcp: { port: ${8000 + index} }, timeout: 1s, interval: 10ms, successes: 1, within: 1s }`;
  return `  - { name: w${index}, priority: ${1 + (index % 2)}, checks: [${check}] }`;
});

const yaml = `
switchback: 1
group: large
objectives: { rpo: 1m, rto: 10m }
sites:
  primary: { name: north, driver: memory, address: 127.0.1.1 }
  recovery: { name: south, driver: memory, address: 127.0.2.1 }
workloads:
${workloads.join('\n')}
operations:
  reprotect: {}
  failover: { failurePolicy: { start: { retry: 1, every: 1s } } }
execution: { concurrency: 100 }
notices: [{ name: chat, on: [step-failed], urlFrom: TEST_UNSET_URL }]
`;

const quiet = { signal: new AbortController().signal, progress: () => undefined };

let lab: MemoryLab;
beforeAll(async () => {
  lab = await startMemoryLab(yaml);
});
afterAll(() => lab.tearDown());

describe('a large plan', () => {
  test('runs its segments as child workflows; the failure policy, a pause and a retry reach the steps inside one', async () => {
    lab.world.inject({ kind: 'never-healthy', target: 'w7 answers', site: 'south' });
    const handle = await lab.start('failover');
    const waiting = await lab.until(
      handle,
      ({ waitingFor }) => waitingFor[0]?.kind === 'failed-step' && !waitingFor[0].prompt.includes('by itself at'),
    );
    expect(waiting.waitingFor).toMatchObject([{ name: 'check-health/w7@south' }]);
    expect(waiting.children.length).toBeGreaterThan(1);
    expect(await handle.query<readonly RunEvent[]>('timeline').then(messagesOf)).toEqual([
      ['retry', 'failure policy of the runbook'],
    ]);
    await handle.executeUpdate('pause', { args: [{ by: 'ana' }] });
    lab.world.heal();
    await handle.executeUpdate('retry', { args: [{ by: 'ana' }] });
    expect((await lab.status(handle)).phase).toBe('paused');
    await handle.executeUpdate('resume', { args: [{ by: 'ana' }] });
    await expect(handle.result()).resolves.toMatchObject({ verdict: 'completed' });
    const { steps, children } = await lab.status(handle);
    expect(steps.filter(({ status }) => status !== 'done')).toEqual([]);
    // People are told of a step that fails inside a batch as well; here nobody can be reached, which is on record.
    const events = await handle.query<readonly RunEvent[]>('timeline');
    const resumedAt = events.find((event) => event.kind === 'message' && event.name === 'resume')?.at ?? '';
    const tries = events.filter((event) => event.kind === 'step-scheduled' && event.step === 'check-health/w7@south');
    expect(tries).toHaveLength(3);
    expect(tries.filter(({ at }) => at >= resumedAt)).toHaveLength(1);
    expect(events.filter((event) => event.kind === 'notice')).toMatchObject([
      { about: 'step-failed', sent: false },
      { about: 'step-failed', sent: false },
    ]);
    if (process.env['RECORD_HISTORIES'] !== undefined) {
      const child = lab.client.workflow.getHandle(children.at(-1) ?? '');
      const names = { [lab.home]: 'home', [os.hostname()]: 'worker', [`${process.pid}@`]: '1@' };
      await keepHistory('execute-segment', JSON.parse(historyToJSON(await child.fetchHistory())), names);
    }
  });

  test('rolls back from inside its child workflows, and every workload runs at home again', async () => {
    const reprotect = await lab.start('reprotect');
    await expect(reprotect.result()).resolves.toMatchObject({ verdict: 'completed' });
    lab.world.inject({ kind: 'never-healthy', target: 'w100 answers', site: 'north' });
    const handle = await lab.start('failback');
    await lab.until(handle, (status) => status.waitingFor.some(({ kind }) => kind === 'failed-step'));
    await handle.executeUpdate('rollback', { args: [{ by: 'ana' }] });
    await expect(handle.result()).resolves.toMatchObject({ verdict: 'rolled-back' });
    const seen = await lab.world.workload.inspect(lab.runbook.sites.recovery, 'large', lab.runbook.workloads, quiet);
    expect(seen.filter(({ status }) => status === 'running')).toHaveLength(COUNT);
  });

  test('a step inside a child workflow is marked as done when its site shows it, and asked about no more', async () => {
    lab.world.inject({ kind: 'refuses-to-stop', target: 'w9', site: 'south' });
    lab.world.inject({ kind: 'never-healthy', target: 'w11 answers', site: 'north' });
    const handle = await lab.start('failback');
    const stop = 'stop-workload/w9@south';
    await lab.until(handle, ({ waitingFor }) => waitingFor.some(({ name }) => name === stop));
    const byHand = { by: 'ana', reason: 'stopped at the console', step: stop };
    await expect(handle.executeUpdate('markDone', { args: [byHand] })).rejects.toMatchObject({
      cause: { message: expect.stringContaining('w9 at "south" is running') },
    });
    lab.world.heal();
    lab.world.inject({ kind: 'never-healthy', target: 'w11 answers', site: 'north' });
    const [w9] = lab.runbook.workloads.filter(({ name }) => name === 'w9');
    if (w9 === undefined) throw new Error('no w9');
    const mutation = { group: 'large', operationKey: 'by hand', epoch: (await lab.state()).epoch };
    await lab.world.workload.stop(lab.runbook.sites.recovery, w9, mutation, quiet);
    await handle.executeUpdate('markDone', { args: [byHand] });
    expect((await lab.status(handle)).waitingFor.map(({ name }) => name)).not.toContain(stop);
    const check = 'check-health/w11@north';
    await lab.until(handle, ({ waitingFor }) => waitingFor.some(({ name }) => name === check));
    lab.world.heal();
    await handle.executeUpdate('retry', { args: [{ by: 'ana', all: true }] });
    await expect(handle.result()).resolves.toMatchObject({ verdict: 'completed-with-issues' });
    const { steps } = await lab.status(handle);
    expect(steps.filter(({ status }) => status !== 'done')).toMatchObject([{ id: stop, status: 'marked-done' }]);
  });

  test('a site at which every step fails makes all of them ask, and the run goes on', async () => {
    for (const { name } of lab.runbook.workloads)
      lab.world.inject({ kind: 'refuses-to-stop', target: name, site: 'north' });
    const handle = await lab.start('failover');
    await lab.until(handle, ({ waitingFor }) => waitingFor.length === COUNT / 2);
    // A message for each of them would name all others again: they would not fit into the answer of a workflow task.
    const { events } = await handle.fetchHistory();
    const news = (events ?? []).filter(
      (event) => event.workflowExecutionSignaledEventAttributes?.signalName === 'segmentNews',
    );
    expect(news.length).toBeLessThan(COUNT / 4);
    await handle.executeUpdate('rollback', { args: [{ by: 'ana' }] });
    lab.world.heal();
    await expect(handle.result()).resolves.toMatchObject({ verdict: 'rolled-back' });
  });
});

const messagesOf = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (event.kind === 'message' ? [[event.name, event.by]] : []));
