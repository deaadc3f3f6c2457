import '../patience';
import { setTimeout as sleep } from 'node:timers/promises';
import { siteTaskQueue } from '../../../core/model/names';
import { effectsSoFar, expectActive, expectProofs, expectServed } from './evidence';
import { FaultLab } from './fault-lab';
import { until } from './until';
import type { WorkerLife } from './worker-process';

jest.setTimeout(600_000);

/** As long as issue and design say: far beyond every heartbeat. */
const suspendedForMs = 30_000;

/** temporal.api.enums.v1.TaskQueueType. */
const activityTasks = 2;

let faults: FaultLab;
beforeAll(async () => {
  faults = await FaultLab.open();
});
afterAll(() => faults.close());

const sitesOnly = { SWITCHBACK_CONTROL: 'no' };
const workflowsOnly = { SWITCHBACK_SITES: 'nowhere' };

/** One after the other is suspended; `killedAt`: where one is killed before, so that the place is met at the right moment. */
const cases: readonly (WorkerLife & { readonly killedAt?: string })[] = [
  // The final sync is prepared, but not committed.
  {
    env: sitesOnly,
    killedAt: 'activity:fence-site/@beta:after',
    failpoints: ['replication:before-commit/stop'],
  },
  // The start of the ledger is recorded, but there is no process.
  { env: sitesOnly, failpoints: ['start:recorded SIGSTOP'] },
  // Traffic is about to be switched. This one serves the workflows as well.
  { failpoints: ['activity:switch-traffic/shop.example.test@alpha:before/stop'], mayCrash: true },
];

test('workers that are suspended for 30 s while others take over harm nothing when they go on', async () => {
  const workflows = faults.workers.start({ env: workflowsOnly });
  const first = faults.workers.start({ env: sitesOnly });
  await faults.complete('failover');
  await faults.complete('reprotect');
  await first.stop();

  const handle = await faults.start('failback');
  const suspended = [];
  for (const { killedAt, ...life } of cases) {
    if (killedAt !== undefined) await faults.workers.start({ env: sitesOnly, failpoints: [killedAt] }).ended;
    const worker = faults.workers.start(life);
    await worker.suspended();
    suspended.push(worker);
  }
  const since = Date.now();
  const successor = faults.workers.start();
  await faults.completed(handle);
  await expectActive(faults, 'alpha', 'Protected');

  // What the suspended ones are about to do belongs to an epoch that is past when they go on.
  await faults.complete('failover');
  await sleep(Math.max(0, since + suspendedForMs - Date.now()));
  for (const worker of suspended) worker.signal('SIGCONT');
  await faults.complete('reprotect');
  await faults.complete('failback');
  await expectServed(faults);
  await expectActive(faults, 'alpha', 'Protected');

  // A worker ends when what it was about to do has ended.
  for (const worker of [...suspended, workflows]) await worker.stop();
  expect(await Promise.all(suspended.slice(0, 2).map(({ ended }) => ended))).toEqual(['0', '0']);
  const { starts } = await effectsSoFar(faults);
  expect([...starts].filter(([, count]) => count !== 1)).toEqual([]);
  await expectActive(faults, 'alpha', 'Protected');
  await expectProofs(faults, 'alpha');
  expect(successor.alive).toBe(true);
});

test('looks that are offered to a suspended worker are repeated until another one takes them up', async () => {
  const other = faults.workers.start();
  const idle = faults.workers.start({ env: sitesOnly });
  for (const site of ['alpha', 'beta']) {
    await until(`the idle worker polls for ${site}`, async () => {
      const pollers = await pollersOf(site);
      return pollers.some((identity) => identity.startsWith(`${idle.pid}@`));
    });
  }
  idle.signal('SIGSTOP');

  const { prechecks } = await faults.planOf('failover');
  expect(prechecks.filter(({ severity }) => severity === 'error')).toEqual([]);
  for (const worker of [idle, other]) await worker.stop();
});

async function pollersOf(site: string): Promise<readonly string[]> {
  const { client } = faults;
  const { pollers } = await client.connection.workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name: siteTaskQueue(site) },
    taskQueueType: activityTasks,
  });
  return (pollers ?? []).map(({ identity }) => identity ?? '');
}
