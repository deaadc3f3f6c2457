import { readFile } from 'node:fs/promises';
import type { WorkflowHandle } from '@temporalio/client';
import type { Report } from '../../../core/report/report';
import { namedLoss } from '../../../demo/conclusion/evidence';
import { expectActive, expectNothingMoves, expectProofs, expectServedBy } from './ledger-evidence';
import { describeLedger, type LedgerLab } from './ledger-lab';

jest.setTimeout(900_000);

describeLedger('the ledger in real pods, found by a name in Route 53', (openLab) => {
  let lab: LedgerLab;
  beforeAll(async () => {
    lab = await openLab();
    lab.workers.start();
  });
  afterAll(async () => lab?.close());

  async function reportOf(handle: WorkflowHandle): Promise<Report> {
    const { reportFiles } = await lab.completed(handle);
    const file = reportFiles.find((each) => each.endsWith('.json')) ?? '';
    return JSON.parse(await readFile(file, 'utf8')) as Report;
  }

  test('planned failover: the ledger runs at the other cluster, on data proven equal', async () => {
    await expectServedBy(lab, 'alpha');
    const { dataLoss } = await reportOf(await lab.start('failover'));
    expect(dataLoss).toMatchObject({ status: 'none', proofs: [{ volume: 'orders', equal: true }] });
    await expectActive(lab, 'beta', 'FailedOver');
    await expectProofs(lab, 'beta');
  });

  test('reprotect and failback: it is home again, and every acknowledged order is there once, in order', async () => {
    await lab.complete('reprotect');
    await lab.complete('failback');
    await expectActive(lab, 'alpha', 'Protected');
    await expectProofs(lab, 'alpha');
    await expectNothingMoves(lab);
  });

  test('an API server stops for good: customers go to the other cluster, and lost is what the report names', async () => {
    const { alpha } = lab.sites;
    const [pod = ''] = await lab.pods('alpha');
    await lab.passAfter(Date.now());
    // Orders that no pass of replication takes along.
    await expectServedBy(lab, 'alpha');
    await alpha.cluster.killApiServer();
    alpha.gate.close();
    const handle = await lab.start('failover', { mode: 'unplanned' });
    await lab.until(handle, 'it asks whether paris is lost', ({ waitingFor }) =>
      waitingFor.some(({ kind }) => kind === 'declare-lost'),
    );
    await handle.executeUpdate('decide', { args: [{ gate: 'declare-lost/paris', by: 'ana', decision: 'approve' }] });
    const { fromRecord } = namedLoss(await reportOf(handle));
    await expectServedBy(lab, 'beta');
    await expectProofs(lab, 'beta', { loss: { pod, fromRecord } });
  });

  test('it comes back with its old pods running: they end, and are fenced, before data flows; then home', async () => {
    const { alpha } = lab.sites;
    await alpha.cluster.restartApiServer();
    alpha.gate.open();
    // Nobody has told the old pod anything: it would acknowledge to whoever asks it.
    expect(await lab.pods('alpha')).toHaveLength(1);
    const { steps, dataLoss } = await reportOf(await lab.start('reprotect'));
    expect(await lab.pods('alpha')).toEqual([]);
    const ends = steps.filter(({ id }) => /^(stop-workload|fence)/.test(id)).map(({ finishedAt }) => finishedAt ?? '');
    const flows = steps.filter(({ id }) => /^(sync|seed)/.test(id)).map(({ startedAt }) => startedAt ?? '');
    expect(ends.length).toBeGreaterThan(1);
    expect(flows.length).toBeGreaterThan(0);
    expect([...ends].sort().at(-1)! < [...flows].sort()[0]!).toBe(true);
    expect(dataLoss.superseded).toMatchObject([{ volume: 'orders', site: 'paris' }]);
    await lab.complete('failback');
    await expectActive(lab, 'alpha', 'Protected');
    await expectNothingMoves(lab);
  });
});
