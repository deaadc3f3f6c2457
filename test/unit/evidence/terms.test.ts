import { termsOf } from '../../../core/evidence/terms';
import type { ApprovalGate, Runbook } from '../../../core/model/runbook';
import { parsedShop } from '../planning/shop';

const known = { since: '2026-11-29T10:00:00.000Z', digest: 'd', schedules: [] };

const gate: ApprovalGate = { kind: 'approval', name: 'cutover', prompt: 'Move?', approvers: [] };

function withGates(...gates: readonly ApprovalGate[]): Runbook {
  const runbook = parsedShop();
  const { failover, ...others } = runbook.operations;
  const bare = Object.fromEntries(Object.entries(others).map(([name, policy]) => [name, { ...policy, gates: [] }]));
  return { ...runbook, operations: { ...bare, failover: { ...failover, gates } } as Runbook['operations'] };
}

test('terms are what a runbook promises: objectives, what is protected, and who must approve what', () => {
  const runbook = withGates({ ...gate, required: 2, signed: 'required', mode: 'planned' });
  const terms = termsOf(runbook, known);
  expect(terms).toMatchObject({ since: known.since, runbookDigest: 'd', objectives: runbook.objectives });
  expect(terms.workloads).toEqual(runbook.workloads.map(({ name }) => name));
  expect(terms.volumes).toEqual(runbook.volumes.map(({ name }) => name));
  expect(terms.approvals).toEqual([
    { operation: 'failover', gate: 'cutover', required: 2, signed: true, mode: 'planned' },
  ]);
});

test('of a quorum all its parts are required together, and never fewer than the gate asks for', () => {
  const part = (group: string, count: number) => ({ group, count, people: [] });
  const required = (changes: Partial<ApprovalGate>) =>
    termsOf(withGates({ ...gate, ...changes }), known).approvals[0]?.required;
  expect(required({})).toBe(1);
  expect(required({ quorum: [part('ops', 1), part('business', 2)] })).toBe(3);
  expect(required({ required: 4, quorum: [part('ops', 1)] })).toBe(4);
});

test('what is in no plan is told only when somebody could look', () => {
  expect(termsOf(withGates(), known)).not.toHaveProperty('uncovered');
  expect(termsOf(withGates(), { ...known, uncovered: [] }).uncovered).toEqual([]);
});
