import type { Holder, ProtectionState, RunSummary } from '../../../core/model/protection';
import { phasesToBegin, type Operation, type ProtectionPhase } from '../../../core/model/operation';
import {
  abandoned,
  committed,
  establish,
  held,
  lagSeconds,
  nextEpochs,
  released,
  wrongState,
} from '../../../core/running/protection-rules';
import { parsedShop } from '../planning/shop';
import { observationFor } from '../planning/compiled';

const shop = parsedShop();
const at = '2026-11-21T10:00:00.000Z';
const holder: Holder = { workflowId: 'failover/shop/1', runId: 'r1', operation: 'failover', since: at };
const state = (phase: ProtectionPhase, more: Partial<ProtectionState> = {}): ProtectionState => ({
  group: 'shop',
  phase,
  activeSite: 'primary',
  epoch: 4,
  highestEpoch: 6,
  replication: { direction: 'primary-to-recovery', paused: false, asOf: {} },
  fencing: { primary: 'unfenced', recovery: 'fenced' },
  runs: [],
  ...more,
});
const summary = {
  workflowId: 'w',
  runId: 'r1',
  operation: 'failover',
  verdict: 'completed',
  startedAt: at,
  finishedAt: at,
} as const;

describe('which operation may begin', () => {
  const phases: ProtectionPhase[] = ['Protected', 'FailedOver', 'ReverseProtected', 'Recovering', 'Incomplete'];
  const operations: Operation[] = ['failover', 'reprotect', 'failback'];
  const cases = phases.flatMap((phase) => operations.map((operation) => [operation, phase] as const));

  test.each(cases)('%s in phase %s', (operation, phase) => {
    const wrong = wrongState(state(phase), operation);
    if (phasesToBegin(operation).includes(phase)) expect(wrong).toBeUndefined();
    else expect(wrong).toContain(`is ${phase}; ${operation} needs`);
  });

  test('an incomplete group is judged by the last phase that was proven', () => {
    const left = abandoned(held(state('Protected'), holder, nextEpochs(state('Protected'), 'failover')), 'terminated');
    expect(left).toMatchObject({
      phase: 'Incomplete',
      incomplete: { before: 'Protected', runId: 'r1', because: 'terminated' },
    });
    expect(wrongState(left, 'failover')).toBeUndefined();
    expect(wrongState(left, 'failback')).toContain('is Protected');
  });
});

describe('epochs', () => {
  test('a run that moves the group gets epochs higher than any ever handed out', () => {
    expect(nextEpochs(state('Protected'), 'failover')).toEqual({ from: 4, to: 7, rollback: 8 });
  });

  test('handed out epochs are never handed out again, also after a run that was given up', () => {
    const first = nextEpochs(state('Protected'), 'failover');
    const left = abandoned(held(state('Protected'), holder, first), 'terminated');
    expect(nextEpochs(left, 'failover').to).toBeGreaterThan(first.rollback);
  });

  test('reprotect keeps the epoch', () => {
    expect(nextEpochs(state('FailedOver'), 'reprotect')).toEqual({ from: 4, to: 4, rollback: 4 });
  });
});

describe('commit and release', () => {
  const moved = committed(held(state('Protected'), holder, { from: 4, to: 7, rollback: 8 }), {
    operation: 'failover',
    epoch: 7,
    activeSite: 'recovery',
    direction: 'none',
  });

  test('a commit changes active site and epoch, and leaves the old site to be fenced until that is confirmed', () => {
    expect(moved).toMatchObject({
      phase: 'Recovering',
      activeSite: 'recovery',
      epoch: 7,
      lastProven: 'FailedOver',
      fencing: { primary: 'unconfirmed', recovery: 'unfenced' },
      replication: { direction: 'none', paused: true },
    });
  });

  test('a run that dies after its commit leaves what the commit has proven', () => {
    expect(abandoned(moved, 'terminated').incomplete?.before).toBe('FailedOver');
  });

  test('a release frees the group and keeps the last 50 runs', () => {
    let next = state('Protected');
    for (let run = 0; run < 60; run += 1) {
      next = released(held(next, holder, nextEpochs(next, 'failover')), {
        phase: 'Protected',
        epoch: 4,
        activeSite: 'primary',
        summary: { ...summary, runId: `r${run}` },
        because: '',
      });
    }
    expect(next.holder).toBeUndefined();
    expect(next.runs).toHaveLength(50);
    expect(next.runs[0]?.runId).toBe('r59');
  });

  test('an aborted run leaves the group incomplete, with its epochs for a run that continues it', () => {
    const epochs = { from: 4, to: 7, rollback: 8 };
    const left = released(held(state('Protected'), holder, epochs), {
      phase: 'Incomplete',
      epoch: 4,
      activeSite: 'primary',
      summary: { ...summary, verdict: 'aborted' },
      because: 'ana: enough',
    });
    expect(left.incomplete).toMatchObject({ operation: 'failover', because: 'ana: enough', epochs });
  });
});

