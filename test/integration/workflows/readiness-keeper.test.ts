import '../patience';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import { readinessActivities } from '../../../activities/readiness-activities';
import { protectionWorkflowId } from '../../../core/model/names';
import type { ProtectionState } from '../../../core/model/protection';
import type { Readiness } from '../../../core/model/readiness';
import { until } from '../faults/until';
import { keepRecorded } from './history-file';
import { startMemoryLab, type MemoryLab } from './memory-lab';
import { tinyRunbook } from './tiny-runbook';

let lab: MemoryLab;
/** Evaluations come to no end. */
let broken = false;
beforeAll(async () => {
  const operations = '{ failover: { gates: [{ approval: { name: cutover, prompt: Move? } }] } }';
  const yaml = tinyRunbook({ operations }).replace('rpo: 5s', 'rpo: 1h');
  const { evaluateReadiness } = readinessActivities({ sites: {}, traffic: {} });
  const judge: typeof evaluateReadiness = (request) =>
    broken ? Promise.reject(ApplicationFailure.nonRetryable('the judge is away')) : evaluateReadiness(request);
  lab = await startMemoryLab(yaml, { activities: { evaluateReadiness: judge } });
});
afterAll(async () => lab?.tearDown());

const protection = () => lab.client.workflow.getHandle(protectionWorkflowId('tiny'));
const kept = async (): Promise<Readiness | undefined> => ((await lab.state()) as ProtectionState | null)?.readiness;
const attribute = async (): Promise<unknown> =>
  (await protection().describe()).searchAttributes['SwitchbackReadiness']?.[0];

let last: Readiness | undefined;
/** Waits for a state that was found later than the last one. */
async function untilKept(state: Readiness['state'], wanted?: (found: Readiness) => boolean): Promise<Readiness> {
  const before = last?.evaluatedAt ?? '';
  const isWanted = wanted ?? (({ evaluatedAt }: Readiness) => evaluatedAt > before);
  await until(
    `${state} is kept`,
    async () => {
      last = await kept();
      return last?.state === state && isWanted(last);
    },
    () => JSON.stringify(last),
  );
  return last as Readiness;
}

async function editRunbook(edit: (yaml: string) => string): Promise<() => Promise<void>> {
  const file = path.join(lab.home, 'runbooks', 'tiny.yaml');
  const before = await readFile(file, 'utf8');
  await writeFile(file, edit(before));
  return () => writeFile(file, before);
}

test('a group is evaluated by itself; state, search attribute and details tell, and the next one is five minutes later', async () => {
  const found = await untilKept('Ready');
  expect(found).toEqual({
    state: 'Ready',
    reasons: [],
    evaluatedAt: expect.any(String),
    tookSeconds: expect.any(Number),
    runbookHash: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  await until('the attribute is set', async () => (await attribute()) === 'Ready');
  await until('it rests', async () => {
    const { events } = await protection().fetchHistory();
    return (events ?? []).some(
      (event) => Number(event.timerStartedEventAttributes?.startToFireTimeout?.seconds) === 300,
    );
  });
});

test('a change of the runbook is evaluated as soon as it is read, and one with a mistake as well', async () => {
  let undo = await editRunbook((yaml) =>
    yaml.replace('gates: [', 'gates: [{ approval: { name: owner, prompt: Sure?, approvers: [cy] } }, '),
  );
  expect((await untilKept('AtRisk')).reasons).toMatchObject([{ code: 'ApproverUnknown', subject: 'gate owner' }]);
  await until('the attribute follows', async () => (await attribute()) === 'AtRisk');
  await undo();
  await untilKept('Ready');
  undo = await editRunbook((yaml) => yaml.replace('dependsOn: [store]', 'dependsOn: [stor]'));
  expect((await untilKept('NotReady')).reasons).toMatchObject([{ code: 'RunbookUnusable' }]);
  await undo();
  await untilKept('Ready');
});

test('while an operation holds the group nothing is evaluated; once it lets go, the group is', async () => {
  const run = await lab.start('failover');
  await lab.until(run, ({ waitingFor }) => waitingFor.length > 0);
  const before = await kept();
  const asked = lab.client.workflow.execute('readiness', {
    taskQueue: 'switchback',
    workflowId: 'readiness/by-hand',
    args: [{ runbook: 'tiny' }],
  });
  await expect(asked).rejects.toMatchObject({
    cause: { type: 'WrongState', message: expect.stringContaining('nothing is evaluated while failover') },
  });
  expect(await kept()).toEqual(before);
  await run.executeUpdate('decide', { args: [{ gate: 'cutover', by: 'ana@example.com', decision: 'decline' }] });
  await run.result();
  last = before;
  await untilKept('Ready');
});

test('an evaluation by hand finds the same, and its history is kept', async () => {
  const handle = await lab.start('readiness');
  await expect(handle.result()).resolves.toMatchObject({ state: 'Ready', reasons: [] });
  await keepRecorded(lab.home, 'readiness', handle);
});

test('when an evaluation comes to no end, the group is at risk and says why', async () => {
  const before = await kept();
  broken = true;
  const undo = await editRunbook((yaml) => yaml.replace('group: tiny', 'group: tiny\ndescription: another'));
  const failed = await untilKept('AtRisk', (found) => found.evaluatedAt === before?.evaluatedAt);
  expect(failed.reasons).toMatchObject([
    {
      code: 'EvaluationFailed',
      severity: 'warning',
      what: 'the judge is away',
      doThis: expect.stringContaining('switchback readiness tiny'),
    },
  ]);
  broken = false;
  await undo();
  await untilKept('Ready');
});
