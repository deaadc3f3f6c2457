import type { CheckObservation, CheckSpec } from '../../../core/model/check';
import { untilHealthy } from '../../../core/running/until-healthy';

const check: CheckSpec = {
  name: 'orders',
  probe: { kind: 'tcp', port: 1 },
  timeoutMs: 100,
  intervalMs: 500,
  successes: 3,
  withinSeconds: 5,
};

/** Answers come from `pattern`, "+" passes and "-" fails, its last one again and again; each try takes 100 ms. */
function simulated(pattern: string, more: Partial<CheckSpec> = {}, controller = new AbortController()) {
  let ms = 0;
  let tries = 0;
  const probeOnce = async (): Promise<CheckObservation> => {
    const ok = (pattern[tries] ?? pattern.at(-1)) === '+';
    tries += 1;
    ms += 100;
    return { check: check.name, ok, saw: `try ${tries}`, latencyMs: 100, observedAt: new Date(ms).toISOString() };
  };
  const messages: string[] = [];
  const watch = {
    signal: controller.signal,
    progress: ({ doing, done, total }: { doing: string; done: number; total: number }) =>
      messages.push(`${doing} ${done}/${total}`),
    sleep: async (pause: number, signal: AbortSignal) => {
      signal.throwIfAborted();
      ms += pause;
    },
    now: () => ms,
  };
  return { run: async () => untilHealthy({ ...check, ...more }, probeOnce, watch), messages, tries: () => tries };
}

test.each([
  ['+++', 3, 'passes at once'],
  ['--+++', 5, 'fails at first'],
  ['+-+++++', 7, 'flapping: after a failure among passes it takes more of them'],
])('passes after as many successes in a row as asked for: %s takes %i tries (%s)', async (pattern, tries) => {
  expect(await simulated(pattern).run()).toMatchObject({ tries, last: { ok: true, saw: `try ${tries}` } });
});

test.each(['-', '+-+-+-+-+-', '++-++-++-++-'])(
  'never healthy, seen as %s: Unhealthy with what was seen last',
  async (pattern) => {
    const { run, tries } = simulated(pattern);
    await expect(run()).rejects.toMatchObject({
      code: 'Unhealthy',
      message: expect.stringMatching(/try \d+$/) as string,
    });
    // 5 s hold nine tries of 100 ms with pauses of 500 ms; no tenth begins after them.
    expect(tries()).toBe(9);
  },
);

test('what flapped is told', async () => {
  await expect(simulated('+-+-+-+-+-').run()).rejects.toMatchObject({
    message: expect.stringContaining('it flaps: 4 failed right after one that had passed') as string,
  });
});

test('passes must go on for as long as is asked', async () => {
  expect(await simulated('+', { steadyMs: 2_000 }).run()).toMatchObject({ tries: 5, elapsedMs: 2_500 });
});

test('every try is told, with the successes so far and those that it takes', async () => {
  const { run, messages } = simulated('--+++');
  await run();
  expect(messages.map((message) => message.slice(-3))).toEqual(['0/3', '0/3', '1/3', '2/3', '3/3']);
});

test('a cancelled signal ends the wait with its reason', async () => {
  const controller = new AbortController();
  const { run, messages } = simulated('-', {}, controller);
  const call = run();
  controller.abort(new Error('no longer needed'));
  await expect(call).rejects.toThrow('no longer needed');
  expect(messages.length).toBeLessThanOrEqual(1);
});

test('a check that can never be right ends the wait at once', async () => {
  let tries = 0;
  const never = async (): Promise<CheckObservation> => {
    tries += 1;
    throw new Error('not allowed');
  };
  const watch = {
    signal: new AbortController().signal,
    progress: () => undefined,
    sleep: async () => undefined,
    now: () => 0,
  };
  await expect(untilHealthy(check, never, watch)).rejects.toThrow('not allowed');
  expect(tries).toBe(1);
});
