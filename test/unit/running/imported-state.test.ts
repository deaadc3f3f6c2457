import type { SiteObservation } from '../../../core/model/observation';
import type { ProtectionState } from '../../../core/model/protection';
import type { SiteRole } from '../../../core/model/site';
import {
  fingerprint,
  importedState,
  notReplaceable,
  onlyFound,
  sameGroupState,
} from '../../../core/running/imported-state';
import { wrongState } from '../../../core/running/protection-rules';
import { whyNotStaged } from '../../../core/running/stage-rules';
import { parsedShop } from '../planning/shop';

const shop = parsedShop();
const at = '2026-11-29T10:00:00.000Z';
const exported: ProtectionState = {
  ...{ group: shop.group, phase: 'FailedOver', activeSite: 'recovery', epoch: 4, highestEpoch: 6 },
  replication: { direction: 'none', paused: true, asOf: {} },
  fencing: { primary: 'fenced', recovery: 'unfenced' },
  runs: [
    {
      workflowId: 'failover/shop/1',
      runId: 'r1',
      operation: 'failover',
      verdict: 'completed',
      startedAt: at,
      finishedAt: at,
    },
  ],
  drills: { passed: 1, failed: 0, unattested: [], more: 0, attested: [] },
};
const holder = { workflowId: 'failback/shop/2', runId: 'r2', operation: 'failback', since: at } as const;

/** By site: whose the volumes are, and with which epoch. */
const sitesWith = (
  primary: readonly ['active' | 'replica', number],
  recovery: readonly ['active' | 'replica', number],
  reachable = true,
): Record<SiteRole, SiteObservation> => {
  const site = (role: SiteRole, [is, epoch]: readonly ['active' | 'replica', number]): SiteObservation => ({
    role,
    health: { site: shop.sites[role].name, reachable: reachable || role === 'recovery', findings: [], observedAt: at },
    workloads: [],
    volumes: shop.volumes.map(({ name }) => ({
      ...{ volume: name, site: shop.sites[role].name, role: is, epoch, bytes: 0, files: 0, points: [] },
    })),
    fence: { site: shop.sites[role].name, fencing: is === 'active' ? 'unfenced' : 'fenced', epoch, saw: '' },
  });
  return { primary: site('primary', primary), recovery: site('recovery', recovery) };
};

const request = { runbook: shop, observedAt: at };

test('a state that the sites agree with is taken as it is', () => {
  expect(importedState(exported, { ...request, sites: sitesWith(['active', 3], ['active', 4]) })).toEqual({
    state: exported,
  });
});

test.each([
  ['a site shows an epoch above all that the file knows', ['active', 7], ['active', 4]],
  ['so does the other one', ['active', 3], ['active', 9]],
] as const)('refused: %s', (_, primary, recovery) => {
  const imported = importedState(exported, { ...request, sites: sitesWith(primary, recovery) });
  expect(imported).toEqual({ refused: expect.stringMatching(/somebody has moved group .* epoch [79]/) });
});

test.each<[string, Partial<SiteObservation>]>([
  ['only its fence shows it', { fence: { site: 'beta', fencing: 'unfenced', epoch: 7, saw: '' } }],
  [
    'only a workload shows it',
    {
      workloads: [{ workload: 'web', site: 'beta', status: 'running', epoch: 7, replicas: 1, saw: '' }],
    },
  ],
])('refused: a higher epoch at a site of which %s', (_, shown) => {
  const sites = sitesWith(['active', 3], ['active', 4]);
  const imported = importedState(exported, {
    ...request,
    sites: { ...sites, recovery: { ...sites.recovery, ...shown } },
  });
  expect(imported).toEqual({ refused: expect.stringContaining('shows epoch 7') });
});

test('epochs that were handed out and never used are no reason to refuse', () => {
  expect(importedState(exported, { ...request, sites: sitesWith(['active', 3], ['active', 6]) })).toHaveProperty(
    'state',
  );
});

test('a site that does not answer shows nothing', () => {
  expect(importedState(exported, { ...request, sites: sitesWith(['active', 9], ['active', 4], false) })).toHaveProperty(
    'state',
  );
});

test('the file of another group is refused', () => {
  const other = { ...exported, group: 'books' };
  const imported = importedState(other, { ...request, sites: sitesWith(['active', 3], ['active', 4]) });
  expect(imported).toEqual({ refused: expect.stringContaining('of group "books"') });
});

test('an operation that held the group is one that stopped half-way', () => {
  const held = { ...exported, phase: 'Recovering', lastProven: 'ReverseProtected', holder } as const;
  const imported = importedState(held, { ...request, sites: sitesWith(['active', 3], ['active', 4]) });
  expect(imported).toMatchObject({
    state: { phase: 'Incomplete', incomplete: { workflowId: 'failback/shop/2', before: 'ReverseProtected' } },
  });
});

test('a drill that ran may have left its copy', () => {
  const imported = importedState(
    { ...exported, drill: holder },
    { ...request, sites: sitesWith(['active', 3], ['active', 4]) },
  );
  expect(imported).toMatchObject({ state: { drillLeft: { workflowId: 'failback/shop/2' } } });
  expect(imported).not.toHaveProperty('state.drill');
});

