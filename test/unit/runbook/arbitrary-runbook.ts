import fc from 'fast-check';
import type { CheckSpec, Probe } from '../../../core/model/check';
import type { Operation } from '../../../core/model/operation';
import type { GateSpec, ObjectiveGrade, Objectives, OperationPolicy, Runbook } from '../../../core/model/runbook';
import type { TrafficSpec } from '../../../core/model/traffic';
import type { VolumeSpec } from '../../../core/model/volume';
import type { WorkloadSpec } from '../../../core/model/workload';
import { arbitrarySteps, type StepGround } from './arbitrary-steps';

/** What is drawn of one workload; names and references follow from where it stands in the list. */
interface WorkloadSeed {
  readonly priority: number;
  /** One for each workload before it: does it depend on that one? */
  readonly dependsOn: readonly boolean[];
  readonly volumes: readonly { readonly marker: boolean }[];
  readonly checks: number;
  readonly stopGraceSeconds: number;
  /** Decide the order overrides, and where it stands in the runbook. */
  readonly startRank: number;
  readonly stopRank: number;
  readonly listRank: number;
}

const MOST_WORKLOADS = 12;

const gradesFor = ({ rtoSeconds }: Pick<Objectives, 'rtoSeconds'>): readonly ObjectiveGrade[] => [
  { name: 'gold', withinRpoPercent: 99.9, longestBreachSeconds: 60, rtoSeconds },
  { name: 'silver', withinRpoPercent: 95, rtoSeconds: rtoSeconds * 2 },
];

const rank = fc.integer({ min: 0, max: 999 });

const workloadSeed: fc.Arbitrary<WorkloadSeed> = fc.record({
  priority: fc.integer({ min: 1, max: 4 }),
  dependsOn: fc.array(
    fc.integer({ min: 0, max: 3 }).map((n) => n === 3),
    {
      minLength: MOST_WORKLOADS,
      maxLength: MOST_WORKLOADS,
    },
  ),
  volumes: fc.array(fc.record({ marker: fc.boolean() }), { maxLength: 2 }),
  checks: fc.integer({ min: 0, max: 2 }),
  stopGraceSeconds: fc.integer({ min: 1, max: 60 }),
  startRank: rank,
  stopRank: rank,
  listRank: rank,
});

const probe = (volumes: readonly string[]): fc.Arbitrary<Probe> => {
  const port = fc.integer({ min: 1, max: 65_535 });
  const probes: fc.Arbitrary<Probe>[] = [
    fc.record({ kind: fc.constant('tcp' as const), port }),
    fc.record({ kind: fc.constant('http' as const), port, path: fc.constant('/health'), status: fc.constant(200) }),
    fc.constant({ kind: 'command', command: ['/usr/bin/true'] }),
  ];
  const [first] = volumes;
  if (first !== undefined) probes.push(fc.constant({ kind: 'checksum', volume: first }));
  return fc.oneof(...probes);
};

const checkOf = (name: string, volumes: readonly string[]): fc.Arbitrary<CheckSpec> =>
  fc.record({
    name: fc.constant(name),
    probe: probe(volumes),
    timeoutMs: fc.integer({ min: 100, max: 5000 }),
    intervalMs: fc.integer({ min: 10, max: 1000 }),
    successes: fc.integer({ min: 1, max: 5 }),
    withinSeconds: fc.integer({ min: 10, max: 120 }),
  });

const checksOf = (prefix: string, count: number, volumes: readonly string[]): fc.Arbitrary<CheckSpec[]> =>
  fc.tuple(...Array.from({ length: count }, (_, index) => checkOf(`${prefix} check ${index + 1}`, volumes)));

