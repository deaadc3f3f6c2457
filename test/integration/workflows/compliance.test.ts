import '../patience';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import type { ComplianceReport, GroupCompliance } from '../../../core/compliance/compliance-report';
import { attestationWorkflowId } from '../../../core/model/names';
import type { ProtectionState, RunSummary } from '../../../core/model/protection';
import { Evidence } from '../../../evidence/evidence';
import { FolderStore } from '../../../evidence/folder-store';
import { runCommand } from '../../unit/cli/run-command';
import { until } from '../faults/until';
import { startMemoryLab, type MemoryLab } from './memory-lab';
import { tinyRunbook } from './tiny-runbook';

const RPO_SECONDS = 5;

/** What the lab itself knows of what has happened, against which the evidence is held. */
interface Known {
  /** The instant from which on the standby was further behind than promised. */
  readonly breachSince: number;
  /** The standby was behind when it was seen last, and was not any more then. */
  readonly breachUntil: readonly [number, number];
  readonly drill: RunSummary;
  readonly failover: RunSummary;
  readonly attested: NonNullable<ProtectionState['drills']>['attested'][number];
}

let folder: string;
let known: Known;
let group: GroupCompliance;
let code: number;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-compliance-'));
  const lab = await startMemoryLab(
    tinyRunbook({
      operations:
        '{ failover: { gates: [{ approval: { name: cutover, prompt: Move to south? } }] }, drill: { attestation: {} } }',
    }),
  );
  try {
    known = await story(lab);
    await cp(path.join(lab.home, 'evidence'), folder, { recursive: true });
  } finally {
    await lab.tearDown();
  }
  const from = new Date(known.breachSince - 3_600_000).toISOString();
  const to = new Date(Date.now() + 3_600_000).toISOString();
  const nowhere = { SWITCHBACK_EVIDENCE: folder, TEMPORAL_ADDRESS: lab.address };
  const outcome = await runCommand(['compliance', '--from', from, '--to', to, '--json'], nowhere);
  const report = JSON.parse(outcome.out) as ComplianceReport;
  expect(report.groups.map((one) => one.group)).toEqual(['tiny']);
  [group] = report.groups as [GroupCompliance];
  ({ code } = outcome);
}, 1_300_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The standby falls behind and catches up; a drill is held and attested; somebody approves a failover. */
async function story(lab: MemoryLab): Promise<Known> {
  await until('a pass was made', async () => {
    const state: ProtectionState | null = await lab.state();
    return Object.keys(state?.replication.asOf ?? {}).length > 0;
  });
  const breach = await fallBehind(lab);
  const drill = await lab.start('drill');
  await drill.result();
  const asked = lab.client.workflow.getHandle(
    attestationWorkflowId({ workflowId: drill.workflowId, runId: (await drill.describe()).runId }),
  );
  await asked.executeUpdate('attest', { args: [{ by: 'cleo', verdict: 'passed', notes: 'looked at it' }] });
  await asked.result();
  const failover = await approved(lab, 'ana');
  await until('all of it is kept', () => keptAll(lab, failover));
  const { runs, drills } = await lab.state();
  const summary = (run: WorkflowHandle): RunSummary => {
    const found = runs.find(({ workflowId }) => workflowId === run.workflowId);
    if (found === undefined) throw new Error(`the group does not know ${run.workflowId}`);
    return found;
  };
  const [attested] = drills?.attested ?? [];
  if (attested === undefined) throw new Error('nobody attested the drill');
  return { ...breach, drill: summary(drill), failover: summary(failover), attested };
}

async function fallBehind(lab: MemoryLab): Promise<Pick<Known, 'breachSince' | 'breachUntil'>> {
  // Each lets one pass fail: more than there are passes until it is healed.
  for (let nth = 1; nth <= 500; nth += 1)
    lab.world.inject({ kind: 'call-fails', method: 'sync', nth, code: 'SiteUnreachable' });
  await until('the group tells of a breach', async () => (await lab.state()).breach !== undefined);
  const asOf = Date.parse((await lab.state()).replication.asOf['data'] ?? '');
  const behind = Date.now();
  lab.world.heal();
  await until('the standby has caught up', async () => (await lab.state()).breach === undefined);
  return { breachSince: asOf + RPO_SECONDS * 1000, breachUntil: [behind, Date.now()] };
}

