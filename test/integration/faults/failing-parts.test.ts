import '../patience';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { isolateSite, reconnectSite } from '../../../drivers/local/lab/disaster';
import { SiteFolder } from '../../../drivers/local/site-folder';
import { answer, BreakingWorker } from './breaking-worker';
import { expectActive, expectProofs, expectServed, processesAt } from './evidence';
import { FaultLab } from './fault-lab';
import { StaleNameServer } from './stale-name-server';
import { until } from './until';

jest.setTimeout(600_000);

let faults: FaultLab;
let names: StaleNameServer;
let worker: BreakingWorker;

beforeAll(async () => {
  names = await StaleNameServer.open();
  faults = await FaultLab.open({
    // What the record looks like from outside is asked of a server that can go stale.
    editRunbook: (yaml) => yaml.replace(/server: '[^']*'/, `server: '127.0.0.1:${names.port}'`),
    dnsPort: names.port,
    onLab: ({ dns }) => names.follow(dns.dnsPort),
  });
  worker = new BreakingWorker(faults.workers);
});
afterAll(async () => {
  await faults.close();
  names.close();
});

/** Another pass of scheduled replication ends well. */
async function expectReplicating(): Promise<void> {
  const { lastPassAt } = (await faults.state()).replication;
  await until('replication goes on', async () => {
    const { replication } = await faults.state();
    return replication.lastPassAt !== lastPassAt && replication.lastError === undefined && !replication.paused;
  });
}

/** The run is rolled back: the old site serves as before, with every order, and is replicated as before. */
async function expectRolledBack(handle: WorkflowHandle, site: 'alpha' | 'beta', phase: string): Promise<void> {
  await answer(handle, 'rollback');
  expect(await faults.ended(handle)).toMatchObject({ verdict: 'rolled-back' });
  await expectServed(faults);
  await expectActive(faults, site, phase);
}

const ordersFolder = (site: 'alpha' | 'beta'): string => {
  const { lab } = faults;
  return new SiteFolder(lab.labFolder, lab.sites[site]).volumeFolder(lab.runbook.group, 'orders');
};

describe('a run that meets a fault', () => {
  test('failover: a service that never gets healthy; rolled back, the primary serves again', async () => {
    const marker = path.join(faults.home, 'hang-beta-web');
    writeFileSync(marker, '');
    const handle = await faults.start('failover');
    expect(await faults.failedStep(handle, 'check-health/web@beta')).toMatch(/Unhealthy/);
    await expectRolledBack(handle, 'alpha', 'Protected');
    rmSync(marker);
    await expectReplicating();
    await expectProofs(faults, 'alpha');
  });

  test('failover: the name server answers nobody; once it does, a retry completes', async () => {
    const { dns } = faults.lab;
    const place = 'activity:switch-traffic/shop.example.test@beta:before/stop';
    const handle = await worker.breakAt(
      place,
      () => faults.start('failover'),
      () => process.kill(dns.pid, 'SIGSTOP'),
    );
    const asks = await faults.failedStep(handle, 'switch-traffic/shop.example.test@beta');
    expect(asks).toMatch(/SiteUnreachable: the DNS provider .* does not answer/);
    process.kill(dns.pid, 'SIGCONT');
    await answer(handle, 'retry');
    await faults.completed(handle);
    await expectServed(faults);
    await expectActive(faults, 'beta', 'FailedOver');
    await expectProofs(faults, 'beta');
  });

  test('reprotect: the standby site vanishes; aborted, the group is Incomplete and served, and reprotect is possible again', async () => {
    const { labFolder, sites } = faults.lab;
    const place = 'activity:sync/orders@alpha:before/stop';
    const handle = await worker.breakAt(
      place,
      () => faults.start('reprotect'),
      () => isolateSite(labFolder, sites.alpha),
    );
    expect(await faults.failedStep(handle, 'sync/orders@alpha')).toMatch(/SiteUnreachable: site "alpha"/);
    await answer(handle, 'abort');
    expect(await faults.ended(handle)).toMatchObject({ verdict: 'aborted' });
    await expectServed(faults);
    await expectActive(faults, 'beta', 'Incomplete');
    const { incomplete } = await faults.state();
    expect(incomplete).toMatchObject({
      operation: 'reprotect',
      before: 'FailedOver',
      because: 'ana@example.com: the test says so',
    });

    await reconnectSite(labFolder, sites.alpha);
    await faults.complete('reprotect');
    await expectActive(faults, 'beta', 'ReverseProtected');
    await expectReplicating();
    await expectProofs(faults, 'beta');
  });

  test('failback: the final sync loses the disk of its target half-way; rolled back, the recovery site serves again', async () => {
    const [disk, away] = [ordersFolder('alpha'), `${ordersFolder('alpha')}.away`];
    await worker.current.stop();
    const killed = faults.workers.start({ failpoints: ['activity:fence-site/@beta:after'] });
    const handle = await faults.start('failback');
    await killed.ended;
    await worker.breakAt(
      'replication:before-commit/stop',
      () => Promise.resolve(handle),
      () => {
        renameSync(disk, away);
        writeFileSync(disk, 'a disk that is not mounted');
      },
    );
    expect(await faults.failedStep(handle, 'final-sync/orders@alpha')).toMatch(/ENOTDIR/);
    await expectRolledBack(handle, 'beta', 'ReverseProtected');
    await until(
      'the group says why it does not replicate',
      async () => (await faults.state()).replication.lastError !== undefined,
    );

    rmSync(disk);
    renameSync(away, disk);
    await expectReplicating();
    await expectProofs(faults, 'beta');
  });

  test('failback: the provider says that the record has changed, but nobody sees it; rolled back, customers stay', async () => {
    const place = 'activity:switch-traffic/shop.example.test@alpha:before/stop';
    const handle = await worker.breakAt(
      place,
      () => faults.start('failback'),
      () => (names.stale = true),
    );
    const asks = await faults.failedStep(handle, 'verify-traffic/shop.example.test@alpha');
    expect(asks).toMatch(/TrafficNotSeen: shop.example.test resolves to 127.0.2.1/);
    await expectRolledBack(handle, 'beta', 'ReverseProtected');
    names.stale = false;
    await expectReplicating();
    await expectProofs(faults, 'beta');
  });

  test('failback: the port of a service outlives it; once whoever holds it is gone, a retry completes', async () => {
    const note = path.join(faults.home, 'port-holder.json');
    const { beta } = faults.lab.sites;
    const web = (await processesAt(faults.lab, beta)).find(({ workload }) => workload === 'web');
    process.kill(web?.pid ?? 0, 'SIGUSR2');
    await until('somebody else holds the port', () => existsSync(note));
    const handle = await faults.start('failback');
    expect(await faults.failedStep(handle, 'stop-workload/web@beta')).toMatch(/StopFailed: .* find out what holds it/);
    const { pid } = JSON.parse(readFileSync(note, 'utf8')) as { pid: number };
    process.kill(pid, 'SIGKILL');
    await answer(handle, 'retry');
    await faults.completed(handle);
    await expectServed(faults);
    await expectActive(faults, 'alpha', 'Protected');
    await expectReplicating();
    await expectProofs(faults, 'alpha');
  });
});
