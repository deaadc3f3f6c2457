import '../patience';
import { readFile } from 'node:fs/promises';
import type { Report } from '../../../core/report/report';
import { namedLoss } from '../../../demo/conclusion/evidence';
import type { NamedLoss } from '../../../demo/shop/proofs';
import { isolateSite, reconnectSite } from '../../../drivers/local/lab/disaster';
import type { LocalSite } from '../../../core/model/site';
import { expectActive, expectProofs, expectServed, processesAt } from './evidence';
import { FaultLab } from './fault-lab';
import { placeOrderAt } from './orders';
import { until } from './until';

jest.setTimeout(600_000);

let faults: FaultLab;
beforeAll(async () => {
  faults = await FaultLab.open();
  faults.workers.start();
});
afterAll(() => faults.close());

/** Suspends everything that runs at a site, at a moment when some orders are not replicated yet. Gives the pids. */
async function suspendSite(site: LocalSite): Promise<readonly number[]> {
  const { lastPassAt } = (await faults.state()).replication;
  await until('a pass has ended', async () => (await faults.state()).replication.lastPassAt !== lastPassAt);
  const { acknowledgements } = faults.customers;
  const enough = acknowledgements.length + 10;
  await until('orders were acknowledged since', () => acknowledgements.length >= enough);
  const pids = (await processesAt(faults.lab, site)).map(({ pid }) => pid);
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  return pids;
}

/** Those that were not ended meanwhile run on. */
function goOn(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGCONT');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

const ports = (): readonly number[] => faults.lab.runbook.workloads.flatMap(({ local }) => local?.port ?? []);

/** Orders placed right at each tier of a site: which of them are acknowledged. */
async function acknowledgedAt(site: LocalSite): Promise<readonly boolean[]> {
  const rounds = Array.from({ length: 5 }, () => ports()).flat();
  return Promise.all(rounds.map((port) => placeOrderAt(site.address, port)));
}

async function lossNamedBy(reportFiles: readonly string[]): Promise<NamedLoss> {
  const file = reportFiles.find((name) => name.endsWith('.json')) ?? '';
  return namedLoss(JSON.parse(await readFile(file, 'utf8')) as Report);
}

async function home(): Promise<void> {
  await faults.complete('reprotect');
  await faults.complete('failback');
  await expectServed(faults);
  await expectActive(faults, 'alpha', 'Protected');
}

describe('an old primary that was suspended, failed over from, and goes on', () => {
  test('has no write acknowledged when its fence could be reached', async () => {
    const { alpha, beta } = faults.lab.sites;
    const pids = await suspendSite(alpha);
    const held = ports().map((port) => placeOrderAt(alpha.address, port));
    const handle = await faults.start('failover', { mode: 'unplanned' });
    const { reportFiles } = await faults.completed(handle);
    goOn(pids);
    expect(await Promise.all(held)).toEqual(held.map(() => false));
    expect(await acknowledgedAt(alpha)).not.toContain(true);
    expect(await acknowledgedAt(beta)).not.toContain(false);
    await expectServed(faults);
    await home();
    await expectProofs(faults, 'alpha', { loss: await lossNamedBy(reportFiles) });
  });

  test('has no write acknowledged when the site was cut off and declared lost, nor when it is back', async () => {
    const { lab } = faults;
    const { alpha, beta } = lab.sites;
    const { epoch: earlier } = await faults.state();
    const pids = await suspendSite(alpha);
    const held = ports().map((port) => placeOrderAt(alpha.address, port));
    await isolateSite(lab.labFolder, alpha);
    const declareLost = { by: 'bea@example.com', reason: 'the site does not answer' };
    const handle = await faults.start('failover', { mode: 'unplanned', declareLost });
    const { reportFiles } = await faults.completed(handle);
    expect((await faults.state()).fencing.primary).not.toBe('fenced');
    goOn(pids);
    expect(await Promise.all(held)).toEqual(held.map(() => false));
    expect(await acknowledgedAt(alpha)).not.toContain(true);

    await reconnectSite(lab.labFolder, alpha);
    expect((await processesAt(lab, alpha)).map(({ workload }) => workload).sort()).toEqual(['api', 'ledger', 'web']);
    expect(await acknowledgedAt(alpha)).not.toContain(true);
    await until('the group has fenced it', async () => (await faults.state()).fencing.primary === 'fenced');
    expect(await acknowledgedAt(alpha)).not.toContain(true);
    expect(await acknowledgedAt(beta)).not.toContain(false);
    await home();
    await expectProofs(faults, 'alpha', { loss: await lossNamedBy(reportFiles), sinceEpoch: earlier });
  });
});