const gates = (mode: boolean): fc.Arbitrary<GateSpec[]> => {
  const modes = mode ? fc.constantFrom(undefined, 'planned' as const, 'unplanned' as const) : fc.constant(undefined);
  const approval = fc.record({
    kind: fc.constant('approval' as const),
    prompt: fc.constant('Go ahead?'),
    approvers: fc.subarray(['ana@example.com', 'bo@example.com']),
    notRequester: fc.boolean(),
    remindSeconds: fc.constantFrom(undefined, 1800),
    mode: modes,
  });
  const window = fc.record({
    kind: fc.constant('window' as const),
    start: fc.constantFrom(undefined, '2026-12-05T22:00'),
    durationSeconds: fc.integer({ min: 60, max: 86_400 }),
    timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York'),
    mode: modes,
  });
  return fc
    .array(fc.oneof(approval, window), { maxLength: 3 })
    .map((list) => list.map((gate, index) => withoutUndefined({ ...gate, name: `gate-${index + 1}` }) as GateSpec));
};

/** Optional properties of the model are absent, never undefined. */
const withoutUndefined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;

/** A seed may depend on any seed before it in this list, since none of those has a later priority. */
const byPriority = (seeds: readonly WorkloadSeed[]): WorkloadSeed[] =>
  [...seeds].sort((a, b) => a.priority - b.priority);

const workloadName = (index: number): string => `workload-${index + 1}`;

function volumesOf(seed: WorkloadSeed, index: number): VolumeSpec[] {
  return seed.volumes.map(({ marker }, n) => ({
    name: `volume-${index + 1}-${n + 1}`,
    ...(marker ? { marker: { file: 'records.log' } } : {}),
  }));
}

function workloadOf(seed: WorkloadSeed, index: number): fc.Arbitrary<WorkloadSpec> {
  const volumes = volumesOf(seed, index).map((volume) => volume.name);
  const dependsOn = Array.from({ length: index }, (_, other) => other).filter((other) => seed.dependsOn[other]);
  return checksOf(workloadName(index), seed.checks, volumes).map((checks) => ({
    name: workloadName(index),
    priority: seed.priority,
    dependsOn: dependsOn.map(workloadName),
    volumes,
    stopGraceSeconds: seed.stopGraceSeconds,
    checks,
  }));
}

/** Every workload after what it depends on; among those that could be next, the lowest rank goes first. */
function dependencyOrder(workloads: readonly WorkloadSpec[], rankOf: (name: string) => number): string[] {
  const order: string[] = [];
  while (order.length < workloads.length) {
    const ready = workloads.filter(
      ({ name, dependsOn }) => !order.includes(name) && dependsOn.every((other) => order.includes(other)),
    );
    const [next] = ready.sort((a, b) => rankOf(a.name) - rankOf(b.name));
    if (next === undefined) throw new Error('the generated dependencies have a cycle');
    order.push(next.name);
  }
  return order;
}

interface Orders {
  readonly start: readonly string[];
  readonly stop: readonly string[];
}

const policy = (orders: Orders, ground: Pick<StepGround, 'operation' | 'workloads' | 'records'>) =>
  fc
    .record({
      gates: gates(ground.operation === 'failover'),
      strategy: fc.constantFrom('cold' as const, 'cold' as const, 'warm' as const),
      onFailure: fc.constantFrom('ask' as const, 'rollback' as const),
      startOrder: fc.constantFrom(undefined, undefined, orders.start),
      stopOrder: fc.constantFrom(undefined, undefined, orders.stop),
    })
    .map(withoutUndefined)
    .chain((plain): fc.Arbitrary<OperationPolicy> => {
      const given = { startOrder: 'startOrder' in plain, stopOrder: 'stopOrder' in plain };
      return arbitrarySteps({ ...ground, ...given }).map(
        (steps) => ({ ...plain, ...(steps.length > 0 && { steps }) }) as OperationPolicy,
      );
    });

