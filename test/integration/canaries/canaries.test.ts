import '../patience';
import { rmSync, writeFileSync } from 'node:fs';
import type net from 'node:net';
import path from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { runCommand } from '../../unit/cli/run-command';
import { freePorts } from '../../../demo/lab/free-ports';
import { answer } from '../faults/breaking-worker';
import { FaultLab } from '../faults/fault-lab';
import { until } from '../faults/until';
import { formsIn, leaksIn, newCanary } from './canary';
import { filesIn } from './files-in';
import { keptByTemporal } from './kept-by-temporal';
import {
  answerToNotice,
  answerToWebhook,
  breakingCheck,
  breakingHook,
  canaries,
  databaseWords,
  endingWorkload,
  environmentOf,
  shellKey,
  talkingHook,
  undoingHook,
  unhealthyAnswers,
} from './planted';
import { Programs, refusingDatabase, Talker } from './talkative';

jest.setTimeout(600_000);

/** Harmless, and told everywhere: the search must find it. */
const control = newCanary('the description of the runbook');

const siteAddresses = ['127.0.1.1', '127.0.2.1', '127.0.3.1', '127.0.4.1'];

let faults: FaultLab;
let programs: Programs;
let service: Talker;
let webhooks: Talker;
let database: net.Server;
const told: { place: string; bytes: Buffer }[] = [];

const fileOf = (name: string): string => path.join(programs.folder, name);

/** A program that does its part only while a file of that name is there. */
const whileThere = (name: string, script: string): string =>
  `if (require('node:fs').existsSync(${JSON.stringify(fileOf(name))})) { ${script} }`;

