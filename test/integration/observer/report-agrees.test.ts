import '../patience';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import type { Report } from '../../../core/report/report';
import { isolateSite, killSiteProcesses } from '../../../drivers/local/lab/disaster';
import type { OperationResult } from '../../../workflows/run-operation';
import { answer } from '../faults/breaking-worker';
import { FaultLab } from '../faults/fault-lab';
import { until } from '../faults/until';
import type { WorkerProcess } from '../faults/worker-process';
import { expectNoInterruption, expectSameInstant, expectSameMoves, expectSameStretch, toldLost } from './agreement';
import { NameProber } from './name-prober';
import { now, OutsideLedger } from './outside-ledger';

jest.setTimeout(600_000);

const ana = 'ana@example.com';
const gated = `
operations:
  failback:
    gates: [{ approval: { name: cutover, prompt: Move the shop back?, approvers: [${ana}] } }]
`;

let faults: FaultLab;
let worker: WorkerProcess;
let ledger: OutsideLedger;
let prober: NameProber;

beforeAll(async () => {
  faults = await FaultLab.open({ ordersPerSecond: 2, editRunbook: (yaml) => `${yaml}${gated}` });
  worker = faults.workers.start();
  const { lab } = faults;
  const nameServer = `127.0.0.1:${lab.dns.dnsPort}`;
  const name = lab.runbook.traffic[0]?.name ?? '';
  ledger = new OutsideLedger({ name, nameServer, port: lab.webPort });
  prober = new NameProber(name, nameServer);
  // The first drill finds a group that nobody looks after yet.
  await faults.complete('drill').catch(() => undefined);
  await until('the standby has a replica', async () => (await faults.state()).replication.lastPassAt !== undefined);
  await ledger.served();
});
afterAll(async () => {
  await Promise.all([ledger.close(), prober.close()]);
  await faults.close();
});

const decide = (handle: WorkflowHandle, gate: string, decision: string): Promise<unknown> =>
  handle.executeUpdate('decide', { args: [{ gate, by: ana, decision }] });

/** Starts it, and answers at its gate. */
async function answered(run: Promise<WorkflowHandle>, gate: string, decision: string): Promise<WorkflowHandle> {
  const handle = await run;
  await faults.until(handle, `it waits at ${gate}`, ({ waitingFor }) => waitingFor.some(({ name }) => name === gate));
  await decide(handle, gate, decision);
  return handle;
}

/** With a worker that meets the failpoint; the one before ends first. */
async function withFailpoint(failpoint: string): Promise<void> {
  await worker.stop();
  worker = faults.workers.start({ failpoints: [failpoint] });
}

interface Observed {
  readonly title: string;
  readonly perform: () => Promise<OperationResult>;
  readonly verdict: OperationResult['verdict'];
  /** Customers were served by the one before, and by the other one after. Absent: they noticed nothing. */
  readonly interrupted?: readonly ['alpha' | 'beta', 'alpha' | 'beta'];
  /** It was lost before the run began, and writes with it. */
  readonly disaster?: true;
  /** People let it stand still for at least so long, in seconds. */
  readonly people?: number;
  /** Done before, unobserved. */
  readonly before?: () => Promise<unknown>;
}

const reprotect = (): Promise<unknown> => faults.complete('reprotect');

/** Web never gets healthy at beta; a person answers with a rollback. */
async function rolledBack(): Promise<OperationResult> {
  const marker = path.join(faults.home, 'hang-beta-web');
  writeFileSync(marker, '');
  const handle = await faults.start('failover');
  await faults.failedStep(handle, 'check-health/web@beta');
  await answer(handle, 'rollback');
  const result = await faults.ended(handle);
  rmSync(marker);
  return result;
}

/** The worker dies while the service is down, and is replaced. */
async function crashed(): Promise<OperationResult> {
  await withFailpoint('activity:start-workload/api@beta:after');
  const handle = await faults.start('failover');
  await worker.ended;
  worker = faults.workers.start();
  return faults.completed(handle);
}

/** Terminated by hand while the service is down, and continued a while later by a person. */
async function resumed(): Promise<OperationResult> {
  await withFailpoint('activity:final-sync/orders@alpha:before/stop');
  const first = await answered(faults.start('failback'), 'cutover', 'approve');
  await worker.suspended();
  await first.terminate('by hand');
  worker.signal('SIGKILL');
  await ledger.turnedAway(60);
  worker = faults.workers.start();
  const { runId } = await first.describe();
  return faults.completed(await faults.start('failback', { resumeOf: { workflowId: first.workflowId, runId } }));
}

