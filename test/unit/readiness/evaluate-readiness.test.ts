import { SwitchbackFailure } from '../../../core/model/failure';
import type { Observation } from '../../../core/model/observation';
import { mostReasons } from '../../../core/model/readiness';
import { reasonCodes, type ReasonCode } from '../../../core/model/readiness-codes';
import type { ApprovalGate, Runbook } from '../../../core/model/runbook';
import type { SiteRole } from '../../../core/model/site';
import { evaluateReadiness } from '../../../core/readiness/evaluate-readiness';
import { evaluate, shopInput, type Changes } from './subjects';

const later = (seconds: number): string =>
  new Date(Date.parse('2026-11-21T10:00:00.000Z') + seconds * 1000).toISOString();

const atSite =
  (role: SiteRole, change: (site: Observation['sites'][SiteRole]) => Observation['sites'][SiteRole]) =>
  (observation: Observation): Observation => ({
    ...observation,
    sites: { ...observation.sites, [role]: change(observation.sites[role]) },
  });

const lost = (role: SiteRole) =>
  atSite(role, (site) => ({
    ...site,
    health: { ...site.health, reachable: false, findings: [{ name: 'answers', ok: false, saw: 'nothing' }] },
    workloads: [],
    volumes: [],
  }));

const finding = (role: SiteRole) =>
  atSite(role, (site) => ({
    ...site,
    health: { ...site.health, findings: [{ name: 'quota', ok: false, saw: 'too small', fix: 'raise it' }] },
  }));

const gates =
  (gate: Partial<ApprovalGate>) =>
  (runbook: Runbook): Runbook => ({
    ...runbook,
    operations: {
      ...runbook.operations,
      failover: {
        ...runbook.operations.failover,
        gates: [{ kind: 'approval', name: 'cutover', prompt: 'Now?', approvers: [], ...gate }],
      },
    },
  });

const kubernetes =
  (replicas?: number) =>
  (runbook: Runbook): Runbook => ({
    ...runbook,
    workloads: runbook.workloads.map((one) =>
      one.name === 'web'
        ? { ...one, kubernetes: { kind: 'Deployment', name: 'web', ...(replicas !== undefined && { replicas }) } }
        : one,
    ),
  });

const maps = (runbook: Runbook): Runbook => ({
  ...runbook,
  stage: {
    everySeconds: 60,
    kinds: [],
    customResources: [],
    except: [],
    maps: { images: { 'paris/': 'berlin/' }, storageClasses: { fast: 'quick' }, ingressHosts: {} },
  },
});

const replication = (more: object): Pick<Changes, 'state'> => ({
  state: (state) => ({ ...state, replication: { ...state.replication, ...more } }),
});
const drill = { workflowId: 'drill/shop/1', runId: 'r1', endedAt: later(-60) };
const parts = (more: object) => ({ workloads: [{ workload: 'web', images: {}, missing: [], ...more }] });
const place = (there?: object) => ({ volumes: [{ volume: 'orders', place: 'claim orders', ...(there && { there }) }] });
const credential = (more: object) => ({
  credentials: [{ credential: 'token of the kubeconfig', expiresAt: later(60), ...more }],
});

type Row = readonly [what: string, changes: Changes, state: 'AtRisk' | 'NotReady', code: ReasonCode, words: string];

