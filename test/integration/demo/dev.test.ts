import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Connection } from '@temporalio/client';
import { createClient } from '../../../temporal/create-client';
import { startProgram, TestHome, type Program } from './program';

interface Up {
  readonly address: string;
  readonly forms: readonly {
    readonly operation: string;
    readonly notNow?: string;
    readonly workflowId: string;
    readonly taskQueue: string;
    readonly workflowType: string;
    readonly input: object;
  }[];
}

let home: TestHome;

beforeEach(() => {
  home = new TestHome();
});

afterEach(() => home.remove());

const untilUp = async (dev: Program): Promise<Up> => {
  await dev.untilSaid(/, possible now/);
  return JSON.parse(dev.answered()) as Up;
};

/** Starts it exactly as a person would from the printed form. */
async function startByForm({ address, forms }: Up, operation: string): Promise<unknown> {
  const form = forms.find((candidate) => candidate.operation === operation);
  if (form === undefined) throw new Error(`no form of ${operation}`);
  const connection = await Connection.connect({ address });
  try {
    const { workflow } = await createClient(connection);
    const { workflowId, taskQueue } = form;
    return await workflow.execute(form.workflowType, { workflowId, taskQueue, args: [form.input] });
  } finally {
    await connection.close();
  }
}

const orders = (): number =>
  readFileSync(path.join(home.folder, 'customers.jsonl'), 'utf8').trimEnd().split('\n').length;

test('runs an operation from its printed form, survives its worker, and goes on where it was after a restart', async () => {
  const first = startProgram('demo/dev.ts', '--json', '--home', home.folder);
  const up = await untilUp(first);
  expect(up.forms.map(({ operation, notNow }) => [operation, notNow === undefined])).toEqual([
    ['failover', true],
    ['drill', true],
    ['reprotect', false],
    ['failback', false],
  ]);

  const [, worker = ''] = /the worker \(process (\d+)\)/.exec(first.said()) ?? [];
  process.kill(Number(worker), 'SIGKILL');
  await first.untilSaid(/the worker ended with SIGKILL; another one starts/);
  expect(await startByForm(up, 'failover')).toMatchObject({ verdict: 'completed' });
  await first.untilSaid(/shop is FailedOver, active site beta, epoch 2/);
  first.signal('SIGINT');
  expect(await first.ended).toBe(130);
  await home.untilNoProcess();
  const ordersBefore = orders();

  const second = startProgram('demo/dev.ts', '--json', '--home', home.folder);
  const upAgain = await untilUp(second);
  expect(second.said()).toContain('goes on where it was');
  expect(second.said()).toContain('shop is FailedOver, active site beta, epoch 2');
  expect(upAgain.forms[0]).toMatchObject({ operation: 'reprotect' });
  while (orders() <= ordersBefore) await new Promise((resolve) => setTimeout(resolve, 50));
  second.signal('SIGINT');
  expect(await second.ended).toBe(130);
  await home.untilNoProcess();
});

test('a site command in a folder that is no home of a dev is refused, with what to do', async () => {
  const command = startProgram('demo/dev.ts', 'disaster', 'alpha', '--home', home.folder);
  expect(await command.ended).toBe(3);
  expect(command.said()).toContain('start `npm run dev` first');
});
