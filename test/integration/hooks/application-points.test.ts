import '../patience';
import { readFile } from 'node:fs/promises';
import type { ApplicationPointsState } from '../../../core/model/protection';
import type { RecoveryPoint } from '../../../core/model/volume';
import { groupDetails } from '../../../core/report/group-details';
import { SiteFolder } from '../../../drivers/local/site-folder';
import type { Inspection } from '../../../workflows/inspect';
import { CONTROL_TASK_QUEUE } from '../../../core/model/names';
import { processesAt } from '../faults/evidence';
import { FaultLab } from '../faults/fault-lab';
import { until } from '../faults/until';
import { makeHookScript, type HookScript } from './hook-script';

jest.setTimeout(600_000);

const TIMEOUT_SECONDS = 3;

let script: HookScript;
let faults: FaultLab;
let env: Record<string, string>;

beforeAll(async () => {
  script = await makeHookScript();
  env = { SWITCHBACK_ALLOWED_COMMANDS: script.file };
  const points = `{ every: 5s, timeout: ${TIMEOUT_SECONDS}s, quiesce: [${script.file}, quiesce], resume: [${script.file}, resume] }`;
  faults = await FaultLab.open({
    editRunbook: (yaml) => yaml.replace(/^replication:\n/m, `replication:\n  applicationPoints: ${points}\n`),
  });
});

afterAll(async () => {
  await faults.close();
  await script.remove();
});

const application = async (): Promise<Partial<ApplicationPointsState>> =>
  (await faults.state()).replication.application ?? {};

const words = async (): Promise<readonly string[]> => (await script.runs()).map(({ word }) => word);
const counted = async (word: string): Promise<number> => (await words()).filter((one) => one === word).length;

/** What `word` does; everything else ends well at once. */
const whenAsked = (word: string, does: string): Promise<void> => script.behave(`[ "$1" = ${word} ] || exit 0\n${does}`);

const lastPassAt = async (): Promise<string> => (await faults.state()).replication.lastPassAt ?? '';

async function pointsAtStandby(): Promise<readonly RecoveryPoint[]> {
  const seen: unknown = await faults.client.workflow.execute('inspect', {
    taskQueue: CONTROL_TASK_QUEUE,
    workflowId: `inspect/${Date.now()}`,
    args: [{ runbook: 'shop', connectivity: false }],
  });
  return (seen as Inspection).sites.recovery.volumes.flatMap(({ points }) => points);
}

test('a worker that is killed while the application is quiesced leaves it quiesced for no longer than the timeout', async () => {
  const worker = faults.workers.start({ env, failpoints: ['activity:quiesce-application:after'] });
  await worker.ended;
  expect(await words()).toEqual(['quiesce']);
  const killed = Date.now();

  // No worker runs by now.
  await until('it is resumed', async () => (await counted('resume')) > 0);
  expect(Date.now() - killed).toBeLessThan((TIMEOUT_SECONDS + 5) * 1000);

  faults.workers.start({ env });
  await until('a set was made', async () => (await application()).last !== undefined);
  expect((await words()).at(-1)).toBe('resume');
  expect((await application()).quiesced).toBeUndefined();
});

test('what is in the points is what was there while the application kept still', async () => {
  const site = faults.lab.runbook.sites.primary;
  if (site.driver !== 'local') throw new Error('the lab is local');
  const ledger = (await processesAt(faults.lab, site)).find(({ workload }) => workload === 'ledger');
  const before = (await application()).last?.id;
  const log = `${script.folder}/still`;
  const orders = `${new SiteFolder(faults.lab.labFolder, site).volumeData('shop', 'orders')}/orders.log`;
  await script.behave(
    [
      `if [ "$1" = quiesce ]; then kill -STOP ${ledger?.pid ?? 0}; sleep 0.3;`,
      `echo "$SWITCHBACK_POINT_SET $(wc -l < ${orders})" >> ${log};`,
      `else kill -CONT ${ledger?.pid ?? 0}; fi`,
    ].join('\n'),
  );
  await until('a new set was made', async () => (await application()).last?.id !== before);
  const { last, stillSeconds } = await application();
  const point = (await pointsAtStandby()).find(({ set }) => set?.id === last?.id);
  expect(point).toMatchObject({ consistency: 'application', role: 'replica', set: last && { ...last } });
  const seen = (await readFile(log, 'utf8')).split('\n').find((line) => line.startsWith(last?.id ?? 'none'));
  expect(point?.records).toBe(Number(seen?.split(' ')[1]));
  expect(Date.parse(point?.asOf ?? '')).toBeGreaterThanOrEqual(Date.parse(last?.quiescedAt ?? ''));
  expect(stillSeconds).toBeGreaterThanOrEqual(0.3);
  expect(stillSeconds).toBeLessThan(TIMEOUT_SECONDS);
  const { acknowledgements } = faults.customers;
  const enough = acknowledgements.length + 5;
  await until('orders are taken again', () => acknowledgements.length >= enough);
});

test.each([
  ['fails', 'echo "table is locked" >&2; exit 3', /exit code 3: table is locked/],
  ['hangs', 'sleep 600', new RegExp(`did not end within ${TIMEOUT_SECONDS} s`)],
])(
  'a program that %s while it quiesces makes no point, is resumed and warned of, and replication goes on',
  async (_how, does, saw) => {
    const { last } = await application();
    const [quiesced, resumed] = [await counted('quiesce'), await counted('resume')];
    await whenAsked('quiesce', does);
    await until('it is warned of', async () => saw.test((await application()).lastError ?? ''));
    await until('it was resumed', async () => (await application()).quiesced === undefined);
    expect(await counted('resume')).toBeGreaterThan(resumed);
    expect(await counted('quiesce')).toBeGreaterThan(quiesced);
    expect((await application()).last?.id).toBe(last?.id ?? 'a set of before');
    expect(groupDetails(await faults.state(), new Date().toISOString())).toContain(
      'No application-consistent recovery point',
    );
    const pass = await lastPassAt();
    await until('a further pass is done', async () => (await lastPassAt()) > pass);
    expect((await faults.state()).replication.lastError).toBeUndefined();

    await script.behave('exit 0');
    await until('the warning is over', async () => (await application()).lastError === undefined);
  },
);

test('an application that cannot be resumed is said so, and resumed as soon as that is possible', async () => {
  await whenAsked('resume', 'exit 1');
  await until('it is said', async () => (await application()).quiesced?.lastError !== undefined);
  const { quiesced } = await application();
  expect(groupDetails(await faults.state(), new Date().toISOString())).toContain('may still be quiesced');
  await script.behave('exit 0');
  await until('it is resumed', async () => (await application()).quiesced?.set !== quiesced?.set);
});
