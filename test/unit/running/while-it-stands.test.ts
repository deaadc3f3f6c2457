import type { WorkloadStanding } from '../../../core/model/standing';
import { SwitchbackFailure } from '../../../core/model/failure';
import { whileItStands } from '../../../core/running/while-it-stands';

const whole = (incarnation: string): WorkloadStanding => ({ lacks: [], incarnation, saw: `pod ${incarnation}` });
const short = (incarnation: string): WorkloadStanding => ({ ...whole(incarnation), lacks: ['1 of 2 pods Ready'] });

/** Looks as they are given, the last one again and again; each take 10 ms. */
function watched(looks: readonly WorkloadStanding[], checks: () => Promise<string> = async () => 'passed') {
  let ms = 0;
  let looked = 0;
  let checked = 0;
  const look = async (): Promise<WorkloadStanding> => {
    ms += 10;
    looked += 1;
    return looks[Math.min(looked, looks.length) - 1] ?? whole('none');
  };
  const run = async () =>
    whileItStands(
      look,
      () => {
        checked += 1;
        return checks();
      },
      {
        title: 'orders at "alpha"',
        withinSeconds: 2,
        signal: new AbortController().signal,
        sleep: async (pause) => {
          ms += pause;
        },
        now: () => ms,
        tell: () => undefined,
      },
    );
  return { run, checked: () => checked };
}

test('a workload that is whole before and after is checked once', async () => {
  const { run, checked } = watched([whole('a')]);
  expect(await run()).toEqual({ passed: 'passed', standing: whole('a') });
  expect(checked()).toBe(1);
});

test('what lacks something is not checked before it lacks nothing', async () => {
  const { run, checked } = watched([short('a'), short('a'), whole('a')]);
  await run();
  expect(checked()).toBe(1);
});

test('checks that were passed by an instance that is gone are made anew', async () => {
  const { run, checked } = watched([whole('a'), whole('b')]);
  expect(await run()).toMatchObject({ standing: whole('b') });
  expect(checked()).toBe(2);
});

test('checks that were passed while a part of the workload went away are made anew', async () => {
  const { run, checked } = watched([whole('a'), short('a'), whole('a')]);
  expect(await run()).toMatchObject({ standing: whole('a') });
  expect(checked()).toBe(2);
});

test('half the replicas: Unhealthy, with how many there are', async () => {
  await expect(watched([short('a')]).run()).rejects.toMatchObject({
    code: 'Unhealthy',
    message: 'orders at "alpha" was not whole within 2 s: 1 of 2 pods Ready',
  });
});

test('what is started anew again and again is never healthy', async () => {
  const looks = Array.from({ length: 40 }, (_, at) => whole(String(at)));
  await expect(watched(looks).run()).rejects.toMatchObject({
    message: expect.stringMatching(/its instances changed \d+ times while it was checked/) as string,
  });
});

test('checks that failed while it was started anew say so', async () => {
  const failing = async (): Promise<string> => {
    throw new SwitchbackFailure('Unhealthy', 'check "orders" did not pass');
  };
  await expect(watched([whole('a'), whole('b')], failing).run()).rejects.toMatchObject({
    message: 'check "orders" did not pass; meanwhile: its instances changed while it was checked; pod b',
  });
});
