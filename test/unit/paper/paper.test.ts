import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { FailoverMode, Operation } from '../../../core/model/operation';
import type { PlanStep } from '../../../core/model/plan';
import type { Runbook } from '../../../core/model/runbook';
import { stepKinds, traitsOf, type StepKind } from '../../../core/model/step-kinds';
import { assumedInput } from '../../../core/paper/assumed';
import { makePaper } from '../../../core/paper/make-paper';
import type { Block, Paper } from '../../../core/paper/paper';
import { paperMarkdown } from '../../../core/paper/paper-markdown';
import { stepPapers } from '../../../core/paper/step-papers';
import { compilePlan } from '../../../core/planning/compile-plan';
import { renderPaper } from '../../../core/report/html/render-paper';
import { parseRunbook } from '../../../core/runbook/parse-runbook';
import { fenceObject } from '../../../drivers/kubernetes/fence/fence-record';
import { annotation } from '../../../drivers/kubernetes/workloads/annotations';
import { markVariable } from '../../../drivers/local/workloads/instance';
import { readGuide } from '../../kubernetes/guide/read-guide';
import { inputFor } from '../planning/compiled';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const at = '2026-11-29T10:00:00.000Z';

function runbookOf(text: string): Runbook {
  const parsed = parseRunbook(text, 'shop.yaml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
  return parsed.runbook;
}

const shop = runbookOf(readFileSync(path.join(__dirname, '../../../runbooks/shop.yaml'), 'utf8'));

const cluster = runbookOf(`
switchback: 1
group: shop
objectives: { rpo: 1m, rto: 5m }
sites:
  primary:
    name: paris
    driver: kubernetes
    address: 192.0.2.1
    kubernetes: { context: alpha, namespace: shop, kubeconfig: clusters.yaml, mover: { image: mover:1, service: Pod } }
    drill: { address: 192.0.2.9 }
  recovery:
    name: berlin
    driver: kubernetes
    address: 192.0.2.2
    kubernetes: { context: beta, namespace: shop, kubeconfig: clusters.yaml, mover: { image: mover:1, service: Pod } }
    drill: { address: 192.0.2.10 }
workloads:
  - name: ledger
    volumes: [orders]
    kubernetes: { kind: StatefulSet, name: ledger, replicas: 2 }
    checks:
      - { name: rows, sql: { port: 5432, database: shop, user: shop, passwordFrom: DB_PASSWORD, query: select 1, expect: '1' } }
  - name: web
    priority: 2
    kubernetes: { kind: Rollout, apiVersion: argoproj.io/v1alpha1, selector: { app: web } }
    checks: [{ name: web answers, tcp: { port: 443 } }]
volumes:
  - { name: orders, kubernetes: { claim: orders } }
stage: { every: 5m, kinds: [ConfigMap] }
traffic:
  - { name: shop.example.com, ttl: 60s, moveTtl: 5s, provider: { driver: route53, hostedZoneId: Z1 } }
  - { name: www.example.com, ttl: 60s, moveTtl: 5s, provider: { driver: route53, hostedZoneId: Z1 } }
operations:
  failover:
    gates:
      - window: { name: night, duration: 2h, timeZone: Europe/Berlin }
      - approval: { name: cutover, prompt: Move the shop? }
    steps:
      - { name: tell, mode: planned, before: { phase: stop }, webhook: { urlFrom: CHAT_URL, secretFrom: CHAT_SECRET }, inverse: { command: [/usr/bin/untell, now] } }
      - { name: cable, after: { phase: commit }, manual: { instructions: Pull the cable. } }
`);

const plan = (runbook: Runbook, operation: Operation, mode: FailoverMode = 'planned') =>
  compilePlan(assumedInput({ runbook, digest: 'd'.repeat(64), operation, mode, at }), sha256);

const print = (runbook: Runbook, operation: Operation, mode?: FailoverMode): Paper =>
  makePaper({
    plan: plan(runbook, operation, mode),
    runbookFolder: '/books',
    sha256,
    printedAt: at,
    assumptions: ['a'],
  });

const operations: readonly (readonly [Operation, FailoverMode])[] = [
  ['failover', 'planned'],
  ['failover', 'unplanned'],
  ['reprotect', 'planned'],
  ['failback', 'planned'],
  ['drill', 'planned'],
];
const books = { local: shop, kubernetes: cluster } as const;
const cases = Object.entries(books).flatMap(([driver, runbook]) =>
  operations.map(([operation, mode]) => ({ driver, runbook, operation, mode })),
);

const blocksOf = ({ sections }: Paper): readonly Block[] =>
  sections.flatMap(({ waves }) => waves.flat()).flatMap(({ blocks }) => blocks);

test.each(cases)(
  'every step of a $mode $operation with the driver $driver is on paper, in the order of the plan',
  (one) => {
    const { steps, rollback } = plan(one.runbook, one.operation, one.mode);
    const paper = print(one.runbook, one.operation, one.mode);
    const printed = paper.sections.flatMap(({ waves }) => waves.flat()).flatMap(({ id }) => id ?? []);
    expect([...printed].sort()).toEqual([...steps, ...rollback].map(({ id }) => id).sort());
    for (const { id, dependsOn } of [...steps, ...rollback])
      for (const before of dependsOn) expect(printed.indexOf(before)).toBeLessThan(printed.indexOf(id));
  },
);

test.each(cases)('what is to be typed in a $mode $operation with the driver $driver is what bash can read', (one) => {
  const scripts = blocksOf(print(one.runbook, one.operation, one.mode)).map(({ script }) => script);
  for (const script of scripts) expect(() => execFileSync('bash', ['-n', '-c', script])).not.toThrow();
});

/** A kind that no plan of the runbooks above has would be missing here. */
test.each(Object.keys(books) as (keyof typeof books)[])(
  'with the driver %s every kind of step says what to do',
  (driver) => {
    const runbook = books[driver];
    const sides = {
      site: 'recovery',
      workload: 'ledger',
      volume: 'orders',
      record: runbook.traffic[0]?.name ?? '',
    } as const;
    const context = { plan: plan(runbook, 'failover'), runbookFolder: '/books', sha256 };
    for (const kind of Object.keys(stepKinds) as StepKind[]) {
      const input = {
        ...{ epoch: 2, source: 'primary', gate: context.plan.steps.find((step) => step.kind === kind)?.input.gate },
        ...{
          hook: { kind: 'command', command: ['true'], timeoutSeconds: 5 },
          expected: ['192.0.2.1'],
          next: ['192.0.2.2'],
        },
        manual: { kind: 'manual', name: 'm', instructions: 'Do it.', who: [] },
      };
      const step = {
        id: `${kind}/x`,
        kind,
        title: kind,
        segment: 's',
        dependsOn: [],
        input,
        ...sides,
      } as unknown as PlanStep;
      const { tells = [], blocks = [], approval } = stepPapers[kind](context, step);
      if (kind === 'approval' && approval === undefined) continue;
      const gates = ['approval', 'window'].includes(kind) && step.input.gate === undefined;
      expect({ kind, says: gates || tells.length + blocks.length > 0 || approval !== undefined }).toEqual({
        kind,
        says: true,
      });
    }
  },
);

test.each(cases)(
  'the paper of a $mode $operation with the driver $driver is the plan that a run would compile',
  (one) => {
    const live = compilePlan(inputFor(one.runbook, one.operation, one.mode), sha256);
    const assumed = plan(one.runbook, one.operation, one.mode);
    const ids = ({ steps, rollback }: typeof live) =>
      [...steps, ...rollback].map(({ id, dependsOn }) => [id, dependsOn]);
    expect(ids(assumed)).toEqual(ids(live));
  },
);

test.each([
  ['failover', '7 1007 1008'],
  ['failback', '7 1007 1008'],
  // Nothing starts: what runs keeps its epoch.
  ['reprotect', '7 7 7'],
] as const)('the epochs of a %s leap beyond all that Switchback may have handed out meanwhile', (operation, epochs) => {
  const scripts = blocksOf(print(shop, operation)).map(({ script }) => script);
  const exports = scripts.join('\n').match(/^export (?:FROM|TO|ROLLBACK)=.*$/gm) ?? [];
  const script = ['HIGHEST=7', ...exports, 'echo $FROM $TO $ROLLBACK'].join('\n');
  expect(execFileSync('bash', ['-c', script], { encoding: 'utf8' }).trim()).toBe(epochs);
});

test('what changes something before the commit point says what undoes it', () => {
  const paper = print(cluster, 'failover');
  const { steps, commitStep } = plan(cluster, 'failover');
  const before = steps.slice(
    0,
    steps.findIndex(({ id }) => id === commitStep),
  );
  const undoing = new Map(paper.sections.flatMap(({ waves }) => waves.flat()).map(({ id, undo }) => [id, undo]));
  const changes = before.filter(
    ({ kind }) => traitsOf(kind).effect === 'mutation' && !['sync', 'final-sync'].includes(kind),
  );
  expect(changes.length).toBeGreaterThan(5);
  for (const { id } of changes) expect({ id, undo: undoing.get(id)?.length }).not.toEqual({ id, undo: 0 });
});

test('names in the commands are those that the drivers go by', () => {
  const text = paperMarkdown(print(cluster, 'failover'));
  const { metadata } = fenceObject('shop', { epoch: 1, fencing: 'fenced', workloads: [] }) as {
    metadata: { name: string; labels: object };
  };
  expect(text).toContain(`configmap ${metadata.name}`);
  for (const [label, value] of Object.entries(metadata.labels)) expect(text).toContain(`${label}=${value}`);
  for (const name of [annotation.epoch, annotation.replicas, annotation.operations, annotation.setAside])
    expect(text).toContain(`"${name}"`);
  expect(paperMarkdown(print(shop, 'failover'))).toContain(`${markVariable}=`);
});

test('records of one zone move in one batch, which removes exactly what the runbook says is there', () => {
  const script = blocksOf(print(cluster, 'failover')).find(
    ({ script: one }) => one.includes('"CREATE"') && one.includes('192.0.2.2'),
  );
  const json = /<<EOF\n(.*)\nEOF/.exec(script?.script ?? '')?.[1] ?? '';
  const { Changes } = JSON.parse(json) as {
    Changes: { Action: string; ResourceRecordSet: { Name: string; TTL: number } }[];
  };
  const records = Changes.filter(({ Action }) => Action !== 'UPSERT').map(
    ({ Action, ResourceRecordSet: { Name, TTL } }) => [Action, Name, TTL],
  );
  expect(records).toEqual([
    ['DELETE', 'shop.example.com.', 5],
    ['CREATE', 'shop.example.com.', 5],
    ['DELETE', 'www.example.com.', 5],
    ['CREATE', 'www.example.com.', 5],
  ]);
});

test('secrets are named by their variables, and gates by who must agree', () => {
  const text = paperMarkdown(print(cluster, 'failover'));
  expect(text).toContain('PGPASSWORD="$DB_PASSWORD"');
  expect(text).toContain('-hmac "$CHAT_SECRET"');
  expect(text).toContain('Needed before anybody goes on: Move the shop? 1 of anyone');
  expect(text).toContain('It begins on: \\_\\_');
});

test('the Markdown is a page that can be followed, and the HTML asks for nothing from anywhere', () => {
  const paper = print(shop, 'failover');
  expect(readGuide(paperMarkdown(paper)).flatMap(({ steps }) => steps).length).toBeGreaterThan(40);
  const html = renderPaper(paper);
  expect(html).toContain('Planned failover of shop from alpha to beta, by hand');
  expect(html).not.toMatch(/<script|<link|src=|@import/);
  expect(html).toContain('&lt;&lt;EOF');
});
