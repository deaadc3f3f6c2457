import '../patience';
import { setTimeout as sleep } from 'node:timers/promises';
import { traitsOf } from '../../../core/model/step-kinds';
import type { Operation } from '../../../core/model/operation';
import { expectActive, expectProofs, expectServed } from './evidence';
import { FaultLab } from './fault-lab';

jest.setTimeout(600_000);

const circle = ['failover', 'reprotect', 'failback'] as const;

let faults: FaultLab;
beforeAll(async () => {
  faults = await FaultLab.open();
});
afterAll(() => faults.close());

/** The beginning of each phase: where the worker halts for a moment, so that the server can be killed at that very moment. */
async function beginnings(operation: Operation): Promise<readonly string[]> {
  const worker = faults.workers.start();
  const { segments, steps } = await faults.planOf(operation);
  await worker.stop();
  return segments.flatMap(({ id }) => {
    const first = steps.find((step) => step.segment === id && traitsOf(step.kind).runs !== 'workflow');
    return first ? [`activity:${first.id}:before/stop`] : [];
  });
}

/** Runs an operation to its end while the server is killed at each of the places. Gives how long it took, in seconds. */
async function runWith(operation: Operation, places: readonly string[]): Promise<number> {
  const worker = faults.workers.start({ failpoints: places });
  const begun = Date.now();
  let ended = false;
  const handle = await faults.start(operation);
  const completed = faults.completed(handle).finally(() => (ended = true));
  const hit: string[] = [];
  for (; !ended; await sleep(10)) {
    if (!worker.halted) continue;
    hit.push(worker.met ?? '');
    worker.signal('SIGCONT');
    await faults.crashServer();
  }
  await completed;
  expect([...hit].sort()).toEqual([...places].sort());
  const seconds = (Date.now() - begun) / 1000;
  await worker.stop();
  return seconds;
}

test('a Temporal server that is killed in every phase of the circle, and restarted on its file, loses nothing', async () => {
  let disturbed = 0;
  let undisturbed = 0;
  let kills = 0;
  for (const operation of circle) {
    const places = await beginnings(operation);
    expect(places.length).toBeGreaterThan(5);
    kills += places.length;
    disturbed += await runWith(operation, places);
  }
  for (const operation of circle) undisturbed += await runWith(operation, []);
  const each = ((disturbed - undisturbed) / kills).toFixed(2);
  process.stderr.write(
    `the circle took ${disturbed.toFixed(1)} s with ${kills} killed servers, ` +
      `${undisturbed.toFixed(1)} s without: ${each} s for each\n`,
  );
  faults.workers.start();
  await expectServed(faults);
  await expectActive(faults, 'alpha', 'Protected');
  await expectProofs(faults, 'alpha');
});
