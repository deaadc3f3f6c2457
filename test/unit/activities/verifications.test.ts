import type { StepRequest } from '../../../activities/contract';
import { verifyStep } from '../../../activities/steps/verifications';
import { copyOf } from '../../../core/model/drill';
import type { StepInput } from '../../../core/model/plan';
import { stepKinds, traitsOf, type StepKind, type VerifiableKind } from '../../../core/model/step-kinds';
import { createMemoryWorld, type MemoryWorld } from '../../../drivers/memory/memory-world';
import { quietly } from '../../contract/contract';
import {
  alpha,
  beta,
  checkOf,
  group,
  record,
  step as mutationOf,
  volume,
  workloadOf,
} from '../drivers/memory-fixtures';

const web = workloadOf('web', { checks: [checkOf('web answers', { kind: 'tcp', port: 7001 })] });

let world: MemoryWorld;
beforeEach(() => {
  world = createMemoryWorld({ sites: ['alpha', 'beta'], records: [record], now: () => Date.now() });
});

const verify = (kind: StepKind, input: StepInput, more: Partial<StepRequest> = {}) => {
  const request: StepRequest = {
    run: { workflowId: 'failover/shop/1', runId: 'run', group, operation: 'failover' },
    operationKey: `run/${kind}`,
    step: { id: kind, kind, title: kind, segment: 'one', site: 'primary', dependsOn: [], input },
    sites: { primary: alpha, recovery: beta },
    workload: web,
    volume,
    record,
    heartbeatSeconds: 5,
    ...more,
  };
  const drivers = {
    sites: { memory: { workload: world.workload, replication: world.replication, check: world.check } },
    traffic: { memory: world.traffic },
  };
  return verifyStep(drivers, request, quietly());
};

type Deed = () => Promise<unknown>;
const start =
  (epoch: number): Deed =>
  () =>
    world.workload.start(alpha, web, mutationOf(epoch), quietly());
const fence =
  (epoch: number): Deed =>
  () =>
    world.workload.fence(alpha, mutationOf(epoch), quietly());
const unfence =
  (epoch: number): Deed =>
  () =>
    world.workload.unfence(alpha, mutationOf(epoch), quietly());
const claim =
  (epoch: number): Deed =>
  () =>
    world.replication.claim(alpha, volume, mutationOf(epoch), quietly());
const lead =
  (values: readonly string[], ttlSeconds = 5): Deed =>
  () =>
    world.traffic.switch(
      { ...mutationOf(2), record, expected: record.values.primary, next: values, ttlSeconds },
      quietly(),
    );
const sick: Deed = () => {
  world.inject({ kind: 'never-healthy', target: 'web answers' });
  return start(2)();
};
const deafNames: Deed = () => {
  world.inject({ kind: 'dns-does-not-change', target: record.name });
  return lead(record.values.recovery)();
};
const gone: Deed = () => {
  world.disasters.isolate('alpha');
  return Promise.resolve();
};
const nothing: Deed = () => Promise.resolve();

type Case = readonly [title: string, kind: VerifiableKind, deed: Deed, input: StepInput, done: boolean, saw: string];

const epoch = 2;
const next = record.values.recovery;

test.each<Case>([
  ['a stop: nothing runs', 'stop-workload', nothing, { epoch }, true, 'no instance runs'],
  ['no stop: it runs', 'stop-workload', start(1), { epoch }, false, 'is running'],
  ['no stop: nobody can look', 'stop-workload', gone, { epoch }, false, 'SiteUnreachable'],
  ['a start: it runs and is healthy', 'start-workload', start(2), { epoch }, true, 'web answers'],
  ['no start: nothing runs', 'start-workload', nothing, { epoch }, false, 'is stopped'],
  ['no start: what runs is of another epoch', 'start-workload', start(1), { epoch }, false, 'epoch 2 must run'],
  ['no start: a check does not pass', 'start-workload', sick, { epoch }, false, 'Unhealthy'],
  ['a fence of its epoch', 'fence-site', fence(2), { epoch }, true, 'fenced'],
  ['a fence of a higher epoch', 'fence-site', fence(3), { epoch }, true, 'fenced'],
  ['no fence: a lower one', 'fence-site', fence(1), { epoch }, false, 'epoch 1 and higher may write'],
  ['no fence: none', 'fence-site', nothing, { epoch }, false, 'unfenced'],
  ['no fence: the site does not answer', 'fence-site', gone, { epoch }, false, 'unconfirmed'],
  ['a fence opened', 'unfence-site', unfence(2), { epoch }, true, 'unfenced'],
  ['no fence opened: for an older epoch as well', 'unfence-site', unfence(1), { epoch }, false, 'unfenced'],
  ['no fence opened: it is closed', 'unfence-site', fence(2), { epoch }, false, 'fenced'],
  ['a claim', 'claim-volume', claim(2), { epoch }, true, 'active with epoch 2'],
  ['no claim: of an older epoch', 'claim-volume', claim(1), { epoch }, false, 'active with epoch 1'],
  ['no claim: an empty volume', 'claim-volume', nothing, { epoch }, false, 'empty'],
  ['a switch: name servers answer so', 'switch-traffic', lead(next), { next }, true, 'answers 192.0.2.2'],
  ['no switch: they answer as before', 'switch-traffic', nothing, { next }, false, 'answers 192.0.2.1'],
  ['no switch: only the provider says so', 'switch-traffic', deafNames, { next }, false, 'answers 192.0.2.1'],
  ['a TTL', 'lower-ttl', lead(next, 5), { ttlSeconds: 5 }, true, 'is 5 s'],
  ['another TTL', 'lower-ttl', nothing, { ttlSeconds: 5 }, false, 'is 60 s, expected 5 s'],
  ['a TTL restored', 'restore-ttl', nothing, {}, true, 'is 60 s'],
  ['a TTL not restored', 'restore-ttl', lead(next, 5), {}, false, 'is 5 s, expected 60 s'],
])('%s', async (...[, kind, deed, input, done, saw]) => {
  await deed();
  const before = JSON.stringify(world.state);
  expect(await verify(kind, input)).toEqual({ done, saw: expect.stringContaining(saw) });
  expect(JSON.stringify(world.state)).toBe(before);
});

test.each((Object.keys(stepKinds) as StepKind[]).filter((kind) => traitsOf(kind).verification === undefined))(
  'a step of kind %s declares no verification, and has none',
  async (kind) => {
    await expect(verify(kind, {})).rejects.toMatchObject({ code: 'InvalidInput' });
  },
);

test('the start of a copy is not judged by names, which lead to production', async () => {
  const byName = checkOf('name', { kind: 'dns', name: record.name, type: 'A', expect: ['192.0.2.99'] });
  const named = workloadOf('web', { checks: [...web.checks, byName] });
  const copy = { ...alpha, drill: { address: '127.0.3.1' } };
  const step = { ...mutationOf(2, 'run/prepare'), group: copyOf(group) };
  await world.workload.prepareCopy(alpha, step, quietly());
  await world.workload.start(alpha, named, { ...step, operationKey: 'run/start' }, quietly());
  const of = { workload: named, sites: { primary: copy, recovery: beta } };
  expect(await verify('start-workload', { epoch, isolated: true }, of)).toMatchObject({ done: true });
  await start(2)();
  expect(await verify('start-workload', { epoch }, of)).toMatchObject({ done: false });
});