function edited(yaml: string, { sqlPort }: { readonly sqlPort: number }): string {
  const hook = (name: string, script: string): string => programs.write(name, script);
  const quick = 'timeout: 1s, interval: 50ms, successes: 1, within: 1s';
  const page = `{ name: page, http: { port: ${service.port}, path: /, bodyContains: ok, headers: { set-cookie: none } }, ${quick} }`;
  const login = `{ name: login, sql: { port: ${sqlPort}, database: shop, user: shop, passwordFrom: SHOP_DB_LOGIN, query: SELECT 1, expect: '1' }, ${quick} }`;
  const command = `{ name: own check, command: [${hook('check', whileThere('check-breaks', breakingCheck))}], ${quick} }`;
  const ending = programs.write('ending.cjs', whileThere('api-ends', endingWorkload));
  return `${yaml
    .replace(/description: .*/, `description: ${control.secret}`)
    .replace('- name: ledger answers', `- ${command}\n      - name: ledger answers`)
    .replace('- name: web answers', `- ${page}\n      - name: web answers`)
    .replace('- name: every order can be read', `- ${login}\n  - name: every order can be read`)
    .replace(/\[node, --require, (\S+), api/, `[node, --require, ${ending}, --require, $1, api`)}
notices: [{ name: chat, urlFrom: CHAT_URL, secretFrom: CHAT_SECRET }]
operations:
  failover:
    steps:
      - name: talk
        before: { phase: stop }
        mode: planned
        command: [${hook('talk', talkingHook)}]
        inverse: { command: [${hook('undo', undoingHook)}] }
      - { name: break, before: { phase: stop }, mode: planned, command: [${hook('break', breakingHook)}], onFailure: continue }
      - { name: tickets, before: { phase: stop }, mode: planned, webhook: { urlFrom: TICKETS_URL, secretFrom: TICKETS_SECRET } }
`;
}

beforeAll(async () => {
  programs = new Programs();
  [service, webhooks] = await Promise.all([new Talker().open(siteAddresses), new Talker().open(['127.0.0.1'])]);
  const [sqlPort = 0] = await freePorts(1);
  database = await refusingDatabase('0.0.0.0', sqlPort, databaseWords);
  webhooks.reply = answerToWebhook;
  faults = await FaultLab.open({ ordersPerSecond: 2, editRunbook: (yaml) => edited(yaml, { sqlPort }) });
  const allowed = ['talk', 'undo', 'break', 'check'].map(fileOf).join(':');
  faults.workers.start({ env: { ...environmentOf(webhooks.port), SWITCHBACK_ALLOWED_COMMANDS: allowed } });
  await until('the standby has a replica', async () => (await faults.state()).replication.lastPassAt !== undefined);
});
afterAll(async () => {
  await faults.close();
  await Promise.all([service.close(), webhooks.close()]);
  database.close();
  programs.remove();
});

/** What the command line tells about the runs. */
async function ask(...args: readonly string[]): Promise<void> {
  const env = { TEMPORAL_ADDRESS: faults.address, SOME_API_KEY: shellKey };
  const { out, notes } = await runCommand(args, env);
  told.push({ place: `switchback ${args.join(' ')}`, bytes: Buffer.from(`${out}\n${notes}`) });
}

/** The step fails, everybody looks, and it is tried again after it was mended. */
async function failing(handle: WorkflowHandle, step: string, mend: () => void): Promise<void> {
  await faults.failedStep(handle, step);
  await ask('status');
  await ask('report', handle.workflowId);
  mend();
  await answer(handle, 'retry');
}

test('a failover with every kind of failure, its rollback, and a drill', async () => {
  writeFileSync(fileOf('check-breaks'), '');
  writeFileSync(fileOf('api-ends'), '');
  const handle = await faults.start('failover');
  await failing(handle, 'check-health/ledger@beta', () => rmSync(fileOf('check-breaks')));
  webhooks.reply = answerToNotice;
  const [first, ...others] = unhealthyAnswers;
  const say = (reply: (typeof unhealthyAnswers)[number] | undefined) => () => {
    service.reply = reply ?? ((response) => response.writeHead(200, { 'set-cookie': 'none' }).end('ok'));
  };
  say(first)();
  await failing(handle, 'start-workload/api@beta', () => rmSync(fileOf('api-ends')));
  for (const next of [...others, undefined]) await failing(handle, 'check-health/web@beta', say(next));
  await faults.failedStep(handle, 'verify-data/@beta');
  await answer(handle, 'rollback');
  const drill = await faults.ended(handle).then(async (result) => {
    expect(result).toMatchObject({ verdict: 'rolled-back' });
    return faults.start('drill');
  });
  expect(await faults.ended(drill)).toMatchObject({ verdict: 'completed' });
  for (const format of ['markdown', 'json', 'html']) await ask('report', handle.workflowId, '--format', format);
  for (const command of ['status', 'doctor']) await ask(command);
  for (const run of [handle, drill]) await ask('report', run.workflowId);
  await ask('plan', faults.group, '--operation', 'failover', '--json');
  await ask('explain', 'HookFailed');
});

/** Everything that is kept, but for what the sites themselves keep: what an application writes into its own log is its own. */
async function everythingKept() {
  return [...(await keptByTemporal(faults.client)), ...(await filesIn(faults.home, ['lab'])), ...told];
}

test(`none of ${canaries.length} secrets is anywhere: histories, database, logs, reports, outputs of hooks and of commands`, async () => {
  expect(canaries.length).toBeGreaterThanOrEqual(30);
  const leaks = (await everythingKept()).flatMap(({ place, bytes }) => leaksIn(place, bytes, canaries));
  expect(leaks).toEqual([]);
});

test.each([
  ['histories', /^history of failover/],
  ['the database of the server', /^temporal\.db/],
  ['reports, as JSON', /^reports\/.*\.json$/],
  ['what the command line says', /^switchback plan/],
])('the search finds what is there: the description of the runbook in %s', async (_, where) => {
  const found = (await everythingKept()).filter(
    ({ place, bytes }) => where.test(place) && formsIn(bytes, control).length > 0,
  );
  expect(found.length).toBeGreaterThan(0);
});

test.each(['utf8', 'base64', 'hex'] as const)('and whatever it is encoded as: %s', (encoding) => {
  for (const before of ['', 'a', 'ab']) {
    const bytes = Buffer.from(Buffer.from(`${before}${control.secret} and more`).toString(encoding));
    expect(formsIn(bytes, control).length).toBeGreaterThan(0);
  }
});
