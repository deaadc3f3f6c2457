import fc from 'fast-check';
import { draftRunbook, type DraftRequest } from '../../../core/draft/draft-runbook';
import { referencesIn } from '../../../core/draft/references';
import { foundKinds, type NamespaceInventory } from '../../../core/model/namespace-inventory';
import { parseRunbook } from '../../../core/runbook/parse-runbook';

const anything = fc.string({ unit: 'binary', maxLength: 12 });
const objectName = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('a', 'b', 'c', 'api', 'db', 'web.v2', '1', 'true', 'no', '0x1') },
  { weight: 1, arbitrary: fc.constantFrom('x'.repeat(70), `${'y'.repeat(60)}.${'z'.repeat(60)}`) },
);
const port = fc.oneof(fc.integer({ min: 1, max: 65_535 }), fc.constantFrom('http', 'other'));
const reference = fc
  .tuple(fc.constantFrom('http://', '', 'host: '), objectName, fc.constantFrom('', ':80', '.shop.svc'), anything)
  .map((parts) => parts.join(''));
const kind = fc.constantFrom('ConfigMap' as const, 'Secret' as const);
const optional = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined });
const without = <Value extends object>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;

const container = fc.record({
  name: anything,
  env: fc.array(
    fc.record({
      name: anything,
      value: optional(reference),
      from: optional(fc.record({ kind, name: objectName, key: anything })),
    }),
    { maxLength: 3 },
  ),
  envFrom: fc.array(fc.record({ kind, name: objectName }), { maxLength: 2 }),
  words: fc.array(reference, { maxLength: 3 }),
  ports: fc.array(fc.record({ name: fc.constant('http'), port: fc.constantFrom(80, 8080) }), { maxLength: 1 }),
  readiness: optional(
    fc.record({
      port: fc.constantFrom(8080, 'http'),
      path: optional(fc.oneof(fc.constantFrom('/ready', '/'), anything)),
      https: optional(fc.constant(true as const)),
    }),
  ),
});

const workload = fc.record({
  kind: fc.constantFrom(...foundKinds),
  name: objectName,
  replicas: optional(fc.integer({ min: 1, max: 20_000 })),
  stopped: optional(fc.constant(true as const)),
  podLabels: fc.record({ app: objectName }),
  graceSeconds: optional(fc.integer({ min: 0, max: 100_000 })),
  madeBy: optional(anything),
  containers: fc.array(container, { maxLength: 2 }),
  mounts: fc.array(fc.record({ configMap: objectName }), { maxLength: 1 }),
  claims: fc.array(anything, { maxLength: 1 }),
});

const addresses = fc.array(fc.constantFrom('203.0.113.7', '198.51.100.1', 'lb.example.test', '2001:db8::1'), {
  maxLength: 2,
});

const service = fc.record({
  name: objectName,
  type: fc.constantFrom('ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'),
  selector: fc.oneof(fc.record({ app: objectName }), fc.constant({})),
  ports: fc.array(
    fc.record({
      protocol: fc.constantFrom('TCP', 'UDP'),
      port: fc.constantFrom(80, 8080),
      targetPort: fc.constantFrom(8080, 'http'),
      nodePort: optional(fc.constant(30_080)),
    }),
    { maxLength: 2 },
  ),
  headless: fc.boolean(),
  addresses,
});

const ingress = fc.record({
  name: anything,
  rules: fc.array(
    fc.record({
      host: optional(fc.oneof(fc.constantFrom('shop.example.test', '*.example.test'), anything)),
      path: fc.oneof(fc.constantFrom('/', '/ready'), anything),
      service: objectName,
      port: optional(port),
    }),
    { maxLength: 2 },
  ),
  tlsHosts: fc.array(fc.constant('shop.example.test'), { maxLength: 1 }),
  addresses,
});

