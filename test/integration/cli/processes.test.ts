import '../patience';
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import net from 'node:net';
import path from 'node:path';

const root = path.join(__dirname, '../../..');

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly notes: string;
}

const started = new Set<ChildProcessWithoutNullStreams>();
afterEach(() => {
  for (const child of started) child.kill('SIGKILL');
  started.clear();
});

function start(args: readonly string[]): { child: ChildProcessWithoutNullStreams; ended: Promise<Ended> } {
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'] };
  const child = spawn(process.execPath, args, { cwd: root, env });
  started.add(child);
  let out = '';
  let notes = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (notes += chunk.toString()));
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, out, notes })));
  return { child, ended };
}

const switchback = (...args: readonly string[]): Promise<Ended> => start(['bin/switchback.js', ...args]).ended;

/** An address on which nothing listens. */
async function deadAddress(): Promise<string> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `127.0.0.1:${port}`;
}

test('the program prints its help, and ends with 3 at what it does not know', async () => {
  expect(await switchback('--help')).toMatchObject({ code: 0, out: expect.stringContaining('Usage: switchback') });
  expect(await switchback('wath')).toMatchObject({ code: 3, notes: expect.stringContaining('Did you mean watch?') });
});

test.each(['--help', 'run --help', 'explain GroupBusy'])(
  '%s loads neither the Temporal client nor the schemas of runbooks',
  async (line) => {
    const script =
      'process.on("exit", () => console.error(Object.keys(require.cache).filter((file) => ' +
      '/node_modules.(@temporalio|zod|yaml|log-update)./.test(file)).length));' +
      'require("./bin/switchback.js")';
    const { code, notes } = await start(['-e', script, '--', 'switchback', ...line.split(' ')]).ended;
    expect({ code, notes }).toEqual({ code: 0, notes: '0\n' });
  },
);

test('where no server is, it says so within 5 s of asking, with the address and how to start one, and ends with 7', async () => {
  const address = await deadAddress();
  const before = performance.now();
  const { code, notes, out } = await switchback('status', '--json', '--address', address);
  expect(performance.now() - before).toBeLessThan(10_000);
  expect(code).toBe(7);
  expect(notes).toContain(`TemporalUnavailable: No Temporal server answers at ${address}`);
  expect(notes).toContain('switchback dev');
  expect(JSON.parse(out)).toMatchObject({ error: { code: 'TemporalUnavailable' } });
});

test('the doctor says the same as a check, and ends with 7', async () => {
  const { code, out } = await switchback('doctor', '--address', await deadAddress());
  expect(code).toBe(7);
  expect(out).toContain('✗ server-answers');
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s reaches a program that runs as a child, and its exit code comes back',
  async (signal) => {
    const script =
      'require("tsx/cjs"); const { runChildProgram } = require("./cli/child-program");' +
      'void runChildProgram("test/integration/cli/obedient-program.ts", { args: ["5"], env: process.env })' +
      '.then((code) => (process.exitCode = code))';
    const { child, ended } = start(['-e', script]);
    await new Promise<void>((resolve) =>
      child.stdout.on('data', (chunk: Buffer) => {
        if (chunk.toString().includes('ready')) resolve();
      }),
    );
    child.kill(signal);
    expect(await ended).toMatchObject({ code: 5, out: `ready\nended in order by ${signal}\n` });
  },
);

test('whoever stops reading the output ends the command, and gets no fault to read', async () => {
  const { child, ended } = start(['bin/switchback.js', 'help', 'report']);
  child.stdout.destroy();
  await expect(ended).resolves.toMatchObject({ code: 0, notes: '' });
});
