import '../patience';
import type { WorkflowHandle } from '@temporalio/client';
import { setTimeout as sleep } from 'node:timers/promises';
import { expectActive, expectProofs, expectServed } from './evidence';
import { FaultLab } from './fault-lab';

jest.setTimeout(600_000);

let faults: FaultLab;
beforeAll(async () => {
  faults = await FaultLab.open();
});
afterAll(() => faults.close());

/** Kills the server each time that the run has begun another phase of its plan. Gives the phases that were hit. */
async function crashInEachPhase(handle: WorkflowHandle): Promise<readonly string[]> {
  const plan = await faults
    .until(handle, 'it has a plan', ({ planHash }) => planHash !== undefined)
    .then(() => faults.plan(handle));
  const segmentOf = new Map(plan.steps.map((step) => [step.id, step.segment]));
  const begun = new Set<string>();
  const hit: string[] = [];
  for (; ; await sleep(10)) {
    const status = await faults.status(handle).catch(() => undefined);
    if (status?.verdict) return hit;
    const now = (status?.steps ?? []).filter((step) => step.status !== 'pending' && !step.id.startsWith('barrier/'));
    const fresh = [...new Set(now.map(({ id }) => segmentOf.get(id) ?? ''))].filter((segment) => !begun.has(segment));
    if (fresh.length === 0) continue;
    for (const segment of fresh) begun.add(segment);
    hit.push(fresh.join('+'));
    await faults.crashServer();
  }
}

async function measured(operation: string, disturb?: (handle: WorkflowHandle) => Promise<readonly string[]>) {
  const begun = Date.now();
  const handle = await faults.start(operation);
  const disturbing = disturb?.(handle);
  await faults.completed(handle);
  const seconds = (Date.now() - begun) / 1000;
  return { seconds, hit: (await disturbing) ?? [] };
}

describe('a Temporal server that is killed', () => {
  test('in each phase of the whole circle: every run completes, and nothing is lost', async () => {
    const worker = faults.workers.start();
    for (const operation of ['failover', 'reprotect', 'failback']) {
      const { hit, seconds } = await measured(operation, crashInEachPhase);
      process.stderr.write(
        `${operation}: ${seconds.toFixed(1)} s with ${hit.length} killed servers: ${hit.join(', ')}\n`,
      );
      expect(hit.length).toBeGreaterThan(3);
    }
    // The worker lived through all of it.
    expect(worker.alive).toBe(true);
    await expectServed(faults);
    await expectActive(faults, 'alpha', 'Protected');
    await expectProofs(faults, 'alpha');
  });

  test('in the middle of a failover, and again in its failback: each costs little', async () => {
    const undisturbed = (await measured('failover')).seconds;
    await measured('reprotect');
    await measured('failback');
    const once = async (handle: WorkflowHandle): Promise<readonly string[]> => {
      await faults.until(handle, 'services stop', ({ steps }) =>
        steps.some(({ id, status }) => id.startsWith('stop-workload/') && status !== 'pending'),
      );
      await faults.crashServer();
      return ['stop'];
    };
    const disturbed = (await measured('failover', once)).seconds;
    process.stderr.write(
      `a killed server costs ${(disturbed - undisturbed).toFixed(2)} s of ${undisturbed.toFixed(2)} s\n`,
    );
    await expectServed(faults);
    await expectActive(faults, 'beta', 'FailedOver');
    await expectProofs(faults, 'beta');
  });
});
