import type { SiteObservation } from '../../../../core/model/observation';
import type { SiteRole } from '../../../../core/model/site';
import type { Inspection } from '../../../../cli/temporal/inspection';
import { allWell, sitesLines } from '../../../../cli/views/sites-view';
import { fixturePlan } from '../fixture-plan';
import { NOW } from '../fixture-run';
import { expectGolden } from '../golden';
import { rendered } from '../rendered';

function siteOf(role: SiteRole, site: string): SiteObservation {
  const replica = role === 'recovery';
  return {
    role,
    health: {
      site,
      reachable: true,
      findings: [{ name: 'disk', ok: true, saw: '20 GiB free' }],
      observedAt: NOW,
    },
    workloads: [{ workload: 'ledger', site, status: replica ? 'stopped' : 'running', replicas: 1, saw: 'pid 4711' }],
    volumes: [
      {
        volume: 'orders',
        site,
        role: replica ? 'replica' : 'active',
        epoch: 1,
        ...(replica && { asOf: '2026-11-21T10:00:56.000Z' }),
        records: 12,
        bytes: 2048,
        files: 1,
        points: [],
      },
    ],
    fence: { site, fencing: 'unfenced', saw: '' },
  };
}

const well: Inspection = {
  runbook: fixturePlan.runbook,
  state: null,
  sites: { primary: siteOf('primary', 'alpha'), recovery: siteOf('recovery', 'beta') },
  connectivity: [{ from: 'alpha', to: 'beta', ok: true, saw: 'answered', latencyMs: 1.26 }],
  records: { 'shop.test': { name: 'shop.test', type: 'A', values: ['127.0.1.1'], ttlSeconds: 30, epoch: 1 } },
};

const lost: Inspection = {
  ...well,
  sites: {
    ...well.sites,
    primary: { ...well.sites.primary, health: { ...well.sites.primary.health, reachable: false, findings: [] } },
  },
  connectivity: [{ from: 'alpha', to: 'beta', ok: false, saw: 'no answer from alpha' }],
  records: {},
};

test('both sites with what is there, the records, and the way between', () => {
  expectGolden('sites', rendered(sitesLines(well, NOW)));
  expect(allWell(well)).toBe(true);
});

test('a site that does not answer says only that, and the whole is not well', () => {
  expectGolden('sites-lost', rendered(sitesLines(lost, NOW)));
  expect(allWell(lost)).toBe(false);
});

test('one finding that is not in order makes the whole not well, and shows what to do', () => {
  const findings = [{ name: 'disk', ok: false, saw: 'full', fix: 'Make room.' }];
  const recovery = { ...well.sites.recovery, health: { ...well.sites.recovery.health, findings } };
  const full = { ...well, sites: { ...well.sites, recovery } };
  expect(allWell(full)).toBe(false);
  expect(rendered(sitesLines(full, NOW))).toContain('✗ disk: full\n          Make room.');
});
