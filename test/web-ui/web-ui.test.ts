import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CONTROL_TASK_QUEUE } from '../../core/model/names';
import type { WorkflowHandle } from '@temporalio/client';
import { Closing } from '../integration/closing';
import { startMemoryLab, type MemoryLab } from '../integration/workflows/memory-lab';
import { runCommand } from '../unit/cli/run-command';
import { findBrowser, openBrowser, type OpenBrowser } from './browser';
import { Screenshots } from './screenshots';
import { shopOnMemorySites } from './shop-on-memory-sites';
import { TemporalWebUi } from './temporal-web-ui';

let lab: MemoryLab;
let browser: OpenBrowser;
let screenshots: Screenshots;
let ui: TemporalWebUi;
let run: WorkflowHandle;

const closing = new Closing();

beforeAll(async () => {
  lab = await startMemoryLab(shopOnMemorySites(), { webUi: true });
  closing.first(() => lab.tearDown());
  if (lab.webUi === undefined)
    throw new Error('unset TEMPORAL_ADDRESS: a server of our own is needed, with its Web UI');
  const program = findBrowser();
  if (program === undefined) throw new Error('there is no browser; npm run test:web-ui says which ones will do');
  browser = await openBrowser(program);
  closing.first(() => browser.close());
  screenshots = await Screenshots.create();
  closing.first(() => screenshots.remove());
  ui = new TemporalWebUi(await browser.context.newPage(), lab.webUi);
  for (const operation of ['failover', 'reprotect']) await (await lab.start(operation)).result();
  run = lab.client.workflow.getHandle('failback/shop/by-hand');
});

afterAll(async () => closing.close());

const screenshot = (name: string, height?: number): Promise<void> => screenshots.take(ui.page, name, height);

const approvalOf = (by: string) => ({ gate: 'cutover', by, decision: 'approve' });

/** The id of the only run that the query finds. */
async function only(query: string): Promise<string> {
  const found: string[] = [];
  for await (const { workflowId } of lab.client.workflow.list({ query })) found.push(workflowId);
  expect(found).toHaveLength(1);
  return found.join();
}

