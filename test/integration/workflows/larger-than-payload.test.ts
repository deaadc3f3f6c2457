import '../patience';
import { Worker } from '@temporalio/worker';
import type { RecoveryPlan } from '../../../core/model/plan';
import { dataConverter } from '../../../temporal/data-converter';
import { workflowBundle } from '../../../workers/workflow-bundle';
import { startMemoryLab, type MemoryLab } from './memory-lab';

/** The most that Temporal takes as one payload. */
const payloadBytes = 2 * 1024 * 1024;

/** So many that their plan is larger. */
const COUNT = 800;

const yaml = `
switchback: 1
group: fleet
objectives: { rpo: 1m, rto: 10m }
sites:
  primary: { name: north, driver: memory, address: 127.0.1.1 }
  recovery: { name: south, driver: memory, address: 127.0.2.1 }
workloads:
${Array.from({ length: COUNT }, (_, index) => `  - { name: workload-of-the-fleet-${index} }`).join('\n')}
execution: { concurrency: 500 }
`;

let lab: MemoryLab;
beforeAll(async () => {
  lab = await startMemoryLab(yaml);
});
afterAll(() => lab.tearDown());

test('a plan that is larger than a payload of Temporal is walked, shown and reported, and its history replays', async () => {
  const handle = await lab.start('failover');
  await expect(handle.result()).resolves.toMatchObject({
    verdict: 'completed',
    reportFiles: [expect.stringContaining('.json'), expect.stringContaining('.md'), expect.stringContaining('.html')],
  });
  const plan = await handle.query<RecoveryPlan>('plan');
  expect(Buffer.byteLength(JSON.stringify(plan))).toBeGreaterThan(payloadBytes);
  const { steps } = await lab.status(handle);
  expect(steps.filter(({ id }) => id.startsWith('start-workload/'))).toHaveLength(COUNT);

  const history = await handle.fetchHistory();
  const encodings = (history.events ?? []).flatMap(({ activityTaskCompletedEventAttributes: done }) =>
    (done?.result?.payloads ?? []).map(({ metadata }) => Buffer.from(metadata?.['encoding'] ?? []).toString()),
  );
  expect(encodings).toContain('binary/zlib');
  expect(encodings).toContain('json/plain');
  await Worker.runReplayHistory({ workflowBundle: await workflowBundle(), dataConverter }, history, handle.workflowId);
});
