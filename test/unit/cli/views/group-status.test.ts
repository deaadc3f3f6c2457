import type { ProtectionState } from '../../../../core/model/protection';
import { groupStatusLines, lagSeconds } from '../../../../cli/views/group-status';
import { fixtureSnapshot, NOW } from '../fixture-run';
import { expectGolden } from '../golden';
import { rendered } from '../rendered';

const state: ProtectionState = {
  group: 'shop',
  phase: 'ReverseProtected',
  activeSite: 'recovery',
  epoch: 2,
  highestEpoch: 4,
  replication: { direction: 'recovery-to-primary', paused: false, asOf: { orders: '2026-11-21T10:00:55.000Z' } },
  fencing: { primary: 'fenced', recovery: 'unfenced' },
  runs: [],
};

test('every group with its state, its lag against the objective, what runs and what waits for whom', () => {
  const running = fixtureSnapshot(
    { 'approval/cutover': 'running' },
    {
      phase: 'waiting',
      waitingFor: [
        {
          kind: 'approval',
          name: 'cutover',
          prompt: 'Move the shop back?',
          since: '2026-11-21T10:00:40.000Z',
          answers: [{ message: 'decide', payload: { gate: 'cutover', by: 'you@example.com', decision: 'approve' } }],
        },
      ],
    },
  ).status;
  const incomplete: ProtectionState = {
    ...state,
    group: 'intranet',
    phase: 'Incomplete',
    replication: { direction: 'none', paused: true, asOf: {} },
    fencing: { primary: 'unconfirmed', recovery: 'unfenced' },
    incomplete: {
      operation: 'failover',
      workflowId: 'failover/intranet/1',
      runId: 'r7',
      before: 'Protected',
      because: 'ana: we go on by hand',
    },
  };
  const breached: ProtectionState = {
    ...state,
    group: 'wiki',
    breach: { since: '2026-11-21T09:00:00.000Z', lagSeconds: 3605 },
    replication: { ...state.replication, lastError: 'SiteUnreachable: alpha does not answer' },
  };
  expectGolden(
    'status',
    rendered(
      groupStatusLines(
        [
          {
            group: 'shop',
            state: { ...state, replication: { ...state.replication, rpoSeconds: 900 } },
            runs: [running],
          },
          { group: 'intranet', state: incomplete, runs: [] },
          {
            group: 'forum',
            state: { ...incomplete, group: 'forum' },
            runs: [],
            left: {
              observedAt: NOW,
              sites: [
                {
                  role: 'primary',
                  site: 'alpha',
                  reachable: false,
                  fencing: 'unconfirmed',
                  workloads: [],
                  volumes: [],
                },
              ],
              records: [{ name: 'forum.example.test', values: ['127.0.1.1'] }],
            },
          },
          { group: 'wiki', state: breached, runs: [] },
          { group: 'blog', runs: [], trouble: 'no worker answered in time' },
        ],
        NOW,
      ),
    ),
  );
});

test.each([
  ['the volume that is furthest behind counts', { a: '2026-11-21T10:00:58.000Z', b: '2026-11-21T10:00:30.000Z' }, 30],
  ['a clock that runs ahead is no negative lag', { a: '2026-11-21T10:05:00.000Z' }, 0],
  ['no volume has arrived yet', {}, undefined],
])('lag: %s', (_title, asOf, seconds) => {
  expect(lagSeconds(asOf, NOW)).toBe(seconds);
});

test('drills are counted, and those that nobody has attested are named with the command, the newest first', () => {
  const held = (n: number) => ({
    workflowId: `drill/shop/${n}`,
    runId: `r${n}`,
    endedAt: `2026-11-2${n}T10:00:00.000Z`,
  });
  const drills = { passed: 3, failed: 1, unattested: [held(0), held(1)], more: 2, attested: [] };
  const lines = rendered(groupStatusLines([{ group: 'shop', state: { ...state, drills }, runs: [] }], NOW));
  expect(lines).toContain('  drills     8 held: 3 passed, 1 failed, 4 not attested, the oldest of these for ');
  expect(lines).toMatch(/attest drill\/shop\/1 passed --notes '\.\.\.'[^]*attest drill\/shop\/0 passed[^]*and 2 more/);
});

test('a group without volumes is not said to lack a pass of them', () => {
  const dataLine = (lastPassAt?: string): string | undefined => {
    const replication = {
      direction: 'primary-to-recovery',
      paused: false,
      asOf: {},
      ...(lastPassAt && { lastPassAt }),
    } as const;
    return rendered(groupStatusLines([{ group: 'shop', state: { ...state, replication }, runs: [] }], NOW))
      .split('\n')
      .find((line) => line.includes('data'));
  };
  expect(dataLine()).toContain('no complete pass yet');
  expect(dataLine(NOW)).toContain('no volumes');
});
