import { readFileSync } from 'node:fs';
import path from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { protectionWorkflowId } from '../../../core/model/names';
import type { LocalSite } from '../../../core/model/site';
import {
  everyAcknowledgedOrderOnceInOrder,
  exactlyTheNamedOrdersAreLost,
  neverTwoLedgersAtOnce,
  type NamedLoss,
} from '../../../demo/shop/proofs';
import { createLocalReplication } from '../../../drivers/local/replication/local-replication';
import { readFenceJournal, SiteFolder } from '../../../drivers/local/site-folder';
import { findProcesses, readInstances } from '../../../drivers/local/workloads/instance';
import { readProcessTable } from '../../../drivers/local/workloads/process-table';
import type { FaultLab } from './fault-lab';

const context = { signal: new AbortController().signal, progress: () => undefined };

/** Everything that was done so far and that must not be done twice, counted by what it did and not by who says so. */
export interface Effects {
  /** "ledger@alpha epoch 4": processes that were started, by their own word. */
  readonly starts: ReadonlyMap<string, number>;
  /** "fenced@beta epoch 4": records of a fence. */
  readonly fences: ReadonlyMap<string, number>;
  /** "committed", "paused", "resumed": what the protection group did when it was told to. */
  readonly groupChanges: ReadonlyMap<string, number>;
  /** "before failback failback/shop/3@alpha": recovery points that were taken for a run. */
  readonly points: ReadonlyMap<string, number>;
  /** Batches of changes that the name server has accepted. */
  readonly recordChanges: number;
}

export async function effectsSoFar(faults: FaultLab): Promise<Effects> {
  return {
    starts: startsIn(faults.home),
    fences: await fences(faults),
    groupChanges: await groupChanges(faults),
    points: await points(faults),
    recordChanges: await recordChanges(faults),
  };
}

/** What was added between the two. */
export function added(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): Record<string, number> {
  const more = [...after].map(([key, count]) => [key, count - (before.get(key) ?? 0)] as const);
  return Object.fromEntries(more.filter(([, count]) => count > 0));
}

interface Start {
  readonly site: string;
  readonly workload: string;
  readonly epoch: number;
}

function startsIn(home: string): ReadonlyMap<string, number> {
  const lines = readFileSync(path.join(home, 'starts.jsonl'), 'utf8').trim().split('\n');
  const all = lines.map((line) => JSON.parse(line) as Start);
  return counted(all.map(({ site, workload, epoch }) => `${workload}@${site} epoch ${epoch}`));
}

async function fences({ lab }: FaultLab): Promise<ReadonlyMap<string, number>> {
  const keys = await Promise.all(
    Object.values(lab.sites).map(async (site) => {
      const { entries } = await readFenceJournal(new SiteFolder(lab.labFolder, site), lab.runbook.group);
      return entries.map(({ fencing, epoch }) => `${fencing}@${site.name} epoch ${epoch}`);
    }),
  );
  return counted(keys.flat());
}

async function points({ lab }: FaultLab): Promise<ReadonlyMap<string, number>> {
  const replication = createLocalReplication({ labFolder: lab.labFolder });
  const { group, volumes } = lab.runbook;
  const keys = await Promise.all(
    Object.values(lab.sites).map(async (site) => {
      const seen = await replication.observe(site, group, volumes, context);
      return seen.flatMap((volume) => volume.points).map(({ reason }) => `${reason ?? 'by policy'}@${site.name}`);
    }),
  );
  return counted(keys.flat().filter((key) => !key.startsWith('by policy')));
}

