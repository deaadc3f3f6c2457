import { readFileSync } from 'node:fs';
import type { WorkflowHandle } from '@temporalio/client';
import { stepKinds } from '../../core/model/step-kinds';
import type { Report } from '../../core/report/report';
import type { OperationResult } from '../../workflows/run-operation';
import { mutationsIn, type Mutation } from './audit/mutations';
import { startShopLab, type ShopLab } from './shop/shop-lab';

let lab: ShopLab;
beforeAll(async () => void (lab = await startShopLab({ asWorker: true })));
afterAll(async () => lab.tearDown());

/** What the clocks of workers and API servers, and the order of their records, may make of one instant. */
const toleranceMs = 1_000;

const clusterOf = { paris: 'alpha', berlin: 'beta' } as const;
type Site = keyof typeof clusterOf;

/** Objects that are not named as their workload is. */
const workloadOf: Readonly<Record<string, string>> = { 'web-one': 'web', 'web-two': 'web' };

interface Audited extends Mutation {
  readonly site: Site;
}

interface Span {
  readonly id: string;
  readonly kind: string | undefined;
  readonly site: string | undefined;
  readonly workload: string | undefined;
  readonly from: number;
  readonly to: number;
}

async function audited(run: () => Promise<WorkflowHandle>) {
  const counts = { paris: logOf('paris').length, berlin: logOf('berlin').length };
  const handle = await run();
  const { verdict, reportFiles } = (await handle.result()) as OperationResult;
  const file = reportFiles.find((name) => name.endsWith('.json')) ?? '';
  const report = JSON.parse(readFileSync(file, 'utf8')) as Report;
  const mutations = (['paris', 'berlin'] as const).flatMap((site) =>
    logOf(site)
      .slice(counts[site])
      .map((mutation): Audited => ({ ...mutation, site })),
  );
  return { verdict, mutations, spans: spansOf(report) };
}

const logOf = (site: Site): readonly Mutation[] => mutationsIn(lab.clusters[clusterOf[site]].auditLog);

/** Of every step and compensation that may change something at a site. */
const spansOf = ({ steps, rollback }: Report): readonly Span[] =>
  [...steps, ...(rollback?.compensations ?? [])].flatMap((step) => {
    const { id, kind, site, workload, scheduledAt, recordedAt } = step;
    if (scheduledAt === undefined || recordedAt === undefined || kind === undefined) return [];
    if (stepKinds[kind].effect === 'none') return [];
    return [{ id, kind, site, workload, from: Date.parse(scheduledAt), to: Date.parse(recordedAt) }];
  });

const inside = ({ at, site }: Audited, span: Span): boolean =>
  span.site === site && at >= span.from - toleranceMs && at <= span.to + toleranceMs;

const isAbout = ({ name }: Mutation, { workload }: Span): boolean => (workloadOf[name] ?? name) === workload;

/** The copy of a drill is made and removed as a whole. */
const ofWholeCopy = ({ kind }: Span): boolean => kind === 'prepare-drill' || kind === 'remove-drill';

/** Nothing was changed but in the time of a step that changes something there, and what is a workload's in that of its own. */
function expectOnlyInSteps(mutations: readonly Audited[], spans: readonly Span[]): void {
  const workloads = new Set(spans.map(({ workload }) => workload));
  const strays = mutations.filter((mutation) => {
    const around = spans.filter((span) => inside(mutation, span));
    const named = workloads.has(workloadOf[mutation.name] ?? mutation.name);
    return named ? !around.some((span) => isAbout(mutation, span) || ofWholeCopy(span)) : around.length === 0;
  });
  expect(strays).toEqual([]);
}

/** Whoever says that it stopped or started a workload has asked the API server for it, then. */
function expectEachStepToAsk(mutations: readonly Audited[], spans: readonly Span[]): void {
  const moves = spans.filter(({ kind }) => kind === 'stop-workload' || kind === 'start-workload');
  expect(moves.length).toBeGreaterThan(0);
  const silent = moves.filter(
    (span) => !mutations.some((mutation) => isAbout(mutation, span) && inside(mutation, span)),
  );
  expect(silent.map(({ id }) => id)).toEqual([]);
}

test('a drill changes nothing but the namespace of its copy, and that only in its steps', async () => {
  const { verdict, mutations, spans } = await audited(async () => lab.run('drill', { keepSeconds: 0 }));
  expect(verdict).toBe('completed');
  expect(mutations.length).toBeGreaterThan(0);
  const elsewhere = mutations.filter(
    ({ namespace, resource, name }) =>
      namespace !== lab.copyNamespace && !(resource === 'namespaces' && name === lab.copyNamespace),
  );
  expect(elsewhere).toEqual([]);
  expectOnlyInSteps(mutations, spans);
});

test('a failover that is rolled back: what was changed and changed back is in the spans of its steps', async () => {
  const { verdict, mutations, spans } = await audited(async () => {
    const handle = await lab.run('failover');
    await lab.until(handle, ({ steps }) =>
      steps.some(({ id, status }) => id === 'stop-workload/api@paris' && status === 'done'),
    );
    await handle.executeUpdate('rollback', { args: [{ by: 'ana', reason: 'the test says so' }] });
    return handle;
  });
  expect(verdict).toBe('rolled-back');
  expectOnlyInSteps(mutations, spans);
  expectEachStepToAsk(mutations, spans);
});

test('a planned failover: every change is in the span of its step, and every step has asked for its change', async () => {
  const { verdict, mutations, spans } = await audited(async () => lab.run('failover'));
  expect(verdict).toBe('completed');
  expectOnlyInSteps(mutations, spans);
  expectEachStepToAsk(mutations, spans);
});

test('between the runs nothing is changed', async () => {
  const handle = await lab.run('reprotect');
  await handle.result();
  const all = [...logOf('paris'), ...logOf('berlin')];
  await expect((await lab.run('plan', { operation: 'failback' })).result()).resolves.toMatchObject({
    operation: 'failback',
  });
  expect([...logOf('paris'), ...logOf('berlin')]).toEqual(all);
});
