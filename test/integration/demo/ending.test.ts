import { startProgram, TestHome } from './program';

let home: TestHome;

beforeEach(() => {
  home = new TestHome();
});

afterEach(() => home.remove());

const working = /▶ planned failover/;
const started = /customers order/;

test.each([
  ['SIGINT while it starts', 'SIGINT', started, 130],
  ['SIGINT in the middle of a run', 'SIGINT', working, 130],
  ['SIGTERM', 'SIGTERM', working, 143],
] as const)(
  '%s ends everything that the demo started, with the exit code of the signal',
  async (_, signal, when, code) => {
    const demo = startProgram('demo/main.ts', '--home', home.folder);
    await demo.untilSaid(when);
    demo.signal(signal);
    await demo.ended;
    expect(demo.said()).toMatch(/stopping all that was started\nstopped; everything is kept in \S+\n$/);
    expect(await demo.ended).toBe(code);
    await home.untilNoProcess();
  },
);

test('a second ctrl-c does not stop the cleaning up', async () => {
  const demo = startProgram('demo/main.ts', '--home', home.folder);
  await demo.untilSaid(started);
  demo.signal('SIGINT');
  await demo.untilSaid(/stopping/);
  demo.signal('SIGINT');
  expect(await demo.ended).toBe(130);
  await home.untilNoProcess();
});

test('a demo that is killed leaves no process behind', async () => {
  const demo = startProgram('demo/main.ts', '--home', home.folder);
  await demo.untilSaid(working);
  expect(home.processes().length).toBeGreaterThan(5);
  demo.signal('SIGKILL');
  await demo.ended;
  await home.untilNoProcess();
});

test('when the worker dies, the demo fails and says so, instead of waiting for ever', async () => {
  const demo = startProgram('demo/main.ts', '--home', home.folder);
  await demo.untilSaid(working);
  const [, pid = ''] = /the worker \(process (\d+)\)/.exec(demo.said()) ?? [];
  process.kill(Number(pid), 'SIGKILL');
  expect(await demo.ended).toBe(7);
  expect(demo.said()).toContain('NoWorker: the worker ended with SIGKILL');
  await home.untilNoProcess();
});
