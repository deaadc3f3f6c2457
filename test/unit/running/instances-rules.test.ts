import type { ProtectionState } from '../../../core/model/protection';
import type { ActiveInstances, WorkloadObservation, WorkloadSpec } from '../../../core/model/workload';
import {
  instancesIn,
  instancesNoted,
  instancesOf,
  isSettled,
  seenInstances,
  takesInstancesOf,
  unknownOf,
} from '../../../core/running/instances-rules';

const workload = (kubernetes?: WorkloadSpec['kubernetes'], name = 'web'): WorkloadSpec => ({
  name,
  priority: 1,
  dependsOn: [],
  volumes: [],
  stopGraceSeconds: 10,
  checks: [],
  ...(kubernetes && { kubernetes }),
});
const observed = (parts: Partial<WorkloadObservation>): WorkloadObservation => ({
  workload: 'web',
  site: 'paris',
  status: 'running',
  replicas: 4,
  saw: '',
  ...parts,
});
const named = { kind: 'Deployment', name: 'web' };
const labelled = { kind: 'Deployment', selector: { tier: 'web' } };

type Case = readonly [string, Partial<WorkloadObservation>, WorkloadSpec['kubernetes'], ActiveInstances | undefined];

test.each<Case>([
  ['how many one object wants, however many pods it has now', { wanted: { web: 3 } }, named, { replicas: 3 }],
  ['how many pods one object has, where a worker of before says no more', {}, named, { replicas: 4 }],
  [
    'how many each of several wants, by name, and no sum',
    { wanted: { two: 1, one: 3 } },
    labelled,
    { wanted: { one: 3, two: 1 } },
  ],
  ['what is switched off', { status: 'stopped', replicas: 0, switchedOff: ['web'] }, named, { switchedOff: ['web'] }],
  [
    'of several what is on and what is off',
    { wanted: { one: 3 }, switchedOff: ['two'] },
    labelled,
    { wanted: { one: 3 }, switchedOff: ['two'] },
  ],
  [
    'of a suspended CronJob whose last Job still runs, that it is off',
    { wanted: { web: 0 }, switchedOff: ['web'] },
    named,
    { switchedOff: ['web'] },
  ],
  ['nothing of what is being stopped', { wanted: { web: 0 } }, named, undefined],
  ['nothing of what is not known for certain', { status: 'unknown', wanted: { web: 3 } }, named, undefined],
  ['nothing of what a run has stopped', { status: 'stopped', replicas: 0 }, named, undefined],
  ['nothing of a local process', {}, undefined, undefined],
])('what is seen: %s', (_what, parts, kubernetes, expected) => {
  expect(seenInstances(workload(kubernetes), observed(parts))).toEqual(expected);
});

test('of the workloads of a group those that were seen', () => {
  const workloads = [workload(named), workload({ ...named, name: 'api' }, 'api'), workload(undefined, 'local')];
  expect(instancesIn(workloads, [observed({ wanted: { web: 3 } })])).toEqual({ web: { replicas: 3 } });
});

const at = '2026-11-29T10:00:00.000Z';
const later = '2026-11-29T10:05:00.000Z';
const state = (more: Partial<ProtectionState> = {}): ProtectionState => ({
  group: 'shop',
  phase: 'Protected',
  activeSite: 'primary',
  epoch: 4,
  highestEpoch: 6,
  replication: { direction: 'primary-to-recovery', paused: false, asOf: {} },
  fencing: { primary: 'unfenced', recovery: 'fenced' },
  runs: [],
  ...more,
});

describe('the group keeps', () => {
  const known = { web: { replicas: 3, seenAt: at }, api: { replicas: 2, seenAt: at } };

  test('what is seen later, and what is not seen then as it was', () => {
    const { instances } = instancesNoted(state({ instances: known }), { web: { switchedOff: ['web'] } }, later);
    expect(instances).toEqual({ ...known, web: { switchedOff: ['web'], seenAt: later } });
  });

  test('and not what was seen earlier and told late', () => {
    const instances = { ...known, web: { replicas: 5, seenAt: later } };
    const noted = instancesNoted(state({ instances }), { web: { replicas: 3 }, api: { replicas: 1 } }, at);
    expect(noted.instances).toEqual({ web: { replicas: 5, seenAt: later }, api: { replicas: 1, seenAt: at } });
  });

  test('the very same state when nothing was seen', () => {
    const before = state();
    expect(instancesNoted(before, {}, at)).toBe(before);
  });

  test('nothing of workloads that the runbook has no more', () => {
    expect(instancesOf(state({ instances: known }), [workload(named)]).instances).toEqual({ web: known.web });
  });
});

test('a run tells what the group knows otherwise, or not at all', () => {
  const known = {
    web: { seenAt: at, wanted: { one: 3 } },
    api: { seenAt: at, replicas: 2 },
    agent: { seenAt: at, replicas: 2, switchedOff: [] },
  };
  const seen = { web: { wanted: { one: 3 } }, api: { replicas: 3 }, queue: { replicas: 1 } };
  expect(unknownOf(seen, known)).toEqual({ api: { replicas: 3 }, queue: { replicas: 1 } });
  expect(unknownOf(seen)).toEqual(seen);
});

describe('what is at the active site is meant to be so', () => {
  const holder = { workflowId: 'failover/1', runId: 'r1', operation: 'failover', since: at } as const;
  const drill = { workflowId: 'drill/1', runId: 'd1', operation: 'drill', since: at } as const;
  const { runId, workflowId, operation } = holder;
  const incomplete = { runId, workflowId, operation, before: 'Protected', because: 'it was terminated' } as const;
  const run = { runId: 'r1', activeSite: 'primary', epoch: 4 } as const;

  test.each<[string, Partial<ProtectionState>, boolean]>([
    ['when nobody holds the group', {}, true],
    ['not while a run does', { holder }, false],
    ['not when one has stopped half-way', { incomplete }, false],
  ])('%s', (_what, more, expected) => {
    expect(isSettled(state(more))).toBe(expected);
  });

  test.each<[string, Partial<ProtectionState>, Partial<typeof run> | { readonly runId: string }, boolean]>([
    ['of the holder', { holder }, {}, true],
    ['not of one that goes on from what was left half-way', { holder, interrupted: incomplete }, {}, false],
    ['not of one that holds the group no more', {}, {}, false],
    ['of a drill', { drill }, { runId: 'd1' }, true],
    ['not of a drill while an operation moves the group', { drill, holder }, { runId: 'd1' }, false],
    ['not of a site that is the active one no more', { holder, activeSite: 'recovery' }, {}, false],
    ['not of an earlier epoch', { holder, epoch: 5 }, {}, false],
  ])('so that it is taken %s', (_what, more, parts, expected) => {
    expect(takesInstancesOf(state(more), { ...run, ...parts })).toBe(expected);
  });
});