async function approved(lab: MemoryLab, by: string): Promise<WorkflowHandle> {
  const failover = await lab.start('failover');
  await lab.until(failover, ({ waitingFor }) => waitingFor.length > 0);
  await failover.executeUpdate('decide', { args: [{ by, decision: 'approve' }] });
  await failover.result();
  return failover;
}

/** The report of the run, and how the group was protected up to its end. */
async function keptAll(lab: MemoryLab, run: WorkflowHandle): Promise<boolean> {
  const { entries } = await new Evidence(new FolderStore(path.join(lab.home, 'evidence'))).of('tiny').verify();
  const reported = entries.findIndex(({ kind, id }) => kind === 'report' && id.includes(run.workflowId));
  return reported >= 0 && entries.slice(reported).some(({ kind }) => kind === 'protection-sample');
}

const ms = (instant: string | undefined): number => Date.parse(instant ?? '');

test('the breach is told with its length, from when the standby was too far behind until it had caught up', () => {
  const [breach, ...others] = group.rpo.breaches.filter(({ kind }) => kind === 'lag');
  expect(others).toEqual([]);
  expect(ms(breach?.since)).toBe(known.breachSince);
  expect(ms(breach?.until)).toBeGreaterThanOrEqual(known.breachUntil[0]);
  expect(ms(breach?.until)).toBeLessThanOrEqual(known.breachUntil[1]);
  expect(breach?.seconds).toBeCloseTo((ms(breach?.until) - ms(breach?.since)) / 1000, 3);
  expect(code).toBe(1);
  expect(group.verdict).toBe('not-compliant');
});

test('the time within the objective is all that was seen, without the breach and what nothing protected', () => {
  const { withinSeconds, beyondSeconds, breaches, unprotectedSeconds, worst } = group.rpo;
  expect(withinSeconds).toBeGreaterThan(0);
  expect(beyondSeconds).toBeCloseTo(
    breaches.reduce((sum, { secondsInPeriod }) => sum + secondsInPeriod, 0),
    3,
  );
  const [lag] = breaches.filter(({ kind }) => kind === 'lag');
  expect(beyondSeconds).toBeCloseTo((lag?.seconds ?? 0) + unprotectedSeconds, 3);
  // The standby was further behind the longer the breach was.
  expect(worst?.lagSeconds).toBeCloseTo(RPO_SECONDS + (lag?.seconds ?? 0), 0);
});

test('the recovery time of the run is that of its report, held against the objective', () => {
  const run = group.runs.find(({ workflowId }) => workflowId === known.failover.workflowId);
  expect(run).toMatchObject({ runId: known.failover.runId, verdict: 'completed' });
  expect(run?.recoveries).toEqual([
    expect.objectContaining({
      result: 'met',
      objectiveSeconds: 60,
      achievedSeconds: known.failover.figures?.recovery?.seconds,
    }),
  ]);
});

test('the drill was held, and somebody attested it, which nobody signed', () => {
  expect(group.drills.held).toMatchObject([
    {
      workflowId: known.drill.workflowId,
      runId: known.drill.runId,
      verdict: 'completed',
      attested: { verdict: 'passed', by: 'cleo', notes: 'looked at it', at: known.attested.at, identity: 'claimed' },
    },
  ]);
});

test('the approval was given, by somebody who only claims to be that person', () => {
  expect(group.approvals).toMatchObject([
    {
      runId: known.failover.runId,
      gate: 'cutover',
      state: 'given',
      approvedBy: [{ by: 'ana', identity: 'claimed' }],
    },
  ]);
});

test('the chain is whole, and says so', () => {
  expect(group.evidence.faults).toEqual([]);
  expect(group.evidence.entries).toBeGreaterThan(5);
});