/** The primary is cut off and ends; a person declares it lost. */
async function unplanned(): Promise<OperationResult> {
  const { labFolder, sites } = faults.lab;
  const { lastPassAt } = (await faults.state()).replication;
  await until('a pass ends', async () => (await faults.state()).replication.lastPassAt !== lastPassAt);
  await ledger.served();
  await isolateSite(labFolder, sites.alpha);
  await killSiteProcesses(labFolder, sites.alpha);
  await ledger.turnedAway(20);
  return faults.completed(
    await answered(faults.start('failover', { mode: 'unplanned' }), 'declare-lost/alpha', 'approve'),
  );
}

const runs: readonly Observed[] = [
  { title: 'a drill', perform: async () => faults.ended(await faults.start('drill')), verdict: 'completed' },
  {
    title: 'a failover that is rolled back',
    perform: rolledBack,
    verdict: 'rolled-back',
    interrupted: ['alpha', 'alpha'],
  },
  {
    title: 'a planned failover',
    perform: async () => faults.ended(await faults.start('failover')),
    verdict: 'completed',
    interrupted: ['alpha', 'beta'],
  },
  {
    title: 'a failback that is declined',
    before: reprotect,
    perform: async () => faults.ended(await answered(faults.start('failback'), 'cutover', 'decline')),
    verdict: 'declined',
  },
  {
    title: 'a failback',
    perform: async () => faults.ended(await answered(faults.start('failback'), 'cutover', 'approve')),
    verdict: 'completed',
    interrupted: ['beta', 'alpha'],
  },
  { title: 'a failover whose worker crashes', perform: crashed, verdict: 'completed', interrupted: ['alpha', 'beta'] },
  {
    title: 'a failback that is terminated and resumed',
    before: reprotect,
    perform: resumed,
    verdict: 'completed',
    people: 2.5,
    interrupted: ['beta', 'alpha'],
  },
  {
    title: 'an unplanned failover, with loss',
    perform: unplanned,
    verdict: 'completed',
    interrupted: ['alpha', 'beta'],
    disaster: true,
  },
];

test.each(runs)('$title: the report agrees with what was seen from outside', async (run) => {
  await run.before?.();
  await ledger.served();
  const from = now();
  const { verdict, reportFiles } = await run.perform();
  await ledger.served();
  const seen = { from, to: now() };
  expect(verdict).toBe(run.verdict);
  const file = reportFiles.find((name) => name.endsWith('.json')) ?? '';
  const report = JSON.parse(readFileSync(file, 'utf8')) as Report;

  const acknowledged = [...ledger.acknowledged];
  const { activeSite } = await faults.state();
  const { sites } = faults.lab;
  const log = await faults.lab.orderLog(activeSite === 'primary' ? sites.alpha : sites.beta);
  const missing = ledger.missingIn(log, acknowledged);
  expect(missing.map(({ id }) => id).sort()).toEqual([...toldLost(report, acknowledged)].sort());
  expect(missing.length > 0).toBe(run.disaster === true);

  expectSameMoves(report, prober.changes(seen));
  const { interruption, time } = report;
  expect(time.peopleSeconds).toBeGreaterThan(run.people ?? -1);
  if (run.interrupted === undefined) {
    expect(ledger.refused.filter((at) => at >= from)).toEqual([]);
    expect(ledger.interruption(seen).milliseconds).toBeLessThan(1_000);
    expectNoInterruption(report);
    return;
  }
  const gap = ledger.interruption(seen);
  expect(gap.sites).toEqual(run.interrupted);
  if (run.disaster === undefined) return expectSameStretch(interruption, gap);
  // When it was lost nobody has recorded: the report says so, and counts from when people began to do something about it.
  expect(interruption).toMatchObject({ atLeast: true });
  expect(Date.parse(interruption.startedAt ?? '')).toBeGreaterThan(gap.from);
  expectSameInstant('end', interruption.endedAt, gap.to);
  // What is lost is what came after the point that was restored.
  const [first] = missing;
  expectSameInstant('the first lost write', report.dataLoss.volumes[0]?.asOf, first?.ackedAt ?? NaN);
});