const inventory: fc.Arbitrary<NamespaceInventory> = fc
  .record({
    context: fc.oneof(
      fc.constant('recovery-cluster'),
      fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 80 }),
    ),
    namespace: fc.constantFrom('shop', 'primary', 'recovery', '1'),
    workloads: fc.uniqueArray(workload, { minLength: 1, maxLength: 9, selector: (one) => `${one.kind} ${one.name}` }),
    services: fc.uniqueArray(service, { maxLength: 6, selector: ({ name }) => name }),
    ingresses: fc.array(ingress, { maxLength: 2 }),
    autoscalers: fc.array(
      fc.record({ name: anything, kind: anything, target: anything, least: fc.nat(), most: fc.nat() }),
      { maxLength: 1 },
    ),
    claims: fc.array(fc.record({ name: anything, size: anything, storageClass: anything }), { maxLength: 1 }),
    configMaps: fc.dictionary(objectName, fc.dictionary(anything, reference, { maxKeys: 2 }), { maxKeys: 3 }),
  })
  .filter(({ workloads }) => workloads.some(({ name }) => name.length < 64))
  .map((value) => without(value) as NamespaceInventory);

const request: fc.Arbitrary<DraftRequest> = fc
  .record({
    group: fc.constantFrom('shop', 'a'),
    inventory,
    kubeconfig: optional(fc.constant('clusters.yaml')),
    recovery: fc.record({
      namespace: fc.constantFrom('shop', 'primary', 'other'),
      context: optional(fc.constantFrom('dublin', 'primary', 'frankfurt')),
      standby: optional(
        fc.oneof(
          fc.record({ kind: fc.constant('read' as const), inventory }),
          fc.record({ kind: fc.constant('unread' as const), because: anything }),
        ),
      ),
    }),
  })
  .map((value) => without(value) as DraftRequest);

/** A draft has the probes that it finds: whether they prove enough is for whoever reviews it. */
const leftToPeople: ReadonlySet<string> = new Set([
  'WorkloadUnchecked',
  'ConnectionOnly',
  'StatusOnly',
  'SelfReportOnly',
]);

test('the draft of any namespace is a valid runbook with all of its workloads, none before what it depends on', () => {
  fc.assert(
    fc.property(request, (given) => {
      const { text, workloads } = draftRunbook(given);
      const parsed = parseRunbook(text, 'draft.yaml');
      const diagnostics = parsed.ok ? parsed.warnings : parsed.diagnostics;
      expect(diagnostics.filter(({ code }) => !leftToPeople.has(code))).toEqual([]);
      const nameable = given.inventory.workloads.filter(({ name }) => !name.includes('x'.repeat(64)));
      expect(workloads.map(({ kubernetes: { kind: one, name } }) => `${one} ${name}`).sort()).toEqual(
        nameable.map(({ kind: one, name }) => `${one} ${name}`).sort(),
      );
      const priorities = new Map(workloads.map(({ name, priority }) => [name, priority]));
      for (const { dependsOn = [], priority } of workloads)
        for (const name of dependsOn) expect(priorities.get(name)).toBeLessThanOrEqual(priority);
    }),
    { numRuns: 150 },
  );
});

test('every reference is a dependency, or named as one that was left out; every guess has its mark', () => {
  fc.assert(
    fc.property(request, (given) => {
      const { text, workloads } = draftRunbook(given);
      const nameable = given.inventory.workloads.filter(({ name }) => !name.includes('x'.repeat(64)));
      const references = referencesIn({ ...given.inventory, workloads: nameable }).length;
      const kept = workloads.flatMap(({ dependsOn = [] }) => dependsOn).length;
      const unwrapped = text.replace(/\n *# {3}/g, ' ');
      const leftOut = unwrapped.split('left out, as it closes the circle').length - 1;
      expect(kept + leftOut).toBe(references);
      const lines = unwrapped.split('\n');
      for (const [at, line] of lines.entries()) {
        if (/^ +priority: /.test(line)) expect(line).toContain('# review: ');
        if (/^ +(dependsOn|address):/.test(line) || /^ +- name: .* answers at port/.test(line))
          expect(lines[at - 1]).toContain('# review: ');
      }
    }),
    { numRuns: 75 },
  );
});
