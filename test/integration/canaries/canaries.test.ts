import '../patience';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import type net from 'node:net';
import path from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { runCommand } from '../../unit/cli/run-command';
import { readProcessTable } from '../../../drivers/local/workloads/process-table';
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
  endingWorkload,
  environmentOf,
  healthyAnswer,
  keyOfShell,
  profile,
  signingKeys,
  talkingHook,
  undoingHook,
  unhealthyAnswers,
} from './planted';
import { Programs } from './programs';
import { refusingDatabase } from './refusing-database';
import { Spoken } from './spoken';
import { Talker, type Answer } from './talker';
import { TemporalFront, type FrontCall } from './temporal-front';

jest.setTimeout(600_000);

/** Harmless, and told everywhere: the search must find it. */
const control = newCanary('the description of the runbook');

const siteAddresses = ['127.0.1.1', '127.0.2.1', '127.0.3.1', '127.0.4.1'];

let faults: FaultLab;
let programs: Programs;
let service: Talker;
let webhooks: Talker;
let database: net.Server;
/** The way to Temporal; the stranger lets everybody connect, and do nothing. */
let front: TemporalFront;
let stranger: TemporalFront;
const spoken = new Spoken();
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
  const command = `{ name: own check, command: [${hook('check', whileThere('check-breaks', breakingCheck))}], ${quick.replaceAll('1s', '10s')} }`;
  const ending = programs.write('ending', whileThere('api-ends', endingWorkload));
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

function noteCall({ agent, shown, refusal }: FrontCall): void {
  const native = agent.startsWith('tonic');
  spoken.note(native ? 'native client of Temporal' : 'client of Temporal', shown);
  if (refusal !== undefined) spoken.note('refusal by Temporal', refusal);
}

beforeAll(async () => {
  programs = new Programs();
  writeFileSync(fileOf('profile'), profile);
  service = new Talker(({ answer: given }) => spoken.note('service answers', JSON.stringify(given)));
  webhooks = new Talker((exchange) => spoken.exchange(exchange, signingKeys));
  webhooks.answer = (asked) => (asked.startsWith('/notice') ? answerToNotice : answerToWebhook);
  await Promise.all([service.open(siteAddresses), webhooks.open(['127.0.0.1'])]);
  const [sqlPort = 0] = await freePorts(1);
  database = await refusingDatabase({ address: '0.0.0.0', port: sqlPort }, ({ password, refusal }) => {
    spoken.note('login', password);
    spoken.note('refused login', refusal);
  });
  faults = await FaultLab.open({
    ordersPerSecond: 2,
    editRunbook: (yaml) => edited(yaml, { sqlPort }),
    environmentOfWorkers: async (address) => {
      front = await TemporalFront.open({ behind: address, admits: /./, noted: noteCall });
      stranger = await TemporalFront.open({ behind: address, admits: /GetSystemInfo$/, noted: noteCall });
      const allowed = ['talk', 'undo', 'break', 'check'].map(fileOf).join(':');
      const connection = { TEMPORAL_ADDRESS: front.address, TEMPORAL_CONFIG_FILE: fileOf('profile') };
      return { ...environmentOf(webhooks.port), ...connection, SWITCHBACK_ALLOWED_COMMANDS: allowed };
    },
  });
  const worker = faults.workers.start();
  spoken.note('environment of a worker', readProcessTable().environment(worker.pid));
  await until('the standby has a replica', async () => (await faults.state()).replication.lastPassAt !== undefined);
});
afterAll(async () => {
  await faults.close();
  await Promise.all([service, webhooks, front, stranger].map((part) => part.close()));
  database.close();
  programs.remove();
});

/** What the command line tells about the runs. */
async function ask(...args: readonly string[]): Promise<void> {
  await tell(args, front);
}

async function tell(args: readonly string[], { address }: TemporalFront): Promise<string> {
  const connection = { TEMPORAL_ADDRESS: address, TEMPORAL_CONFIG_FILE: fileOf('profile'), ...keyOfShell };
  const { out, notes } = await runCommand(args, connection);
  const said = `${out}\n${notes}`;
  told.push({ place: `switchback ${args.join(' ')}`, bytes: Buffer.from(said) });
  return said;
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
  const [first, ...others] = unhealthyAnswers;
  const say =
    (next: Answer = healthyAnswer) =>
    () => {
      service.answer = () => next;
    };
  say(first)();
  await failing(handle, 'start-workload/api@beta', () => rmSync(fileOf('api-ends')));
  for (const next of [...others, healthyAnswer]) await failing(handle, 'check-health/web@beta', say(next));
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

test('a worker and a command line that Temporal refuses, with words that repeat their keys', async () => {
  const worker = faults.workers.start({ env: { TEMPORAL_ADDRESS: stranger.address }, mayCrash: true });
  await until('it has heard why', () => readFileSync(worker.logFile, 'utf8').includes('who is'));
  worker.signal('SIGKILL');
  await worker.ended;
  for (const command of ['status', 'doctor']) expect(await tell([command], stranger)).toContain('who is');
});

test('each secret is spoken by whoever is to speak it', async () => {
  for (const name of ['talk', 'undo', 'break', 'check', 'ending'] as const) spoken.note(name, programs.said(name));
  expect(spoken.unspoken(canaries)).toEqual([]);
});

test('and all of what hooks say is listened to', async () => {
  const histories = (await keptByTemporal(faults.client)).filter(({ place }) =>
    place.startsWith('history of failover'),
  );
  const bytes = Buffer.concat(histories.map((history) => history.bytes)).toString();
  const heard = [...bytes.matchAll(/"outputBytes":(\d+)/g)].map(([, length]) => Number(length));
  expect(heard).toEqual(expect.arrayContaining(['talk', 'undo'].map((name) => programs.said(name).length)));
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
