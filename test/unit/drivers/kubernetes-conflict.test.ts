import { againOnConflict } from '../../../drivers/kubernetes/client/again-on-conflict';
import { KubeError } from '../../../drivers/kubernetes/client/kube-error';

const mockPauses: number[] = [];
jest.mock('node:timers/promises', () => ({ setTimeout: async (ms: number) => void mockPauses.push(ms) }));

const conflict = new KubeError(409, 'Conflict', 'the object has been modified');
const going = new AbortController().signal;
const longest = [25, 50, 100, 200, 400, 800, 1_600, 2_000, 2_000, 2_000, 2_000];

function expectGrowing(pauses: readonly number[]): void {
  for (const [index, ms] of pauses.entries()) {
    expect(ms).toBeGreaterThanOrEqual((longest[index] ?? 0) / 2);
    expect(ms).toBeLessThanOrEqual(longest[index] ?? 0);
  }
}

beforeEach(() => mockPauses.splice(0));

test('a request that meets conflicts is repeated after pauses that grow', async () => {
  let tries = 0;
  const written = againOnConflict(going, async () => {
    tries += 1;
    if (tries < 6) throw conflict;
    return 'written';
  });
  await expect(written).resolves.toBe('written');
  expect(mockPauses).toHaveLength(5);
  expectGrowing(mockPauses);
});

test('conflicts without an end end with what the server said, and with what to do', async () => {
  const message =
    /^the object has been modified \(somebody else changed it at each of 12 tries; find out .* and retry\)$/;
  await expect(againOnConflict(going, () => Promise.reject(conflict))).rejects.toMatchObject({
    status: 409,
    reason: 'Conflict',
    message: expect.stringMatching(message),
  });
  expect(mockPauses).toHaveLength(longest.length);
  expectGrowing(mockPauses);
});

test('another answer is not repeated, nor is anything after the end of the run', async () => {
  const refused = new KubeError(422, 'Invalid', 'no');
  await expect(againOnConflict(going, () => Promise.reject(refused))).rejects.toBe(refused);
  const run = new AbortController();
  let tries = 0;
  const aborted = againOnConflict(run.signal, async () => {
    tries += 1;
    run.abort(new Error('the run was aborted'));
    throw conflict;
  });
  await expect(aborted).rejects.toThrow('the run was aborted');
  expect(tries).toBe(1);
});