/** The tests are steps of one failback: each goes on where the one before has left the page. */
describe('a person at the Temporal Web UI', () => {
  test('starts a failback from the form with one JSON object', async () => {
    lab.world.inject({ kind: 'never-healthy', target: 'web answers', site: 'alpha' });
    const hour = `${new Date().toISOString().slice(0, 13)}:00:00Z`;
    const windows = { maintenance: { start: hour, durationSeconds: 7200 } };
    const input = { runbook: 'shop', requestedBy: 'cy@example.com', windows };
    const { workflowId } = run;
    await ui.fillStartForm({ workflowId, taskQueue: CONTROL_TASK_QUEUE, type: 'failback', input });
    await screenshot('start-form', 1130);
    await ui.start();
    await lab.until(run, ({ waitingFor }) => waitingFor.some(({ name }) => name === 'cutover'));
  });

  test('reads in the current details what it waits for, and the JSON to send', async () => {
    const details = await ui.currentDetails('Waiting for approval');
    expect(details).toContain('Missing: 1 of operations and 1 of owners');
    expect(details).toContain(JSON.stringify(approvalOf('ana@example.com')));
    await screenshot('current-details');
  });

  test('finds it among all runs by what it waits for', async () => {
    const address = ui.page.url();
    await ui.find("SwitchbackGroup = 'shop' AND SwitchbackWaitingFor = 'cutover'", [run.workflowId]);
    await screenshot('find-waiting');
    await ui.page.getByRole('link', { name: run.workflowId }).click();
    await ui.page.getByTestId('workflow-id-heading').waitFor();
    expect(path.dirname(ui.page.url())).toBe(path.dirname(address));
  });

  test('sees an update refused with the reason and no stack, when somebody decides who may not', async () => {
    const dialog = await ui.fillMessage('Update', 'decide', approvalOf('eve@example.com'));
    const reason = await ui.sendInVain(dialog, () => screenshot('refused'));
    expect(reason.trim()).toBe(
      '"eve@example.com" may not decide at gate "cutover"; it asks ana@example.com, bo@example.com',
    );
  });

  test('reads in the current details why a signal was refused', async () => {
    await ui.send(await ui.fillMessage('Signal', 'decide', approvalOf('eve@example.com')));
    // The page makes its quotation marks nicer.
    expect(await ui.currentDetails('Last message refused')).toMatch(
      /refused: decide: .eve@example\.com. may not decide/,
    );
    expect(await run.query('timeline')).toContainEqual(expect.objectContaining({ kind: 'message-refused' }));
  });

  test('approves with a signal', async () => {
    const dialog = await ui.fillMessage('Signal', 'decide', approvalOf('ana@example.com'));
    await screenshot('approve');
    await ui.send(dialog);
    expect(await ui.currentDetails('Approved by ana@example.com')).toContain('Missing: 1 of owners');
  });

  test('approves with an update, which opens the gate', async () => {
    await ui.send(await ui.fillMessage('Update', 'decide', approvalOf('bo@example.com')));
    await lab.until(run, ({ steps }) => steps.some(({ id, status }) => id === 'approval/cutover' && status === 'done'));
  });

  test('sees that a step has failed, and retries it when the cause is mended', async () => {
    const details = await ui.currentDetails('Waiting for failed step');
    expect(details).toContain('check-health/web@alpha');
    await screenshot('failed-step');
    lab.world.heal();
    await ui.send(await ui.fillMessage('Update', 'retry', { by: 'ana@example.com' }));
    await expect(run.result()).resolves.toMatchObject({ verdict: 'completed' });
    expect(await lab.state()).toMatchObject({ phase: 'Protected', activeSite: 'primary' });
  });

  test('finds the runs of a group by how they ended', async () => {
    const ended = "SwitchbackGroup = 'shop' AND SwitchbackOutcome = 'completed'";
    await ui.find(`${ended} AND SwitchbackOperation = 'failback'`, [run.workflowId]);
    await ui.find(ended, ['failover/shop/1', 'reprotect/shop/2', run.workflowId]);
    await screenshot('find-runs');
  });
});

describe('a person starts the drill of a schedule', () => {
  const schedule = 'schedule/shop/quarterly-drill';

  test('by the menu of the schedule', async () => {
    const { code, notes } = await runCommand(['schedule', 'apply', 'shop'], { TEMPORAL_ADDRESS: lab.address });
    expect([code, notes]).toEqual([0, '']);
    await ui.openSchedule(schedule);
    await ui.trigger(() => screenshot('schedule'));
    const drill = await only("WorkflowType = 'drill'");
    expect(drill).toMatch(/^drill\/shop\/quarterly-drill-\d{4}-/);
    await expect(lab.client.workflow.getHandle(drill).result()).resolves.toMatchObject({ verdict: 'completed' });
    expect(await lab.state()).toMatchObject({ phase: 'Protected', activeSite: 'primary' });
  });

  test('and says at its attestation whether it passed', async () => {
    const attestation = await only("WorkflowType = 'attestation'");
    await ui.find("WorkflowType = 'attestation' AND SwitchbackOutcome = 'unattested'", [attestation]);
    await ui.page.getByRole('link', { name: attestation, exact: true }).click();
    expect(await ui.currentDetails('waits to be attested')).toContain('"verdict":"passed"');
    await screenshot('attestation');
    const notes = 'orders of the morning were there';
    await ui.send(await ui.fillMessage('Update', 'attest', { by: 'ana@example.com', verdict: 'passed', notes }));
    await lab.client.workflow.getHandle(attestation).result();
    expect((await lab.state()).drills).toMatchObject({ passed: 1, failed: 0, unattested: [] });
  });
});

test('no page asked for anything beyond this machine', () => {
  expect(browser.strayRequests).toEqual([]);
});

test('the guide shows every picture that was taken, and no other', () => {
  const guide = readFileSync(path.join(__dirname, '..', '..', 'docs', 'guide', 'web-ui.md'), 'utf8');
  const shown = [...guide.matchAll(/\]\(images\/([\w.-]+)\)/g)].map(([, file]) => file);
  expect(shown.sort()).toEqual([...screenshots.taken].sort());
});
