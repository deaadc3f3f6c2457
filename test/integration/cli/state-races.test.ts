import '../patience';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { leaveMoved } from '../../../cli/temporal/moved-state';
import { withSession } from '../../../cli/temporal/session';
import type { GroupStatus } from '../../../cli/views/group-status';
import type { ProtectionState } from '../../../core/model/protection';
import type { Outcome } from '../../unit/cli/run-command';
import { until } from '../faults/until';
import { startInstallation, type Installation } from './installation';

/** Something happens to a group while a command that goes by its state is on its way; each test goes on where the one before stopped. */
let lab: Installation;
let folder: string;
let file: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-races-'));
  file = path.join(folder, 'shop.json');
  lab = await startInstallation();
  await until('the group is protected', async () => (await group()).state?.phase === 'Protected');
  // A run that is kept: what was only found at the sites may be replaced at any time.
  await declinedRun('failover/shop/first');
  await lab.cli('state', 'export', 'shop', '--out', file);
}, 1_300_000);
afterAll(async () => {
  await lab.stop();
  await rm(folder, { recursive: true, force: true });
});

const group = async (): Promise<GroupStatus> =>
  ((await lab.json('status', 'shop')).value as GroupStatus[])[0] as GroupStatus;

async function state(): Promise<ProtectionState> {
  const known = (await group()).state;
  if (known === undefined) throw new Error('the group is not known');
  return known;
}

async function heldRun(workflowId: string): Promise<void> {
  await lab.cli('run', 'failover', 'shop', '--workflow-id', workflowId);
  await lab.cli('wait', workflowId, '--for', 'gate=cutover');
}

async function declinedRun(workflowId: string): Promise<void> {
  await heldRun(workflowId);
  await lab.cli('reject', workflowId, '--by', 'bo@example.com', '--comment', 'not now');
  await lab.cli('wait', workflowId);
}

/** An import has read the state and looks at the sites. */
const importLooks = (): Promise<boolean> =>
  withSession({ address: lab.address }, {}, async ({ client }) => {
    for await (const { workflowId } of client.workflow.list({ query: 'WorkflowType="inspect"' })) {
      const { raw } = await client.workflow.getHandle(workflowId).describe();
      if (raw.pendingActivities?.some(({ activityType }) => activityType?.name === 'observeSite')) return true;
    }
    return false;
  });

/** Imports the file; while it looks at the sites, something else happens. */
async function importWhile(happens: () => Promise<void>): Promise<Outcome> {
  const { workload } = lab.world;
  const inspect = workload.inspect.bind(workload);
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  workload.inspect = async (...args) => {
    await held;
    return inspect(...args);
  };
  const importing = lab.cli('state', 'import', file, '--replace');
  try {
    await until('the import looks', importLooks);
    // What looks from now on is not held up.
    workload.inspect = inspect;
    await happens();
  } finally {
    letGo();
  }
  return importing;
}

test('an operation that takes the group while an import looks at the sites keeps it', async () => {
  await declinedRun('failover/shop/second');
  const { code, notes } = await importWhile(() => heldRun('failover/shop/held'));
  expect([code, notes]).toEqual([4, expect.stringContaining('is held by failover failover/shop/held')]);
  expect(await state()).toMatchObject({ holder: { workflowId: 'failover/shop/held' } });
  await lab.cli('reject', 'failover/shop/held', '--by', 'bo@example.com', '--comment', 'not now');
  await lab.cli('wait', 'failover/shop/held');
  expect((await state()).runs.map(({ workflowId }) => workflowId)).toEqual([
    'failover/shop/held',
    'failover/shop/second',
    'failover/shop/first',
  ]);
});

test('what an operation leaves that began and ended meanwhile is not forgotten', async () => {
  const { code, notes } = await importWhile(() => declinedRun('failover/shop/third'));
  expect([code, notes]).toEqual([4, expect.stringContaining('has changed since it was looked at')]);
  expect((await state()).runs[0]).toMatchObject({ workflowId: 'failover/shop/third' });
});

test('a group that has changed since its state was read for a move stays here', async () => {
  const read = await state();
  await declinedRun('failover/shop/fourth');
  const moving = withSession({ address: lab.address }, {}, (session) =>
    leaveMoved(session, { runbook: 'shop', state: read }, 'a'.repeat(64)),
  );
  await expect(moving).rejects.toMatchObject({ code: 'GroupBusy' });
  expect(await state()).not.toHaveProperty('moved');
});

test('when nothing happens meanwhile the state is replaced, and the group is looked after with it', async () => {
  const { code, out } = await importWhile(() => Promise.resolve());
  expect([code, out]).toEqual([0, expect.stringContaining('shop: imported: Protected, epoch 1')]);
  const imported = await state();
  expect(imported.runs.map(({ workflowId }) => workflowId)).toEqual(['failover/shop/first']);
  const { lastPassAt = '' } = imported.replication;
  await until('a pass was made', async () => ((await state()).replication.lastPassAt ?? '') > lastPassAt);
});