describe('lag', () => {
  test.each([
    ['the oldest volume counts', { a: '2026-11-21T09:59:58.000Z', b: '2026-11-21T09:59:50.000Z' }, 10],
    ['a volume that was never copied makes it unknown, not zero', { a: '2026-11-21T09:59:58.000Z' }, undefined],
    [
      'a clock that is behind makes no negative lag',
      { a: '2026-11-21T10:00:05.000Z', b: '2026-11-21T10:00:05.000Z' },
      0,
    ],
  ])('%s', (_title, asOf, expected) => {
    const replicating = state('Protected', { replication: { direction: 'primary-to-recovery', paused: false, asOf } });
    expect(lagSeconds(replicating, ['a', 'b'], at)).toBe(expected);
  });
});

describe('a group of which nothing is remembered', () => {
  test.each([
    ['failover', 'Protected', 'primary'],
    ['reprotect', 'ReverseProtected', 'recovery'],
  ] as const)('is established from what its sites say (as before %s)', (operation, phase, activeSite) => {
    expect(establish(shop, observationFor(shop, operation))).toMatchObject({ phase, activeSite, epoch: 1 });
  });

  test('is failed over when the active recovery site has no replica at the primary', () => {
    const seen = observationFor(shop, 'reprotect');
    const primary = { ...seen.sites.primary, volumes: [], health: { ...seen.sites.primary.health, reachable: false } };
    const established = establish(shop, { ...seen, sites: { ...seen.sites, primary } });
    expect(established).toMatchObject({
      phase: 'FailedOver',
      activeSite: 'recovery',
      replication: { direction: 'none' },
    });
  });
});

describe('a group that was Incomplete when an operation took it', () => {
  const epochs = { from: 4, to: 7, rollback: 8 };
  const left = abandoned(held(state('Protected', { epoch: 7, activeSite: 'recovery' }), holder, epochs), 'terminated');
  const next: Holder = { ...holder, runId: 'r2' };
  const ends = (verdict: RunSummary['verdict'], continues?: true) =>
    released(held(left, { ...next, ...(continues && { continues }) }, epochs), {
      phase: 'Protected',
      epoch: 4,
      activeSite: 'primary',
      because: verdict,
      summary: { ...summary, runId: 'r2', verdict },
    });

  test.each(['refused', 'declined', 'expired', 'withdrawn', 'rolled-back'] as const)(
    'is so again, as the earlier run left it, when that one is %s',
    (verdict) => {
      expect(ends(verdict)).toEqual({ ...left, runs: [expect.objectContaining({ runId: 'r2', verdict })] });
    },
  );

  test('is so again when a run that continues is refused, and at the beginning when it is rolled back', () => {
    expect(ends('refused', true)).toMatchObject({ phase: 'Incomplete', incomplete: { runId: 'r1' } });
    expect(ends('rolled-back', true)).toMatchObject({ phase: 'Protected', epoch: 4, activeSite: 'primary' });
    expect(ends('rolled-back', true).incomplete).toBeUndefined();
  });

  test('is what a completed run makes of it', () => {
    expect(ends('completed')).not.toHaveProperty('interrupted');
    expect(ends('completed').phase).toBe('Protected');
  });
});
