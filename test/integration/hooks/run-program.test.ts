import '../patience';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { runProgram } from '../../../activities/hooks/run-program';
import { readProcessTable } from '../../../drivers/local/workloads/process-table';
import { until } from '../faults/until';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-hook-'));
});

afterAll(() => rm(folder, { recursive: true }));

const environment = { PATH: '/usr/bin:/bin', WORD: 'from the worker' };
const patient = new AbortController().signal;

const sh = (script: string, signal = patient) =>
  runProgram({ command: ['/bin/sh', '-c', script, 'sh', folder], environment, signal });

const alive = (pid: number): boolean => readProcessTable().find(pid) !== undefined;

const pidsIn = async (file: string): Promise<readonly number[]> => {
  const text = await readFile(path.join(folder, file), 'utf8').catch(() => '');
  return text.split('\n').filter(Boolean).map(Number);
};

/** A process with two children that never end, one of them deaf to SIGTERM; says who they are. */
const tree = (file: string): string =>
  `sh -c 'trap "" TERM; echo $$ >> "$0/${file}"; while :; do sleep 1; done' "$1" & ` +
  `sh -c 'echo $$ >> "$0/${file}"; exec sleep 600' "$1" & echo $$ >> "$1/${file}"; wait`;

test('gives exit code, and output and error output', async () => {
  const end = await sh('echo "$WORD"; echo wrong >&2; exit 3');
  expect(end).toMatchObject({ ok: false, how: 'exit code 3' });
  expect(end.tail.toString()).toContain('from the worker\n');
  expect(end.tail.toString()).toContain('wrong\n');
  expect(await sh('exit 0')).toMatchObject({ ok: true, how: 'exit code 0', bytes: 0 });
});

test('has the given environment and nothing else, and no shell reads its arguments', async () => {
  const { tail } = await runProgram({ command: ['/usr/bin/env'], environment, signal: patient });
  expect(tail.toString().trim().split('\n').sort()).toEqual(['PATH=/usr/bin:/bin', 'WORD=from the worker']);
  const echoed = await runProgram({ command: ['/bin/echo', '$WORD', '; true', '`id`'], environment, signal: patient });
  expect(echoed.tail.toString()).toBe('$WORD ; true `id`\n');
});

test('of the output the last 64 KiB are kept', async () => {
  const { tail, bytes } = await sh(
    'i=0; while [ $i -lt 3000 ]; do echo "line $i of the output, padded to 40 bytes"; i=$((i+1)); done',
  );
  expect(bytes).toBeGreaterThan(100_000);
  expect(tail).toHaveLength(64 * 1024);
  expect(tail.toString()).toMatch(/line 2999 of the output, padded to 40 bytes\n$/);
});

test('a program that is not there is told as such', async () => {
  const command = [path.join(folder, 'nothing')];
  expect(await runProgram({ command, environment, signal: patient })).toMatchObject({
    ok: false,
    how: 'could not be run: ENOENT',
  });
});

test('when it is aborted the whole tree ends, what is deaf to SIGTERM included', async () => {
  const aborted = new AbortController();
  const running = sh(tree('aborted'), aborted.signal);
  await until('the tree is there', async () => (await pidsIn('aborted')).length === 3);
  aborted.abort();
  expect(await running).toMatchObject({ ok: false, how: 'ended by SIGTERM' });
  expect((await pidsIn('aborted')).filter(alive)).toEqual([]);
});

test('what it leaves behind in its group ends with it', async () => {
  await sh('sleep 600 >/dev/null 2>&1 & echo $! > "$1/left"');
  const left = await pidsIn('left');
  expect(left).toHaveLength(1);
  await until('it has ended', () => !left.some(alive));
});

test('when the worker is killed the whole tree ends', async () => {
  const script = path.join(folder, 'worker.ts');
  const product = path.resolve(__dirname, '../../../activities/hooks/run-program.ts');
  const command = ['/bin/sh', '-c', tree('orphaned'), 'sh', folder];
  await writeFile(
    script,
    `require(${JSON.stringify(product)}).runProgram({ command: ${JSON.stringify(command)}, environment: process.env, signal: new AbortController().signal });`,
  );
  const worker = spawn(process.execPath, ['--require', require.resolve('tsx/cjs'), script], { stdio: 'ignore' });
  await until('the tree is there', async () => (await pidsIn('orphaned')).length === 3);
  worker.kill('SIGKILL');
  await once(worker, 'exit');
  const pids = await pidsIn('orphaned');
  await until('the tree has ended', () => !pids.some(alive));
});

test('when its supervisor is killed the tree ends as well, and that is told', async () => {
  const running = sh(tree('unsupervised'));
  await until('the tree is there', async () => (await pidsIn('unsupervised')).length === 3);
  const pids = await pidsIn('unsupervised');
  const parents = pids.map((pid) =>
    Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' })),
  );
  const supervisor = parents.find((parent) => !pids.includes(parent));
  process.kill(supervisor ?? 0, 'SIGKILL');
  expect(await running).toMatchObject({ ok: false, how: 'its supervisor was killed' });
  await until('the tree has ended', () => !pids.some(alive));
});
