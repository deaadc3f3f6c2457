import '../patience';
import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { copyOf } from '../../../core/model/drill';
import type { SiteRole } from '../../../core/model/site';
import type { Report } from '../../../core/report/report';
import { SiteFolder } from '../../../drivers/local/site-folder';
import type { OperationResult } from '../../../workflows/run-operation';
import { expectActive, expectProofs, expectServed } from './evidence';
import { FaultLab } from './fault-lab';
import { placeOrderAt } from './orders';
import { answerOfCopy, ProductionWatch } from './production-watch';
import { until } from './until';
import type { WorkerProcess } from './worker-process';

jest.setTimeout(600_000);

let faults: FaultLab;
let worker: WorkerProcess;
beforeAll(async () => {
  faults = await FaultLab.open();
  worker = faults.workers.start();
  // The first drill finds a group that nobody looks after yet.
  await faults.complete('drill').catch(() => undefined);
  await until('the standby has a replica', async () => (await faults.state()).replication.lastPassAt !== undefined);
});
afterAll(() => faults.close());

const orderLog = (role: SiteRole, group: string): string => {
  const site = faults.lab.runbook.sites[role];
  if (site.driver !== 'local') throw new Error('the sites of the shop are not local');
  return readFileSync(
    path.join(new SiteFolder(faults.lab.labFolder, site).volumeData(group, 'orders'), 'orders.log'),
    'utf8',
  );
};

/** Customers of the copy at a site, who know its address and order one after the other until they are told to end. */
class CustomersOfCopy {
  readonly acknowledged: string[] = [];
  private ordering = true;
  private readonly done: Promise<void>;

  constructor(role: SiteRole) {
    const { sites, workloads } = faults.lab.runbook;
    const port = workloads.find(({ name }) => name === 'web')?.local?.port ?? 0;
    this.done = this.order(sites[role].drill?.address ?? '', port);
  }

  async leave(): Promise<void> {
    this.ordering = false;
    await this.done;
  }

  private async order(address: string, port: number): Promise<void> {
    while (this.ordering) {
      const id = randomUUID();
      if (await placeOrderAt(address, port, id)) this.acknowledged.push(id);
      else await sleep(20);
    }
  }
}

/** Ends the drill as it is told, with somebody looking at production from its start to its end. */
async function watched(drill: () => Promise<OperationResult>): Promise<Report> {
  const watch = await ProductionWatch.begin(faults);
  const { reportFiles } = await drill();
  await watch.expectUntouched();
  await expectServed(faults);
  return JSON.parse(readFileSync(reportFiles.find((file) => file.endsWith('.json')) ?? '', 'utf8')) as Report;
}

test('what customers of the first copy were acknowledged is at the second one, and production knows nothing of it', async () => {
  const customers = new CustomersOfCopy('recovery');
  let lagWhileHeld = 0;
  const report = await watched(async () => {
    const handle = await faults.start('drill', { roundTrip: true, keepSeconds: 600 });
    const held = await faults.until(handle, 'it holds its copy', ({ waitingFor }) =>
      waitingFor.some(({ name }) => name === 'hold'),
    );
    await customers.leave();
    const { address = '' } = faults.lab.runbook.sites.primary.drill ?? {};
    expect(held.waitingFor[0]?.instructions).toContain(address);
    expect(JSON.parse((await answerOfCopy(faults, 'primary', 'web')) ?? '{}')).toMatchObject({
      status: 'ok',
      site: 'alpha',
    });
    expect(await answerOfCopy(faults, 'recovery', 'web')).toBeUndefined();
    const [second, production] = [orderLog('primary', copyOf('shop')), orderLog('primary', 'shop')];
    expect(customers.acknowledged.length).toBeGreaterThan(0);
    for (const id of customers.acknowledged) {
      expect(second).toContain(id);
      expect(production).not.toContain(id);
    }
    lagWhileHeld = (await faults.state()).drillLag?.seconds ?? 0;
    await handle.executeUpdate('decide', { args: [{ gate: 'hold', by: 'ana@example.com', decision: 'done' }] });
    return faults.completed(handle);
  });
  expect(report.legs?.map(({ operation, site, seconds = 0 }) => [operation, site, seconds > 0])).toEqual([
    ['failover', 'beta', true],
    ['reprotect', 'alpha', true],
    ['failback', 'alpha', true],
  ]);
  expect(report.dataLoss.proofs).toMatchObject([{ volume: 'orders', equal: true }]);
  // The group has measured it all the while.
  expect(lagWhileHeld).toBeGreaterThan(0);
  expect(report.objectives.rpo.achievedSeconds).toBeGreaterThanOrEqual(lagWhileHeld);
  await expectActive(faults, 'alpha', 'Protected');
  await expectProofs(faults, 'alpha');
});

test('when a workload of the second copy never gets healthy', async () => {
  const marker = path.join(faults.home, 'hang-alpha-web');
  writeFileSync(marker, '');
  const report = await watched(async () => faults.ended(await faults.start('drill', { roundTrip: true })));
  rmSync(marker);
  expect(report).toMatchObject({ verdict: 'rolled-back', because: expect.stringMatching(/web/) as string });
  expect(report.legs?.at(-1)?.what).toBe('failback of the copy, to alpha: not completed');
});

test.each([
  'activity:sync/orders@alpha:before',
  'activity:final-sync/orders@alpha:after',
  'activity:remove-drill/@alpha:after',
])('when the worker is killed at %s', async (failpoint) => {
  await worker.stop();
  worker = faults.workers.start({ failpoints: [failpoint] });
  const report = await watched(async () => {
    const handle = await faults.start('drill', { roundTrip: true });
    await worker.ended;
    worker = faults.workers.start();
    return faults.completed(handle);
  });
  expect(report.legs).toHaveLength(3);
});

test('of a group that has moved, it rehearses the way back and forth again', async () => {
  await faults.complete('failover');
  await faults.complete('reprotect');
  const report = await watched(async () => faults.completed(await faults.start('drill', { roundTrip: true })));
  expect(report.legs?.map(({ operation, site }) => [operation, site])).toEqual([
    ['failback', 'alpha'],
    ['reprotect', 'beta'],
    ['failover', 'beta'],
  ]);
  await expectActive(faults, 'beta', 'ReverseProtected');
});