const record = (index: number): fc.Arbitrary<TrafficSpec> =>
  fc
    .record({ type: fc.constantFrom('A' as const, 'CNAME' as const), moveTtl: fc.integer({ min: 1, max: 5 }) })
    .map(({ type, moveTtl }) => ({
      name: `record-${index + 1}.example.test`,
      type,
      ttlSeconds: moveTtl * 10,
      moveTtlSeconds: moveTtl,
      values:
        type === 'A'
          ? { primary: ['127.0.1.1'], recovery: ['127.0.2.1'] }
          : { primary: ['alpha.example.test'], recovery: ['beta.example.test'] },
      provider: { driver: 'memory' },
    }));

const traffic = fc
  .integer({ min: 0, max: 3 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => record(index))));

function runbookOf(seeds: readonly WorkloadSeed[]): fc.Arbitrary<Runbook> {
  const ordered = byPriority(seeds);
  const volumes = ordered.flatMap(volumesOf);
  const volumeNames = volumes.map((volume) => volume.name);
  return fc.tuple(fc.tuple(...ordered.map(workloadOf)), traffic).chain(([workloads, records]) => {
    const policyOf = (operation: Operation) => policy(orders, { operation, workloads, records: records.length > 0 });
    const seedOf = (name: string): WorkloadSeed | undefined => ordered[workloads.findIndex((one) => one.name === name)];
    const orders: Orders = {
      start: dependencyOrder(workloads, (name) => seedOf(name)?.startRank ?? 0),
      stop: dependencyOrder(workloads, (name) => seedOf(name)?.stopRank ?? 0).reverse(),
    };
    const listed = [...workloads].sort((a, b) => (seedOf(a.name)?.listRank ?? 0) - (seedOf(b.name)?.listRank ?? 0));
    return fc.record({
      group: fc.constantFrom('shop', 'intranet', 'billing'),
      description: fc.constant('A generated runbook'),
      objectives: fc
        .record({
          rpoSeconds: fc.integer({ min: 5, max: 900 }),
          rtoSeconds: fc.integer({ min: 10, max: 3600 }),
          graded: fc.boolean(),
        })
        .map(({ graded, ...objectives }) => ({ ...objectives, ...(graded && { grades: gradesFor(objectives) }) })),
      sites: fc.constant({
        primary: { driver: 'memory', name: 'alpha', address: '127.0.1.1' },
        recovery: { driver: 'memory', name: 'beta', address: '127.0.2.1' },
      } as const),
      workloads: fc.constant(listed),
      volumes: fc.constant(volumes),
      replication: fc.constant({
        everySeconds: 1,
        pointEverySeconds: 600,
        retention: [{ everySeconds: 600, forSeconds: 3600 }],
      }),
      failbackPolicy: fc.constant({
        everySeconds: 1,
        pointEverySeconds: 600,
        retention: [{ everySeconds: 600, forSeconds: 86_400 }],
        rpoSeconds: 900,
        applicationPointEverySeconds: 3600,
      }),
      traffic: fc.constant(records),
      integrity: fc.integer({ min: 0, max: 2 }).chain((count) => checksOf('integrity', count, volumeNames)),
      operations: fc.record({
        failover: policyOf('failover'),
        reprotect: policyOf('reprotect'),
        failback: policyOf('failback'),
      }),
      execution: fc.record({ concurrency: fc.integer({ min: 1, max: 100 }), heartbeatSeconds: fc.constant(10) }),
    });
  });
}

/**
 * Valid runbooks on memory sites: 1 to 12 workloads in up to 4 priority groups, listed in any order; `dependsOn` acyclic and
 * never on a later priority; each volume used by exactly one workload; gates, both strategies, order overrides that keep to
 * `dependsOn` (but not to priorities), traffic records with values for both sites; hooks and manual steps at any place.
 */
export const arbitraryRunbook: fc.Arbitrary<Runbook> = fc
  .array(workloadSeed, { minLength: 1, maxLength: MOST_WORKLOADS })
  .chain(runbookOf)
  // Records of fast-check have no prototype at times; payloads always have one.
  .map((runbook) => JSON.parse(JSON.stringify(runbook)) as Runbook);
