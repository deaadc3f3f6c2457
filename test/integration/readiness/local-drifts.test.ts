import '../patience';
import type { ProtectionState } from '../../../core/model/protection';
import { until } from '../faults/until';
import { expectFound } from './drift';
import { localDrifts } from './local-drifts';
import { startLocalLab, type LocalLab } from './local-lab';

let there: LocalLab;
beforeAll(async () => {
  there = await startLocalLab();
  const known = async () => (await there.runs.state()) as ProtectionState | null;
  await until('the standby has its data', async () => (await known())?.replication.lastPassAt !== undefined);
});
afterAll(async () => there?.tearDown());

const ready = { state: 'Ready', reasons: [], evaluatedAt: expect.any(String), tookSeconds: expect.any(Number) };

test('without a drift the group is Ready', async () => {
  await expect(there.evaluate()).resolves.toEqual({ ...ready, runbookHash: expect.stringMatching(/^[0-9a-f]{64}$/) });
});

test.each(localDrifts.map((drift) => [drift.name, drift] as const))(
  'found within one evaluation, with what to do: %s',
  async (_name, drift) => {
    await expectFound(there, drift, there.evaluate);
    await expect(there.evaluate()).resolves.toMatchObject({ state: 'Ready', reasons: [] });
  },
);
