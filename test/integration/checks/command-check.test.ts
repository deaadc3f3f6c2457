import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Probing, probing } from '../../unit/drivers/check-probing';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'switchback-command-'));
});

afterEach(async () => rm(folder, { recursive: true }));

async function script(name: string, lines: string): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, `#!/bin/sh\n${lines}\n`);
  await chmod(file, 0o755);
  return file;
}

async function run(lines: string, args: readonly string[] = [], more: Probing = {}) {
  const file = await script('check.sh', lines);
  return probing({ kind: 'command', command: [file, ...args] }, { allowedCommands: [file], ...more });
}

/** Waits until the process is gone: a killed one needs a moment to be reaped. */
async function untilGone(pid: number): Promise<void> {
  for (;;) {
    const alive = await readFile(`/proc/${pid}/stat`, 'utf8').then(
      (stat) => !/\) Z /.test(stat),
      () => false,
    );
    if (!alive) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('exit code 0 passes, and the end of the output is told', async () => {
  expect(await run('echo first; echo "all 3 orders are there"')).toMatchObject({
    ok: true,
    saw: 'exit code 0: first all 3 orders are there',
  });
});

test.each([
  ['another exit code', 'echo missing >&2; exit 3', 'exit code 3: missing'],
  ['a signal', 'kill -TERM $$', 'ended by SIGTERM'],
])('%s fails', async (_case, lines, saw) => {
  expect(await run(lines)).toMatchObject({ ok: false, saw });
});

test.each([
  ['not on the list', ['/bin/rm', '-rf', '/']],
  ['without a path', ['true']],
  ['with a relative path', ['./true']],
  ['with a path that goes up', ['/usr/bin/../bin/true']],
  ['a shell line', ['/bin/true; echo']],
  ['nothing', []],
])('a command that is %s can never be right', async (_case, command) => {
  const call = probing(
    { kind: 'command', command },
    { allowedCommands: ['/bin/true', '/usr/bin/true', 'true', './true'] },
  );
  await expect(call).rejects.toMatchObject({ code: 'CommandNotAllowed' });
});

test.each(['; exit 1', '$(exit 1)', '`exit 1`', '| false', '&& false', '> /dev/null', '*', '${site}', "'; false; '"])(
  'the argument %s reaches the program as it is: there is no shell',
  async (argument) => {
    expect(await run('printf "%s" "$1"', [argument])).toMatchObject({ ok: true, saw: `exit code 0: ${argument}` });
  },
);

test('the program gets nothing of the environment of the worker, only what it may know', async () => {
  process.env['SWITCHBACK_TEST_CANARY'] = 'canary';
  const seen = await run(
    'env | cut -d= -f1 | sort | grep -v -e "^_$" -e PWD -e SHLVL -e OLDPWD | tr "\\n" " "',
  ).finally(() => {
    delete process.env['SWITCHBACK_TEST_CANARY'];
  });
  const names = 'LANG PATH SWITCHBACK_ADDRESS SWITCHBACK_EPOCH SWITCHBACK_GROUP SWITCHBACK_SITE';
  expect(seen).toMatchObject({ ok: true, saw: `exit code 0: ${names}` });
});

test('a secret of the worker that a program prints is not told', async () => {
  const environment = { SHOP_PASSWORD: 'correct-horse' };
  const seen = await run('echo "password is correct-horse"; exit 1', [], { environment });
  expect(seen.saw).toBe('exit code 1: password is ***');
});

test('when the time is over, the whole process group is ended', async () => {
  const pids = path.join(folder, 'pids');
  const lines = `sh -c 'trap "" TERM; sleep 600' & echo $! $$ > ${pids}.new; mv ${pids}.new ${pids}; trap "" TERM; wait; sleep 600`;
  const seen = await run(lines, [], { timeoutMs: 400 });
  expect(seen).toMatchObject({ ok: false, saw: 'no answer within 400 ms' });
  const started = (await readFile(pids, 'utf8')).trim().split(' ').map(Number);
  expect(started).toHaveLength(2);
  for (const pid of started) await untilGone(pid);
});

test('a program that leaves another one behind is not waited for, and what it left is ended', async () => {
  const pids = path.join(folder, 'pids');
  expect(await run(`sleep 600 & echo $! > ${pids}; echo done`)).toMatchObject({ ok: true, saw: 'exit code 0: done' });
  await untilGone(Number(await readFile(pids, 'utf8')));
});

test('a cancelled call ends the program with the reason', async () => {
  const controller = new AbortController();
  const call = run('exec sleep 600', [], { timeoutMs: 600_000, signal: controller.signal });
  setTimeout(() => controller.abort(new Error('no longer needed')), 50);
  await expect(call).rejects.toThrow('no longer needed');
});

test('endless output is read and forgotten; its end is told', async () => {
  const seen = await run('head -c 50000000 /dev/zero | tr "\\0" "x"; echo; echo the end');
  expect(seen.ok).toBe(true);
  expect(seen.saw).toMatch(/x the end$/);
  expect(seen.saw.length).toBeLessThan(400);
});

test('a program that cannot be run fails', async () => {
  const file = path.join(folder, 'nothing');
  const seen = await probing({ kind: 'command', command: [file] }, { allowedCommands: [file] });
  expect(seen).toMatchObject({ ok: false, saw: expect.stringMatching(/ENOENT/) as string });
});