/** The shop has an RTO of 60 s and an RPO of 5 s. */
const found: readonly Row[] = [
  ['a standby that is lost', { observation: lost('recovery') }, 'NotReady', 'StandbySiteHealthy', 'nothing'],
  ['a lost active site', { observation: lost('primary') }, 'AtRisk', 'ActiveSiteLost', 'unplanned failover would work'],
  ['a finding of the standby', { observation: finding('recovery') }, 'NotReady', 'StandbySiteHealthy', 'quota of beta'],
  [
    'a finding of the active site',
    { observation: finding('primary') },
    'NotReady',
    'ActiveSiteHealthy',
    'quota of alpha',
  ],
  [
    'a workload at the standby',
    {
      observation: atSite('recovery', (site) => ({
        ...site,
        workloads: site.workloads.map((one) => ({ ...one, status: 'running' as const })),
      })),
    },
    'NotReady',
    'StandbyStopped',
    'web is running',
  ],
  [
    'a way that does not carry',
    { observation: (seen) => ({ ...seen, connectivity: [{ from: 'alpha', to: 'beta', ok: false, saw: 'refused' }] }) },
    'NotReady',
    'SitesConnected',
    'refused',
  ],
  [
    'a record that nobody reads',
    { observation: (seen) => ({ ...seen, records: {}, recordsUnread: 'no such zone' }) },
    'NotReady',
    'RecordAsExpected',
    'cannot be read at its provider; no such zone',
  ],
  [
    'a TTL above the one of the runbook',
    {
      observation: (seen) => ({
        ...seen,
        records: Object.fromEntries(
          Object.entries(seen.records).map(([name, one]) => [name, { ...one, ttlSeconds: 6 }]),
        ),
      }),
    },
    'AtRisk',
    'RecordTtlHigher',
    '6 s, the runbook says 5 s',
  ],
  [
    'a group that is Incomplete',
    {
      state: (state) => ({
        ...state,
        phase: 'Incomplete',
        incomplete: { operation: 'failover', workflowId: 'f/1', runId: 'r', before: 'Protected', because: 'killed' },
      }),
    },
    'NotReady',
    'GroupIncomplete',
    'failover f/1 stopped: killed',
  ],
  [
    'a fence that nobody confirmed',
    { state: (state) => ({ ...state, fencing: { ...state.fencing, recovery: 'unconfirmed' } }) },
    'AtRisk',
    'FenceUnconfirmed',
    'unconfirmed',
  ],
  [
    'a lag above the objective',
    replication({ asOf: { orders: later(-6) } }),
    'AtRisk',
    'LagAboveObjective',
    '6 s behind',
  ],
  ['a pass that failed', replication({ lastError: 'no room' }), 'AtRisk', 'ReplicationFailing', 'no room'],
  ['replication that is paused', replication({ paused: true }), 'AtRisk', 'ReplicationPaused', 'paused'],
  [
    'a pass of staging that failed',
    { state: (state) => ({ ...state, stage: { lastError: 'forbidden' } }) },
    'AtRisk',
    'StandbyNotCurrent',
    'forbidden',
  ],
  [
    'a drill that failed',
    {
      state: (state) => ({
        ...state,
        drills: {
          ...{ passed: 1, failed: 1, unattested: [], more: 0 },
          attested: [{ ...drill, verdict: 'failed', by: 'ana', at: later(-1) }],
        },
      }),
    },
    'AtRisk',
    'LastDrillFailed',
    'ana',
  ],
  [
    'the copy of a drill',
    { state: (state) => ({ ...state, drillLeft: { ...drill, because: 'no answer', since: later(-60) } }) },
    'AtRisk',
    'DrillLeft',
    'no answer',
  ],
  [
    'a part that the standby lacks',
    { recovery: parts({ missing: ['ConfigMap a'] }) },
    'NotReady',
    'PartMissing',
    'ConfigMap a',
  ],
  [
    'a part that the active site lacks',
    { primary: parts({ missing: ['ConfigMap a'] }) },
    'AtRisk',
    'PartMissing',
    'web at alpha',
  ],
  ['instances that are not up', { primary: parts({ notUp: '1 of 2' }) }, 'AtRisk', 'InstancesNotUp', '1 of 2'],
  [
    'what was not looked at',
    { recovery: { unknown: ['claims: forbidden'] } },
    'AtRisk',
    'SiteNotExamined',
    'forbidden',
  ],
  [
    'a site that was not examined',
    { input: { examinations: {} } },
    'AtRisk',
    'SiteNotExamined',
    'did not answer in time',
  ],
  ['a claim that is not there', { recovery: place() }, 'NotReady', 'VolumeMissing', 'there is no claim orders'],
  [
    'a claim that is smaller',
    { primary: place({ bytes: 10 }), recovery: place({ bytes: 9 }) },
    'AtRisk',
    'VolumeSmaller',
    'holds 9 bytes',
  ],
  [
    'a claim of another class than the map says',
    { runbook: maps, primary: place({ storageClass: 'fast' }), recovery: place({ storageClass: 'slow' }) },
    'AtRisk',
    'VolumeClassDiffers',
    'expected is quick',
  ],
  [
    'another image',
    { primary: parts({ images: { 'web/main': 'a:2' } }), recovery: parts({ images: { 'web/main': 'a:1' } }) },
    'AtRisk',
    'ImageDiffers',
    'has image a:1, the active site a:2',
  ],
  [
    'another image than the mapped one',
    {
      runbook: maps,
      primary: parts({ images: { 'web/main': 'paris/a:1' } }),
      recovery: parts({ images: { 'web/main': 'paris/a:1' } }),
    },
    'AtRisk',
    'ImageDiffers',
    'web at beta',
  ],
  [
    'a credential that ends in 120 s',
    { primary: credential({ expiresAt: later(120) }) },
    'AtRisk',
    'CredentialExpires',
    'in 120 s',
  ],
  [
    'a credential that has ended',
    { primary: credential({ expiresAt: later(-1) }) },
    'NotReady',
    'CredentialExpires',
    'expired',
  ],
  [
    'a renewed credential in its last tenth',
    { primary: credential({ issuedAt: later(-600), renewed: true }) },
    'AtRisk',
    'CredentialExpires',
    'token',
  ],
  ['other replicas', { runbook: kubernetes(2) }, 'AtRisk', 'ReplicasDiffer', '1 are wanted there, the runbook says 2'],
  [
    'instances that were never seen',
    { runbook: kubernetes(), observation: lost('primary'), state: ({ instances: _none, ...state }) => state },
    'AtRisk',
    'InstancesUnknown',
    'never seen',
  ],
  ['an approver whom nobody knows', { runbook: gates({ approvers: ['cy'] }) }, 'AtRisk', 'ApproverUnknown', 'cy'],
  [
    'an approver without a key, where others sign',
    { runbook: gates({ approvers: ['ana@example.com', 'bo@example.com'], keys: { 'bo@example.com': 'key' } }) },
    'AtRisk',
    'ApproverWithoutKey',
    'ana@example.com has no publicKey',
  ],
  ['a notice without an address', { input: { missingForNotices: ['CHAT'] } }, 'AtRisk', 'NoticesUnset', 'CHAT'],
];

