import type { SiteObservation } from '../../../../core/model/observation';
import type { SiteRole } from '../../../../core/model/site';
import type { RecoveryPoint } from '../../../../core/model/volume';
import type { Inspection } from '../../../../cli/temporal/inspection';
import { listedPoints, pointsLines } from '../../../../cli/views/points-view';
import { fixturePlan } from '../fixture-plan';
import { NOW } from '../fixture-run';
import { rendered } from '../rendered';

const ago = (seconds: number): string => new Date(Date.parse(NOW) - seconds * 1000).toISOString();

const point = (id: string, seconds: number, more: Partial<RecoveryPoint> = {}): RecoveryPoint => ({
  id,
  volume: 'orders',
  site: 'beta',
  role: 'replica',
  epoch: 1,
  asOf: ago(seconds),
  capturedAt: ago(seconds),
  consistency: 'crash',
  records: 10,
  files: 1,
  bytes: 2048,
  newBytes: 1024,
  ...more,
});

const set = { id: 'app-1', quiescedAt: ago(60) };
const points = [
  point('newest', 30),
  point('still', 60, { consistency: 'application', set }),
  point('kept', 9e6, { reason: 'before failback failback/shop/1' }),
];

function siteOf(role: SiteRole, site: string, reachable = true): SiteObservation {
  const replica = role === 'recovery';
  const volume = {
    volume: 'orders',
    site,
    role: replica ? ('replica' as const) : ('active' as const),
    epoch: 1,
    ...(replica && { asOf: ago(4) }),
    records: replica ? 12 : 15,
    bytes: 2048,
    files: 1,
    points: replica ? points : [],
  };
  return {
    role,
    health: { site, reachable, findings: [], observedAt: NOW },
    workloads: [],
    volumes: reachable ? [volume] : [],
    fence: { site, fencing: 'unfenced', saw: '' },
  };
}

const inspection = (reachable: boolean): Inspection => ({
  runbook: fixturePlan.runbook,
  state: null,
  sites: { primary: siteOf('primary', 'alpha', reachable), recovery: siteOf('recovery', 'beta') },
  connectivity: [],
  records: {},
});

test('the standby is first, latest is marked, and each point says why it is kept and what it would lose', () => {
  const [standby] = listedPoints(inspection(true), NOW);
  expect(standby).toMatchObject({ site: 'beta', active: false, reachable: true });
  expect(standby?.volumes[0]?.points).toMatchObject([
    { id: 'latest', loses: { seconds: 4, records: 3 } },
    { id: 'newest', loses: { seconds: 30, records: 5 }, newBytes: 1024 },
    { id: 'still', consistency: 'application', set: 'app-1' },
    { id: 'kept', kept: 'before failback failback/shop/1' },
  ]);
});

test('a site that does not answer is named, and the other one is listed', () => {
  const sites = listedPoints(inspection(false), NOW);
  const text = rendered(pointsLines(inspection(false), sites));
  expect(text).toContain('alpha primary site, active, does not answer');
  expect(text).toContain('application-consistent  2.0 KiB (1.0 KiB new)');
  // Nobody can count what a lost site holds.
  expect(sites[0]?.volumes[0]?.points[0]?.loses).toEqual({ seconds: 4 });
});