test('a phase that was reached by hand takes its epochs from the sites, and keeps runs and drills', () => {
  const sites = sitesWith(['active', 2004], ['active', 1004]);
  const imported = importedState(exported, { ...request, sites, phase: 'Protected' });
  expect(imported).toMatchObject({
    state: {
      ...{ phase: 'Protected', activeSite: 'primary', epoch: 2004, highestEpoch: 2004, runs: exported.runs },
      ...{ drills: exported.drills, replication: { direction: 'primary-to-recovery', paused: false } },
    },
  });
});

test.each([
  ['another site is active', 'Protected', ['active', 3], ['active', 1004], 'is active'],
  ['no replica follows', 'ReverseProtected', ['active', 3], ['active', 1004], 'FailedOver, not ReverseProtected'],
  ['a replica follows', 'FailedOver', ['replica', 1004], ['active', 1004], 'ReverseProtected, not FailedOver'],
] as const)('a phase that the sites do not show is refused: %s', (_, phase, primary, recovery, says) => {
  const imported = importedState(exported, { ...request, sites: sitesWith(primary, recovery), phase });
  expect(imported).toEqual({ refused: expect.stringContaining(says) });
});

test('a group that was moved away takes no operation and is not staged; imported, it is here again', () => {
  const moved = { ...exported, moved: { at, sha256: 'c0ffee'.repeat(10) } };
  expect(wrongState(moved, 'reprotect')).toContain('was moved to another Temporal');
  expect(whyNotStaged(moved)).toContain('was moved to another Temporal');
  expect(wrongState(exported, 'reprotect')).toBeUndefined();
  const imported = importedState(moved, { ...request, sites: sitesWith(['active', 3], ['active', 4]) });
  expect(imported).toEqual({ state: exported });
});

test('what was only found at the sites may be replaced; what has runs, drills or a holder may not', () => {
  const { drills: _drills, ...found } = { ...exported, runs: [] };
  expect(onlyFound(found)).toBe(true);
  expect([onlyFound(exported), onlyFound({ ...found, holder }), onlyFound({ ...found, drill: holder })]).toEqual([
    false,
    false,
    false,
  ]);
});

test('after work by hand no epoch is handed out again that the file knows of, however low those of the sites are', () => {
  const known = { ...exported, highestEpoch: 50 };
  const sites = sitesWith(['active', 3], ['active', 9]);
  expect(importedState(known, { ...request, sites, phase: 'FailedOver' })).toMatchObject({
    state: { epoch: 9, highestEpoch: 50 },
  });
});

test('passes of replication make no other state of it, runs do', () => {
  const later = { ...exported, replication: { ...exported.replication, asOf: { orders: at } } };
  expect(sameGroupState(exported, later)).toBe(true);
  expect(sameGroupState(exported, { ...exported, runs: [] })).toBe(false);
});

const { runs: _runs, drills: _held, ...bare } = exported;
const found: ProtectionState = { ...bare, runs: [] };
const asked = { runbook: shop.group, state: exported };
const seen = fingerprint(exported);
const moved = { ...exported, moved: { at, sha256: 'a'.repeat(64) } };

test.each<[string, ProtectionState, { readonly seen?: string; readonly forget?: true }]>([
  ['what is as it was seen, and may be forgotten', exported, { seen, forget: true }],
  ['what was only found, though it was not there yet when it was looked for', found, {}],
  ['what was only found, as it was seen', found, { seen: fingerprint(found) }],
  ['what was moved away, as it was seen', moved, { seen: fingerprint(moved) }],
  [
    'a standby that was brought closer since',
    { ...exported, replication: { ...exported.replication, asOf: { orders: at } } },
    { seen, forget: true },
  ],
])('replaced: %s', (_, known, request) => {
  expect(notReplaceable(known, { ...asked, ...request })).toBeUndefined();
});

test.each<[string, ProtectionState, { readonly seen?: string; readonly forget?: true }, string, string]>([
  [
    'what an operation holds',
    { ...exported, holder },
    { seen: fingerprint({ ...exported, holder }), forget: true },
    'GroupBusy',
    'is held by failback',
  ],
  ['what a drill holds', { ...found, drill: holder }, { seen, forget: true }, 'GroupBusy', 'is held by'],
  ['what has runs, unless they may be forgotten', exported, { seen }, 'WrongState', '(FailedOver, epoch 4, 1 run)'],
  ['what nobody had seen, and has runs', exported, { forget: true }, 'GroupBusy', 'has changed since'],
  ['another epoch', { ...exported, epoch: 5 }, { seen, forget: true }, 'GroupBusy', 'has changed since'],
  [
    'an epoch that was handed out',
    { ...exported, highestEpoch: 8 },
    { seen, forget: true },
    'GroupBusy',
    'has changed since',
  ],
  ['one run less', { ...exported, runs: [] }, { seen, forget: true }, 'GroupBusy', 'has changed since'],
  [
    'another attested drill',
    { ...exported, drills: { passed: 2, failed: 0, unattested: [], more: 0, attested: [] } },
    { seen, forget: true },
    'GroupBusy',
    'has changed since',
  ],
  ['what was moved away since', moved, { seen, forget: true }, 'GroupBusy', 'has changed since'],
  [
    'what a run left half-way since',
    { ...exported, incomplete: { ...holder, before: 'FailedOver', because: '' } },
    { seen, forget: true },
    'GroupBusy',
    'has changed since',
  ],
])('not replaced: %s', (_, known, request, code, says) => {
  expect(notReplaceable(known, { ...asked, ...request })).toEqual({ code, message: expect.stringContaining(says) });
});
