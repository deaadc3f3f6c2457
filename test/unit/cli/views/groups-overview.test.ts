import type { ProtectionState, RunSummary } from '../../../../core/model/protection';
import type { GroupStatus } from '../../../../cli/views/group-status';
import { overviewLines } from '../../../../cli/views/groups-overview';
import { fixtureSnapshot, NOW } from '../fixture-run';
import { expectGolden } from '../golden';
import { rendered } from '../rendered';

const state: ProtectionState = {
  ...{ group: 'shop', phase: 'Protected', activeSite: 'primary', epoch: 2, highestEpoch: 4 },
  replication: {
    direction: 'primary-to-recovery',
    ...{ paused: false, rpoSeconds: 30, asOf: { orders: '2026-11-21T10:00:55.000Z' } },
  },
  fencing: { primary: 'unfenced', recovery: 'fenced' },
  runs: [],
};

const ready = { state: 'Ready', reasons: [], evaluatedAt: NOW, tookSeconds: 0.4 } as const;

const drill: RunSummary = {
  workflowId: 'drill/wiki/1',
  runId: 'd1',
  operation: 'drill',
  verdict: 'completed',
  startedAt: '2026-11-09T10:00:00.000Z',
  finishedAt: '2026-11-09T10:01:00.000Z',
};

const waiting = fixtureSnapshot(
  { 'approval/cutover': 'running' },
  {
    phase: 'waiting',
    waitingFor: [
      {
        ...{ kind: 'approval', name: 'cutover', prompt: 'Move the shop back?', since: '2026-11-21T10:00:40.000Z' },
        answers: [{ message: 'decide', payload: { gate: 'cutover', by: 'you@example.com', decision: 'approve' } }],
      },
    ],
  },
).status;

const groups: readonly GroupStatus[] = [
  { group: 'shop', state: { ...state, readiness: ready }, runs: [waiting], nextDrill: '2026-12-05T10:00:00.000Z' },
  {
    group: 'wiki',
    state: {
      ...{ ...state, group: 'wiki', phase: 'ReverseProtected', activeSite: 'recovery', runs: [drill] },
      replication: { ...state.replication, asOf: { pages: '2026-11-21T09:59:00.000Z' } },
      breach: { since: '2026-11-21T09:59:30.000Z', lagSeconds: 120 },
      readiness: { ...ready, state: 'NotReady' },
      drills: { passed: 0, failed: 0, more: 0, attested: [], unattested: [{ ...drill, endedAt: drill.finishedAt }] },
    },
    runs: [],
  },
  {
    group: 'intranet',
    state: {
      ...{ ...state, group: 'intranet', phase: 'Incomplete', runs: [{ ...drill, runId: 'd2' }] },
      replication: { direction: 'none', paused: true, asOf: {} },
      drills: {
        ...{ passed: 1, failed: 0, more: 0, unattested: [] },
        attested: [{ ...drill, runId: 'd2', endedAt: drill.finishedAt, verdict: 'passed', by: 'ana', at: NOW }],
      },
      incomplete: {
        ...{ operation: 'failover', workflowId: 'failover/intranet/1', runId: 'r7', before: 'Protected' },
        because: 'ana: we go on by hand',
      },
    },
    runs: [],
  },
  { group: 'blog', runs: [], trouble: 'no worker answered in time' },
];

test('every group has a row, and below is what a person should look at, with the commands', () => {
  expectGolden('status-overview', rendered(overviewLines(groups, NOW)));
});

test('each row fits under its headings', () => {
  const [head = '', ...rows] = rendered(overviewLines(groups, NOW)).split('\n');
  const at = head.indexOf('readiness');
  expect(rows.slice(0, 3).map((row) => row.slice(at, at + 9).trim())).toEqual(['Ready', 'Not ready', '–']);
});
