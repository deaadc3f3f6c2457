import '../patience';
import { rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { EvidenceEntry } from '../../../core/evidence/entry';
import type {
  EvidenceHead,
  EvidenceKind,
  KeptDecision,
  ProtectionSample,
  ProtectionTerms,
} from '../../../core/model/evidence';
import { Evidence } from '../../../evidence/evidence';
import { FolderStore } from '../../../evidence/folder-store';
import { until } from '../faults/until';
import { startMemoryLab, type MemoryLab } from './memory-lab';
import { tinyRunbook } from './tiny-runbook';

let lab: MemoryLab;
beforeEach(async () => {
  const gates = '[{ approval: { name: cutover, prompt: Move to south?, approvers: [ana, ben] } }]';
  lab = await startMemoryLab(tinyRunbook({ operations: `{ failover: { gates: ${gates} } }` }));
});
afterEach(() => lab.tearDown());

/** As anybody reads it who has the folder. */
const chain = () => new Evidence(new FolderStore(path.join(lab.home, 'evidence'))).of(lab.runbook.group);

async function kept<Body>(kind: EvidenceKind): Promise<readonly Body[]> {
  const { entries, faults } = await chain().verify();
  expect(faults).toEqual([]);
  const wanted = entries.filter((entry) => entry.kind === kind);
  return Promise.all(wanted.map(async (entry: EvidenceEntry) => (await chain().bodyOf(entry)) as Body));
}

/** What is kept of a kind, once it is so. */
async function keptOnce<Body>(
  what: string,
  kind: EvidenceKind,
  holds: (found: readonly Body[]) => boolean,
): Promise<readonly Body[]> {
  let found: readonly Body[] = [];
  await until(what, async () => holds((found = await kept<Body>(kind))));
  return found;
}

const some = (found: readonly unknown[]): boolean => found.length > 0;

async function atGate() {
  const handle = await lab.start('failover');
  await lab.until(handle, (status) => status.waitingFor.some(({ name }) => name === 'cutover'));
  return handle;
}

describe('evidence', () => {
  test('a group keeps what it is promised, its points, how it was protected, each decision and the report, in one chain', async () => {
    const handle = await atGate();
    await handle.executeUpdate('decide', { args: [{ by: 'ana', decision: 'approve' }] });
    await handle.result();
    const [terms] = await keptOnce<ProtectionTerms>('the terms are kept', 'terms', some);
    expect(terms).toMatchObject({
      objectives: lab.runbook.objectives,
      workloads: lab.runbook.workloads.map(({ name }) => name),
      approvals: [{ operation: 'failover', gate: 'cutover', required: 1, signed: false }],
    });
    const [decision] = await kept<KeptDecision>('decision');
    expect(decision).toMatchObject({
      workflowId: handle.workflowId,
      event: { decision: { by: 'ana', gate: 'cutover' } },
    });
    expect(await kept('recovery-points')).not.toEqual([]);
    const samples = await keptOnce<ProtectionSample>('the run is sampled', 'protection-sample', (found) =>
      found.some(({ during }) => during !== undefined),
    );
    for (const [index, next] of samples.slice(1).entries()) expect(next.from).toBe(samples[index]?.to);
    const [report] = await kept<{ run: { workflowId: string }; evidence: { sequence: number } }>('report');
    expect(report?.run.workflowId).toBe(handle.workflowId);
    const { evidence } = (await handle.describe()).memo ?? {};
    expect(evidence).toMatchObject({ sequence: (report?.evidence.sequence ?? 0) + 1 });
    expect((await lab.state()).runs[0]?.evidence).toEqual(evidence);
    expect((await chain().verify([{ ...(evidence as EvidenceHead), by: 'memo' }])).faults).toEqual([]);
  });

  test('what was decided in a run that never writes its report is kept all the same', async () => {
    const handle = await atGate();
    await handle.executeUpdate('decide', { args: [{ by: 'eve', decision: 'approve' }] }).catch(() => undefined);
    await handle.executeUpdate('delegate', { args: [{ gate: 'cutover', by: 'ana', to: 'cleo' }] });
    await keptOnce<KeptDecision>('the decision is kept', 'decision', some);
    await handle.terminate('by hand');
    expect(await kept('report')).toEqual([]);
    expect(await kept<KeptDecision>('decision')).toMatchObject([
      { event: { kind: 'delegated', delegation: { to: 'cleo' } } },
    ]);
  });

  test('while the place of evidence cannot be written the group says so, protects and moves all the same, and keeps it later', async () => {
    const folder = path.join(lab.home, 'evidence');
    await keptOnce('the terms are kept', 'terms', some);
    await rename(folder, `${folder}.away`);
    await writeFile(folder, 'a file where a folder should be');
    const handle = await atGate();
    const trouble = async () => (await lab.state()).evidence?.trouble;
    await until('the group says what it cannot keep', async () => (await trouble()) !== undefined);
    expect(await trouble()).toContain('evidence');
    await handle.executeUpdate('decide', { args: [{ by: 'ana', decision: 'decline' }] });
    const { reportFiles } = (await handle.result()) as { reportFiles: readonly string[] };
    expect(reportFiles).toHaveLength(3);
    expect(await lab.state()).toMatchObject({ phase: 'Protected', runs: [{ workflowId: handle.workflowId }] });
    expect((await lab.state()).holder).toBeUndefined();
    await rename(folder, `${folder}.file`);
    await rename(`${folder}.away`, folder);
    await until('the trouble is over', async () => (await trouble()) === undefined);
    await keptOnce<ProtectionSample>('a sample is kept', 'protection-sample', some);
    const [report] = await keptOnce<{ run: { workflowId: string }; verdict: string }>(
      'the report is kept',
      'report',
      some,
    );
    expect(report).toMatchObject({ run: { workflowId: handle.workflowId }, verdict: 'declined' });
  });
});
