import '../patience';
import { readProcessTable } from '../../../drivers/local/workloads/process-table';
import { FaultLab } from '../faults/fault-lab';
import { until } from '../faults/until';
import { makeHookScript, type HookScript } from './hook-script';

jest.setTimeout(600_000);

let script: HookScript;
let faults: FaultLab;

beforeAll(async () => {
  script = await makeHookScript();
  const steps = `[{ name: drain, before: { phase: stop }, mode: planned, command: [${script.file}, drain] }]`;
  faults = await FaultLab.open({
    editRunbook: (yaml) => `${yaml}\noperations: { failover: { steps: ${steps} } }\n`,
  });
});

afterAll(async () => {
  await faults.close();
  await script.remove();
});

test('a hook whose worker is killed ends with it, and is run again by the next one under the same key', async () => {
  const env = { SWITCHBACK_ALLOWED_COMMANDS: script.file };
  await script.behave('sleep 600');
  const worker = faults.workers.start({ env });
  const run = await faults.start('failover');
  await until('the hook runs', async () => (await script.runs()).length === 1);
  worker.signal('SIGKILL');
  const [first] = await script.runs();
  await until('the hook has ended', () => readProcessTable().find(first?.pid ?? 0) === undefined);

  await script.behave('exit 0');
  faults.workers.start({ env });
  await faults.completed(run);
  const runs = await script.runs();
  expect(runs).toHaveLength(2);
  expect(runs[1]?.key).toBe(first?.key);
  expect(first?.key).toMatch(/\/run-command\/drain@alpha$/);
});
