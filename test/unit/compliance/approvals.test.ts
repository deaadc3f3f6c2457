import type { Report } from '../../../core/report/report';
import { approval, move, said, terms, what } from './kept';

const at = '2026-11-10T10:00:00.000Z';
const required = { operation: 'failover' as const, gate: 'cutover', required: 2, signed: true };
const inForce = [terms({ approvals: [required] })];
const opened = { gate: 'cutover', step: 'approval/cutover', prompt: 'go?', openedAt: at, from: [] };
const passed: Report['gates'] = [{ ...opened, outcome: 'passed', closedAt: '2026-11-10T10:00:10.000Z' }];
const ana = approval('ana@example.com', '2026-11-10T10:00:05.000Z');
const bo = approval('bo@example.com', '2026-11-10T10:00:10.000Z');

const saidOf = (changes: Partial<Report>, kept = inForce) =>
  said({ terms: kept, reports: [move('failover/1', at, 30, { gates: passed, ...changes })] });

test('two who signed are two approvals', () => {
  const group = saidOf({ decisions: [ana, bo] });
  expect(group.approvals).toMatchObject([
    { gate: 'cutover', state: 'given', approvedBy: [{ by: ana.by, identity: 'signed' }, { by: bo.by }] },
  ]);
  expect(group.verdict).toBe('compliant');
});

const claimed = (decision: typeof bo): typeof bo => {
  const { signed: _signed, ...rest } = decision;
  return rest;
};

test.each<[string, Partial<Report>, string, string]>([
  ['one of two', { decisions: [ana] }, 'missing', '1 of 2 approvals are on record'],
  [
    'one who writes the name otherwise',
    { decisions: [ana, { ...ana, by: 'Ana@Example.com' }] },
    'missing',
    '1 of 2 approvals are on record',
  ],
  [
    'one that was taken back',
    { decisions: [ana, bo], withdrawals: [{ gate: 'cutover', by: bo.by, at: bo.at }] },
    'missing',
    '1 of 2 approvals are on record',
  ],
  ['one at another gate', { decisions: [ana, { ...bo, gate: 'other' }] }, 'missing', '1 of 2 approvals are on record'],
  [
    'one before everybody was asked again',
    { decisions: [ana, { ...bo, at: '2026-11-10T09:00:00.000Z' }] },
    'missing',
    '1 of 2 approvals are on record',
  ],
  ['a gate that the run did not have', { decisions: [], gates: [] }, 'missing', 'the run went on without this gate'],
  [
    'a gate that was left out',
    { decisions: [], gates: [{ ...opened, outcome: 'left' }] },
    'missing',
    'the run went on without this gate',
  ],
  ['a claim', { decisions: [ana, claimed(bo)] }, 'claimed-only', '1 of 2 approvals are signed'],
])('%s is a violation', (_, changes, state, because) => {
  const group = saidOf(changes);
  expect(group.approvals).toMatchObject([{ state, because }]);
  expect(group.verdict).toBe('not-compliant');
  expect(what(group, 'violation')).toEqual([expect.stringContaining(`approval: failover/1, gate cutover: ${because}`)]);
});

test('a claim where no signature is required is a note', () => {
  const group = saidOf({ decisions: [claimed(ana), bo] }, [terms({ approvals: [{ ...required, signed: false }] })]);
  expect(group.verdict).toBe('compliant');
  expect(what(group, 'note')).toContain('approval: failover/1, gate cutover: claimed, not signed, by ana@example.com');
});

test('who approved the own request, and who let another decide, is a note', () => {
  const group = saidOf({
    decisions: [approval('Eve@example.com', ana.at), bo],
    delegations: [{ gate: 'cutover', by: 'cleo', to: bo.by, at }],
  });
  expect(group.verdict).toBe('compliant');
  expect(what(group, 'note')).toEqual(
    expect.arrayContaining([
      'approval: failover/1, gate cutover: approved by Eve@example.com, who asked for the run',
      'approval: failover/1, gate cutover: cleo let bo@example.com decide',
    ]),
  );
});

test('a run that was declined at its gate needs no approval', () => {
  const because = 'the service was not touched';
  const group = saidOf({
    ...{
      verdict: 'declined',
      gates: [{ ...opened, outcome: 'declined' }],
      decisions: [{ ...ana, decision: 'decline' }],
    },
    objectives: {
      rpo: { result: 'not-applicable', because, from: [] },
      rto: { result: 'not-applicable', because, from: [] },
    },
  });
  expect(group.approvals).toMatchObject([{ state: 'not-reached', because: 'the gate was declined' }]);
  expect(group.verdict).toBe('compliant');
});

test('what was required is what was in force when the run began, for its operation and mode', () => {
  const changed = [...inForce, terms({ since: '2026-11-10T10:00:00.001Z' })];
  expect(saidOf({ decisions: [ana] }, changed).approvals).toMatchObject([{ state: 'missing' }]);
  expect(
    saidOf({ decisions: [ana] }, [terms({ approvals: [{ ...required, operation: 'failback' }] })]).approvals,
  ).toEqual([]);
  expect(saidOf({ decisions: [ana] }, [terms({ approvals: [{ ...required, mode: 'unplanned' }] })]).approvals).toEqual(
    [],
  );
});

test('what nobody has a plan for is named, and whether anybody looked', () => {
  const seen = said({ terms: [terms({ uncovered: ['Deployment legacy/batch'] })] });
  expect(seen.coverage).toMatchObject({
    workloads: ['ledger', 'web'],
    volumes: ['orders'],
    uncovered: ['Deployment legacy/batch'],
  });
  expect(what(seen, 'note')).toContain('coverage: Deployment legacy/batch has no plan');
  const { uncovered: _uncovered, ...unseen } = terms();
  expect(what(said({ terms: [unseen] }), 'note')).toContain(
    'coverage: what runs at the active site and is in no runbook was not looked at',
  );
});

test('decisions of a run without a report are named', () => {
  const decision = {
    schemaVersion: 1 as const,
    workflowId: 'failover/9',
    runId: 'r9',
    operation: 'failover' as const,
    event: { at, kind: 'decision' as const, decision: ana },
  };
  expect(what(said({ decisions: [decision] }), 'note')).toContain(
    'evidence: decisions of failover/9 are kept, and no report: it goes on, or was ended from outside',
  );
});
