import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { protectionWorkflowId } from '../../core/model/names';
import type { ProtectionState } from '../../core/model/protection';
import { quietly } from '../contract/contract';
import { until } from '../integration/faults/until';
import { startMemoryLab, type MemoryLab } from '../integration/workflows/memory-lab';
import { runCommand } from '../unit/cli/run-command';
import { shopOnMemorySites } from './shop-on-memory-sites';

/** Five protection groups on in-memory sites, each in another state, as an installation looks on a bad day. */
export interface FiveGroups {
  readonly lab: MemoryLab;
  /** What a command line needs to find them. */
  readonly env: Readonly<Record<string, string>>;
}

const gammaSite = '{ name: gamma, driver: memory, address: 127.0.5.1, drill: { address: 127.0.6.1 } }';
const betaSite = '{ name: beta, driver: memory, address: 127.0.2.1, drill: { address: 127.0.4.1 } }';

const groupYaml = (group: string, more = '', standby = betaSite): string => `
switchback: 1
group: ${group}
objectives: { rpo: 5s, rto: 60s }
sites:
  primary: { name: alpha, driver: memory, address: 127.0.1.1, drill: { address: 127.0.3.1 } }
  recovery: ${standby}
workloads:
  - name: web
    priority: 1
    volumes: [data]
    checks: [{ name: web answers, tcp: { port: 7003, banner: web }, timeout: 1s, interval: 10ms, successes: 1, within: 1s }]
volumes:
  - { name: data, marker: { file: records } }
replication: { every: 1s }
traffic:
  - { name: ${group}.example.test, ttl: 5s, moveTtl: 1s, provider: { driver: memory } }
${more}`;

const billing = groupYaml(
  'billing',
  `
people:
  - { name: bo@example.com }
operations:
  failover: { gates: [{ approval: { name: cutover, prompt: Move billing to beta?, approvers: [bo@example.com] } }] }
`,
);

/** Who is to approve the way back is nobody of its people. */
const intranet = groupYaml(
  'intranet',
  `
operations:
  reprotect: { gates: [{ approval: { name: resync, prompt: Copy back to alpha?, approvers: [cy@example.com] } }] }
`,
);

const warehouse = groupYaml('warehouse', '', gammaSite);

const UNTIL_DRILL_MS = 12.4 * 86_400_000;

/** Its next drill is always as far away, so that a picture shows the same number of days and hours. */
const wiki = (): string =>
  groupYaml(
    'wiki',
    `
schedules:
  - name: yearly-drill
    operation: drill
    start: ${new Date(Date.now() + UNTIL_DRILL_MS).toISOString().slice(0, 16)}
    repeat: FREQ=YEARLY
    timeZone: UTC
`,
  );

/** The shop, where nobody would be told, and whose approver is nobody of its people. */
function shop(): string {
  const { people: _nobody, ...yaml } = parse(shopOnMemorySites()) as Record<string, unknown>;
  const cutover = { name: 'cutover', prompt: 'Move the shop to beta?', approvers: ['cy@example.com'] };
  return stringify({
    ...yaml,
    operations: { failover: { gates: [{ approval: cutover }] } },
    notices: [{ name: 'chat', on: ['start', 'done'], urlFrom: 'SHOP_CHAT_URL', format: 'slack' }],
  });
}

/** A person is in the middle of moving billing; the shop and the warehouse have drifted; the wiki is as it should be. */
export async function startFiveGroups(): Promise<FiveGroups> {
  const lab = await startMemoryLab(shop(), { webUi: true, others: [billing, intranet, warehouse, wiki()] });
  const env = { TEMPORAL_ADDRESS: lab.address, SWITCHBACK_USER: 'ana@example.com' };
  try {
    for (const group of ['billing', 'intranet', 'shop', 'warehouse', 'wiki'])
      await untilState(lab, group, ({ replication, readiness }) => Boolean(replication.lastPassAt && readiness));
    lab.world.disasters.isolate('gamma');
    await driftShop(lab);
    await commands(env, [
      ['run', 'failover', 'intranet', '--workflow-id', 'failover/intranet/flood', '--wait'],
      ['run', 'drill', 'wiki', '--workflow-id', 'drill/wiki/spring', '--wait'],
      ['attest', 'drill/wiki/spring', 'passed', '--notes', 'pages of the morning were there'],
      ['schedule', 'apply', 'wiki'],
      ['run', 'failover', 'billing', '--workflow-id', 'failover/billing/maintenance'],
    ]);
    for (const group of ['shop', 'warehouse']) {
      await changeRunbook(lab, group);
      await untilState(lab, group, ({ readiness }) => readiness?.state === 'NotReady');
    }
    await untilState(lab, 'warehouse', ({ breach }) => breach !== undefined);
  } catch (error) {
    await lab.tearDown();
    throw error;
  }
  return { lab, env };
}

/** A group is evaluated as soon as another runbook is read. */
async function changeRunbook({ home }: MemoryLab, group: string): Promise<void> {
  const file = path.join(home, 'runbooks', `${group}.yaml`);
  await writeFile(file, (await readFile(file, 'utf8')).replace('rto: 60s', 'rto: 90s'));
}

/** Somebody has led its record elsewhere, for longer, and started a workload at the standby. */
async function driftShop({ world, runbook }: MemoryLab): Promise<void> {
  const mutation = (operationKey: string) => ({ group: runbook.group, operationKey, epoch: 1 });
  for (const record of runbook.traffic) {
    const change = { ...mutation('ttl'), record, expected: record.values.primary, ttlSeconds: 3600 };
    await world.traffic.setTtl(change, quietly());
    world.disasters.changeRecord(record, ['127.0.9.9']);
  }
  for (const web of runbook.workloads.filter(({ name }) => name === 'web'))
    await world.workload.start(runbook.sites.recovery, web, mutation('by hand'), quietly());
}

async function commands(env: FiveGroups['env'], lines: readonly (readonly string[])[]): Promise<void> {
  for (const line of lines) {
    const { code, out, notes } = await runCommand(line, env);
    if (code !== 0) throw new Error(`${line.join(' ')} ended with exit code ${code}: ${out}${notes}`);
  }
}

async function untilState(lab: MemoryLab, group: string, wanted: (state: ProtectionState) => boolean): Promise<void> {
  const protection = lab.client.workflow.getHandle(protectionWorkflowId(group));
  let state: ProtectionState | null = null;
  await until(
    `${group} is as the pictures want it`,
    async () => {
      state = await protection.query<ProtectionState | null>('state').catch(() => null);
      return state !== null && wanted(state);
    },
    () => JSON.stringify(state),
  );
}