test.each(found)('%s', async (_what, changes, state, code, words) => {
  const { reasons, ...readiness } = await evaluate(changes);
  const texts = reasons.filter((one) => one.code === code).map(({ subject, what }) => `${subject} ${what}`);
  expect({ state: readiness.state, texts }).toEqual({
    state,
    texts: expect.arrayContaining([expect.stringContaining(words)]),
  });
  for (const { doThis } of reasons) expect(doThis).not.toBe('');
});

const fine: readonly (readonly [what: string, changes: Changes])[] = [
  ['nothing is wrong', {}],
  ['a credential outlasts two recoveries', { primary: credential({ expiresAt: later(121) }) }],
  ['a renewed credential is not in its last tenth', { primary: credential({ issuedAt: later(-500), renewed: true }) }],
  [
    'an image is the mapped one',
    {
      runbook: maps,
      primary: parts({ images: { 'web/main': 'paris/a:1' } }),
      recovery: parts({ images: { 'web/main': 'berlin/a:1' } }),
    },
  ],
  ['an autoscaler says how many instances there are', { runbook: kubernetes(2), primary: parts({ autoscaled: true }) }],
  ['the lag is within the objective', replication({ asOf: { orders: later(-5) } })],
  ['an approver is known, and nobody signs', { runbook: gates({ approvers: ['ana@example.com'] }) }],
  ['instances of the standby are not up, as none is to be', { recovery: parts({ notUp: '0 of 2' }) }],
  ['a claim of the standby is larger', { primary: place({ bytes: 9 }), recovery: place({ bytes: 10 }) }],
];

test.each(fine)('Ready when %s', async (_what, changes) => {
  await expect(evaluate(changes)).resolves.toMatchObject({ state: 'Ready', reasons: [] });
});

