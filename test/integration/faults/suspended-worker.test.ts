import '../patience';
import { setTimeout as sleep } from 'node:timers/promises';
import { effectsSoFar, expectActive, expectProofs, expectServed } from './evidence';
import { FaultLab } from './fault-lab';

jest.setTimeout(600_000);

/** As long as issue and design say: far beyond every heartbeat. */
const suspendedForMs = 30_000;

let faults: FaultLab;
beforeAll(async () => {
  faults = await FaultLab.open();
});
afterAll(() => faults.close());

/** Where the worker of each case is suspended; `first`: where an earlier one is killed, so that the next place is the right one. */
const places = [
  [
    'the final sync is prepared but not committed',
    ['activity:fence-site/@beta:after'],
    'replication:before-commit/stop',
  ],
  ['the start of a workload is recorded, but no process is made', [], 'start:recorded SIGSTOP'],
  ['traffic is about to be switched', [], 'activity:switch-traffic/shop.example.test@alpha:before/stop'],
] as const;

test('a worker that is suspended for 30 s while another takes over harms nothing when it goes on', async () => {
  const first = faults.workers.start();
  await faults.complete('failover');
  await faults.complete('reprotect');
  await first.stop();

  const handle = await faults.start('failback');
  const zombies = [];
  for (const [, killed, place] of places) {
    if (killed.length > 0) await faults.workers.start(killed).ended;
    const zombie = faults.workers.start([place]);
    await zombie.suspended();
    zombies.push(zombie);
  }
  const suspendedSince = Date.now();
  const successor = faults.workers.start();
  await faults.completed(handle);
  await expectActive(faults, 'alpha', 'Protected');

  // What the suspended workers are about to do belongs to an epoch that is past when they go on.
  await faults.complete('failover');
  await sleep(Math.max(0, suspendedSince + suspendedForMs - Date.now()));
  for (const zombie of zombies) zombie.signal('SIGCONT');
  await faults.complete('reprotect');
  await faults.complete('failback');
  for (const worker of [...zombies, successor]) await worker.stop();

  const { starts } = await effectsSoFar(faults);
  expect([...starts].filter(([, count]) => count !== 1)).toEqual([]);
  faults.workers.start();
  await expectServed(faults);
  await expectActive(faults, 'alpha', 'Protected');
  await expectProofs(faults, 'alpha');
});
