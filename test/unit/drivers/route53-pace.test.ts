import { RequestPace } from '../../../drivers/route53/request-pace';
import { createRoute53Client } from '../../../drivers/route53/route53-client';

const mockPauses: number[] = [];
jest.mock('node:timers/promises', () => ({ setTimeout: async (ms: number) => void mockPauses.push(ms) }));

beforeEach(() => {
  mockPauses.splice(0);
  jest.useFakeTimers();
});
afterEach(() => jest.useRealTimers());

const requests = async (pace: RequestPace, count: number): Promise<readonly number[]> => {
  mockPauses.splice(0);
  for (let sent = 0; sent < count; sent += 1) await pace.turn();
  return [...mockPauses];
};

test('25 requests go at once, and five a second after that, each later than the one before', async () => {
  const pace = new RequestPace();
  expect(await requests(pace, 25)).toEqual([]);
  expect(await requests(pace, 5)).toEqual([200, 400, 600, 800, 1_000]);
});

test('a pause gives five a second back, up to 25', async () => {
  const pace = new RequestPace();
  await requests(pace, 25);
  jest.advanceTimersByTime(1_000);
  expect(await requests(pace, 6)).toEqual([200]);
  jest.advanceTimersByTime(3_600_000);
  expect(await requests(pace, 26)).toEqual([200]);
});

test('the client sends less the more the service says that it is too much, and tries five times', async () => {
  const { config } = createRoute53Client({});
  const strategy = (await config.retryStrategy()) as { readonly mode?: string };
  expect(strategy.mode).toBe('adaptive');
  expect(await config.maxAttempts()).toBe(5);
});