test('what is found for several ways is one reason that names them; a drill alone puts at risk', async () => {
  const both = await evaluate({ observation: finding('recovery') });
  expect(both.reasons).toMatchObject([
    {
      operations: ['planned failover', 'unplanned failover', 'drill'],
      severity: 'error',
      site: 'beta',
      doThis: 'raise it',
    },
  ]);
  const { sites } = shopInput().runbook;
  const shared = { ...sites, recovery: { ...sites.recovery, drill: { address: sites.primary.address } } };
  const onlyDrill = await evaluate({ runbook: (runbook) => ({ ...runbook, sites: shared }) });
  expect(onlyDrill).toMatchObject({ state: 'AtRisk', reasons: [{ code: 'CopyIsolated', operations: ['drill'] }] });
});

test('while the active site is lost, what the planned way would say is said once; an unplanned way that fails is not ready', async () => {
  const { reasons } = await evaluate({ observation: lost('primary') });
  expect(reasons.map(({ code, severity }) => [code, severity])).toEqual([['ActiveSiteLost', 'warning']]);
  const observation = (seen: Observation) => lost('primary')(lost('recovery')(seen));
  await expect(evaluate({ observation })).resolves.toMatchObject({ state: 'NotReady' });
});

test('a plan that cannot be made is a reason, and a window without a start is none', async () => {
  const window = { kind: 'window', name: 'night', durationSeconds: 60, timeZone: 'UTC' } as unknown as ApprovalGate;
  await expect(evaluate({ runbook: gates(window) })).resolves.toMatchObject({ state: 'Ready' });
  const refuse = () => Promise.reject(new SwitchbackFailure('PlanTooLarge', 'three times too large'));
  const { state, reasons } = await evaluateReadiness(shopInput(), refuse);
  expect(state).toBe('NotReady');
  expect(reasons).toMatchObject([
    { code: 'PlanNotMade', severity: 'error', subject: 'planned failover', what: 'three times too large' },
    { code: 'PlanNotMade', severity: 'error', subject: 'unplanned failover' },
    { code: 'PlanNotMade', severity: 'warning', subject: 'drill' },
  ]);
  const broken = () => Promise.reject(new Error('a fault of ours'));
  await expect(evaluateReadiness(shopInput(), broken)).rejects.toThrow('a fault of ours');
});

test('the worst come first, the rest is counted, long texts are cut, and the first time is remembered', async () => {
  const names = Array.from({ length: 30 }, (_, index) => `VARIABLE_${index}`);
  const missing = ['x'.repeat(1000)];
  const first = await evaluate({ recovery: parts({ missing }), input: { missingForNotices: names } });
  expect(first).toMatchObject({ state: 'NotReady', more: 31 - mostReasons });
  expect(first.reasons).toHaveLength(mostReasons);
  expect(first.reasons[0]).toMatchObject({ code: 'PartMissing', since: first.evaluatedAt });
  expect(first.reasons[0]?.what).toHaveLength(400);
  const since = later(-3600);
  const before = { ...first, tookSeconds: 1, reasons: first.reasons.map((one) => ({ ...one, since })) };
  const second = await evaluate({
    recovery: parts({ missing }),
    state: (state) => ({ ...state, readiness: before }),
    input: { missingForNotices: ['NEW'] },
  });
  expect(second.reasons.map((one) => one.since)).toEqual([since, second.evaluatedAt]);
});

test('every reason has a meaning and something to do', () => {
  for (const [code, { means, doThis }] of Object.entries(reasonCodes)) {
    expect([code, means.endsWith('.'), doThis.length > 10]).toEqual([code, true, true]);
  }
});

test('what runs at the active site and is in no plan is named; where nobody could look, nothing is', async () => {
  const seen = atSite('primary', (site) => ({
    ...site,
    unnamed: { kind: 'seen', objects: [{ kind: 'Deployment', name: 'batch' }] },
  }));
  expect((await evaluate({ observation: seen })).uncovered).toEqual(['Deployment batch']);
  expect((await evaluate()).uncovered).toBeUndefined();
});