async function recordChanges({ lab }: FaultLab): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${lab.dns.apiPort}/records?name=${lab.runbook.traffic[0]?.name}`);
  return ((await answer.json()) as { serial: number }).serial;
}

/** From the history of the group itself: each run tells it what to do by updates, and it answers what it did. */
async function groupChanges({ client, lab }: FaultLab): Promise<ReadonlyMap<string, number>> {
  const workflowId = protectionWorkflowId(lab.runbook.group);
  const answers: string[] = [];
  let runId: string | undefined = (await client.workflow.getHandle(workflowId).describe()).runId;
  while (runId !== undefined) {
    const json = historyToJSON(await client.workflow.getHandle(workflowId, runId).fetchHistory());
    const history = JSON.parse(json) as History;
    answers.push(...history.events.flatMap(answerOf));
    runId = history.events[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || undefined;
  }
  return counted(answers);
}

interface History {
  readonly events: readonly {
    readonly workflowExecutionStartedEventAttributes?: { readonly continuedExecutionRunId?: string };
    readonly workflowExecutionUpdateCompletedEventAttributes?: {
      readonly outcome?: { readonly success?: { readonly payloads: readonly { readonly data: string }[] } };
    };
  }[];
}

/** Answers in words; the answer to `acquire` is an object. */
function answerOf(event: History['events'][number]): readonly string[] {
  const payload = event.workflowExecutionUpdateCompletedEventAttributes?.outcome?.success?.payloads[0];
  if (payload === undefined) return [];
  const answer: unknown = JSON.parse(Buffer.from(payload.data, 'base64').toString());
  return typeof answer === 'string' ? [answer] : [];
}

function counted(keys: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/** Live processes of the shop at a site, as "ledger epoch 4". */
async function runningAt({ lab }: FaultLab, site: LocalSite): Promise<readonly string[]> {
  const seen = await Promise.all(
    (await processesAt(lab, site)).map(async ({ workload, epoch }) => `${workload} epoch ${epoch}`),
  );
  return seen.sort();
}

/** Every live process of the shop at a site. */
export async function processesAt(lab: FaultLab['lab'], site: LocalSite) {
  const table = readProcessTable();
  const folder = new SiteFolder(lab.labFolder, site);
  const found = await Promise.all(
    lab.runbook.workloads.map(async ({ name }) => {
      const place = { folder, group: lab.runbook.group, workload: name };
      const { entries } = await readInstances(place);
      return findProcesses(place, entries, table).map((process) => ({ ...process, workload: name }));
    }),
  );
  return found.flat();
}

/** The site where the name leads customers, by DNS records of the provider. */
async function ledTo({ lab }: FaultLab): Promise<readonly string[]> {
  const [record] = lab.runbook.traffic;
  const answer = await fetch(`http://127.0.0.1:${lab.dns.apiPort}/records?name=${record?.name}`);
  const { sets } = (await answer.json()) as { sets: readonly { readonly type: string; readonly values: string[] }[] };
  return sets.find(({ type }) => type === record?.type)?.values ?? [];
}

/** One site serves, with that epoch, and customers are led there; nothing runs at the other; the group says the same. */
export async function expectActive(faults: FaultLab, active: 'alpha' | 'beta', phase: string): Promise<void> {
  const { lab } = faults;
  const standby = active === 'alpha' ? 'beta' : 'alpha';
  const state = await faults.state();
  expect(state).toMatchObject({ phase, activeSite: active === 'alpha' ? 'primary' : 'recovery' });
  const all = lab.runbook.workloads.map(({ name }) => `${name} epoch ${state.epoch}`).sort();
  expect(await runningAt(faults, lab.sites[active])).toEqual(all);
  expect(await runningAt(faults, lab.sites[standby])).toEqual([]);
  expect(await ledTo(faults)).toEqual([lab.sites[active].address]);
}

interface Expected {
  /** What the report of an unplanned failover names as lost. */
  readonly loss?: NamedLoss;
  /** Orders of lower epochs were looked at before. */
  readonly sinceEpoch?: number;
}

/** The proofs of the demo, over all that customers were told so far. The log goes on growing meanwhile. */
export async function expectProofs(
  { lab, customers }: FaultLab,
  active: 'alpha' | 'beta',
  { loss, sinceEpoch = 0 }: Expected = {},
): Promise<void> {
  const all = [...customers.acknowledgements];
  const told = all.filter(({ epoch }) => epoch >= sinceEpoch);
  expect(told.length).toBeGreaterThan(0);
  const log = await lab.orderLog(lab.sites[active]);
  const complete = loss ? exactlyTheNamedOrdersAreLost(told, log, loss) : everyAcknowledgedOrderOnceInOrder(told, log);
  expect(complete).toMatchObject({ holds: true, evidence: [] });
  expect(neverTwoLedgersAtOnce(all)).toMatchObject({ holds: true, evidence: [] });
}

/** Customers are served: an order is acknowledged from now on. */
export async function expectServed({ customers }: FaultLab): Promise<void> {
  const before = customers.acknowledgements.length;
  const since = Date.now();
  while (!customers.acknowledgements.slice(before).some(({ sentAt }) => sentAt > since)) {
    if (Date.now() - since > 60_000) throw new Error(`nobody is served: ${customers.lastFailure ?? ''}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
