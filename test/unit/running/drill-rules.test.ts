import type { Holder, ProtectionState } from '../../../core/model/protection';
import { drillBegun, drillEnded, lagNoted } from '../../../core/running/drill-rules';

const at = (second: number): string => `2026-11-21T10:00:${String(second).padStart(2, '0')}.000Z`;

const drill: Holder = { workflowId: 'drill/shop/1', runId: 'd1', operation: 'drill', since: at(0) };

const state = (asOf: Readonly<Record<string, string>>): ProtectionState => ({
  group: 'shop',
  phase: 'Protected',
  activeSite: 'primary',
  epoch: 4,
  highestEpoch: 6,
  replication: { direction: 'primary-to-recovery', paused: false, asOf },
  fencing: { primary: 'unfenced', recovery: 'fenced' },
  runs: [],
});

const passed = (before: ProtectionState, asOf: string): ProtectionState => ({
  ...before,
  replication: { ...before.replication, asOf: { orders: asOf, images: asOf } },
});

const release = {
  phase: 'Protected',
  epoch: 4,
  activeSite: 'primary',
  because: 'done',
  summary: { ...drill, verdict: 'completed', startedAt: at(0), finishedAt: at(40) },
} as const;

describe('the lag of production while a drill runs', () => {
  test('the worst is kept, of the volume that is furthest behind, with its instant', () => {
    let now = drillBegun(state({ orders: at(0), images: at(2) }), drill);
    now = passed(lagNoted(now, at(9)), at(8));
    now = passed(lagNoted(now, at(12)), at(11));
    expect(lagNoted(now, at(13)).drillLag).toEqual({ seconds: 9, at: at(9) });
    expect(lagNoted(now, at(30)).drillLag).toEqual({ seconds: 19, at: at(30) });
  });

  test('is not measured when no drill runs, or before a pass has ended', () => {
    expect(lagNoted(state({ orders: at(0) }), at(50))).not.toHaveProperty('drillLag');
    expect(lagNoted(drillBegun(state({}), drill), at(50))).not.toHaveProperty('drillLag');
  });

  test('is forgotten at the end, and is not that of the drill before', () => {
    const noted = lagNoted(drillBegun(state({ orders: at(0) }), drill), at(50));
    expect(noted).toHaveProperty('drillLag');
    expect(drillEnded(noted, release)).not.toHaveProperty('drillLag');
    expect(drillBegun(noted, { ...drill, runId: 'd2' }, 'terminated')).not.toHaveProperty('drillLag');
  });
});
