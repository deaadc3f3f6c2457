import '../patience';
import { MockActivityEnvironment } from '@temporalio/testing';
import { controlActivities, type ControlParts } from '../../../activities/control-activities';
import type { ReleaseRequest } from '../../../activities/group-contract';
import { GroupClient } from '../../../activities/group-client';
import { observeActivities } from '../../../workers/telemetry/observe-activities';
import { startMemoryLab, type MemoryLab } from '../workflows/memory-lab';
import { tinyRunbook } from '../workflows/tiny-runbook';

let lab: MemoryLab;
beforeAll(async () => {
  lab = await startMemoryLab(tinyRunbook());
}, 1_300_000);
afterAll(() => lab?.tearDown());

test('a release that is attempted again, because its end was lost, counts its run once', async () => {
  const groups = new GroupClient(lab.client.workflow);
  const at = new Date().toISOString();
  const run = { workflowId: 'failover/tiny/1', runId: 'r1', operation: 'failover' } as const;
  await groups.acquire({ group: 'tiny', runbook: 'tiny', holder: { ...run, since: at } });
  const counted: (readonly string[])[] = [];
  const figures = { stepEnded: () => undefined, runEnded: (...of: readonly string[]) => counted.push(of) };
  const { releaseGroup } = controlActivities({ groups } as ControlParts);
  const request: ReleaseRequest = {
    ...{ group: 'tiny', holder: { ...run, since: at }, phase: 'Protected', epoch: 1, activeSite: 'primary' },
    summary: { ...run, verdict: 'declined', startedAt: at, finishedAt: at },
    because: 'not now',
  };
  const attempt = (number: number): Promise<unknown> =>
    new MockActivityEnvironment(
      { activityType: 'releaseGroup', attempt: number },
      { interceptors: [observeActivities({ figures })] },
    ).run(releaseGroup, request);
  expect([await attempt(1), await attempt(2), await attempt(3)]).toEqual([true, false, false]);
  expect(counted).toEqual([['tiny', 'failover', 'declined']]);
  expect((await lab.state()).runs).toHaveLength(1);
});
