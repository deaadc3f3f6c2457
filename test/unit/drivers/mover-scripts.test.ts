import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { scriptOf, treeScript } from '../../../drivers/kubernetes/volumes/jobs/scripts';

let root: string;
let volume: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'switchback-mover-'));
  volume = path.join(root, 'volume');
  for (const name of ['volume', 'tmp', 'points']) mkdirSync(path.join(root, name));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const placed = (script: string): string =>
  script.replaceAll('/mnt/', `${root}/`).replaceAll('/dev/termination-log', `${root}/result`);

/** Runs a script as its pod would, with the folders of a pod below `root`. Gives what it has said as its result. */
function run(script: string, env: Readonly<Record<string, string>> = {}) {
  rmSync(path.join(root, 'result'), { force: true });
  rmSync(path.join(root, 'tmp'), { recursive: true });
  mkdirSync(path.join(root, 'tmp'));
  const all = { PATH: process.env['PATH'] ?? '', PASS: 'one', WRITER: 'one', MARKER: 'orders.log', ...env };
  const { status, stdout, stderr } = spawnSync('sh', ['-c', placed(script)], { env: all, encoding: 'utf8' });
  const result = existsSync(path.join(root, 'result')) ? readFileSync(path.join(root, 'result'), 'utf8') : '';
  const values = Object.fromEntries(
    result
      .trim()
      .split('\n')
      .map((line) => line.split(/ (.*)/).slice(0, 2)),
  );
  return { status, values: values as Readonly<Record<string, string>>, said: stdout + stderr };
}

const beside = (folder: string, more: Readonly<Record<string, string>> = {}) => ({
  SOURCE: folder,
  HOST: '',
  PORT: '',
  PROVE: 'yes',
  EXPECTED: '',
  BANDWIDTH: '',
  FLAGS: '',
  CONNECT: '1',
  ...more,
});

function write(folder: string, files: Readonly<Record<string, string>>): string {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  }
  return folder;
}

function treeOf(folder: string, at = ''): Readonly<Record<string, string>> {
  return Object.assign(
    {},
    ...readdirSync(path.join(folder, at)).map((name) => {
      const entry = path.join(at, name);
      const stat = lstatSync(path.join(folder, entry));
      if (stat.isDirectory()) return treeOf(folder, entry);
      if (stat.isSymbolicLink()) return { [entry]: `-> ${readlinkSync(path.join(folder, entry))}` };
      return { [entry]: readFileSync(path.join(folder, entry), 'utf8') };
    }),
  ) as Readonly<Record<string, string>>;
}

const digestOf = (folder: string): string =>
  execFileSync('sh', ['-c', `${treeScript()}\ndigest "${folder}"`], { encoding: 'utf8' }).trim();

test('openssl tells the same digest as sha256sum, and also what cannot be read', () => {
  const folder = write(path.join(root, 'source'), { 'orders.log': 'order 1\n', '-a b/*': 'star' });
  const withoutOpenssl = `${treeScript()}\ncommand() { false; }\ndigest "${folder}"`;
  expect(execFileSync('sh', ['-c', withoutOpenssl], { encoding: 'utf8' }).trim()).toBe(digestOf(folder));
  const overlooked = treeScript().replace('kept -type f | sums', "printf 'gone' | sums");
  expect(execFileSync('sh', ['-c', `${overlooked}\ndigest "${folder}"`], { encoding: 'utf8' })).toMatch(
    /^unread: gone/,
  );
});

test('a copy has names of any letters, and its digest is that of its source', () => {
  const source = write(path.join(root, 'source'), {
    'orders.log': 'order 1\norder 2\n',
    '-rf/a\nb/"q" $(x) `y`': 'hostile',
    ' blank/\\t\t': 'tab',
    '.hidden/*': 'star',
  });
  symlinkSync('../nowhere', path.join(source, 'dangling'));
  write(volume, { old: 'gone by then', '-rf/old': 'gone as well' });
  const { status, values } = run(scriptOf('pull'), beside(source));
  expect(values).toMatchObject({ files: '5', records: '2', deleted: '2', skipped: '0' });
  expect(status).toBe(0);
  expect(treeOf(volume)).toEqual(treeOf(source));
  expect(values['target']).toBe(digestOf(source));
  expect(digestOf(volume)).toBe(digestOf(source));
});

test.each([
  ['the content of a file', (folder: string) => writeFileSync(path.join(folder, 'a'), 'two')],
  ['a mode', (folder: string) => execFileSync('chmod', ['640', path.join(folder, 'a')])],
  ['a name', (folder: string) => execFileSync('mv', [path.join(folder, 'a'), path.join(folder, 'b')])],
  ['where a link leads', (folder: string) => execFileSync('ln', ['-sfn', 'b', path.join(folder, 'link')])],
  ['an empty folder', (folder: string) => mkdirSync(path.join(folder, 'empty'))],
  [
    'the owner',
    (folder: string) =>
      process.getuid?.() === 0
        ? execFileSync('chown', ['7', path.join(folder, 'a')])
        : mkdirSync(path.join(folder, 'x')),
  ],
])('the digest tells %s', (_what, change) => {
  write(volume, { a: 'one' });
  symlinkSync('a', path.join(volume, 'link'));
  const before = digestOf(volume);
  change(volume);
  expect(digestOf(volume)).not.toBe(before);
});

test('each of several options is given to rsync', () => {
  const source = write(path.join(root, 'source'), { a: 'one' });
  const past = 1_700_000_000;
  const pull = (FLAGS: string) => run(scriptOf('pull'), beside(source, { PROVE: '', FLAGS }));
  utimesSync(path.join(source, 'a'), past, past);
  pull('');
  write(source, { a: 'two' });
  utimesSync(path.join(source, 'a'), past, past);
  pull('--whole-file');
  expect(treeOf(volume)).toEqual({ a: 'one' });
  expect(pull('--whole-file --checksum').status).toBe(0);
  expect(treeOf(volume)).toEqual({ a: 'two' });
});

test('rsync is kept to the bandwidth', () => {
  const source = write(path.join(root, 'source'), { a: 'x'.repeat(300 * 1024) });
  const took = (BANDWIDTH: string): number => {
    write(source, { b: `${BANDWIDTH}${'y'.repeat(200 * 1024)}` });
    const since = performance.now();
    expect(run(scriptOf('pull'), beside(source, { PROVE: '', BANDWIDTH })).status).toBe(0);
    return performance.now() - since;
  };
  took('');
  expect(took('100')).toBeGreaterThan(1_500);
});

test('a pod that is not the writer of the volume changes nothing', () => {
  const source = write(path.join(root, 'source'), { a: 'new' });
  write(volume, { a: 'old' });
  const { status, values } = run(scriptOf('pull'), beside(source, { WRITER: 'another' }));
  expect({ status, failed: values['failed'] }).toEqual({ status: 1, failed: 'Stale' });
  expect(treeOf(volume)).toEqual({ a: 'old' });
});

describe('the first pass onto a volume that nobody has claimed', () => {
  const first = { ONLY_ONTO_NOTHING: 'yes', NEVER_NOTHING: '' };

  test('leaves what is there alone', () => {
    write(volume, { 'orders.log': 'of somebody\n' });
    const source = write(path.join(root, 'source'), { 'orders.log': 'a\n' });
    const { status, values } = run(scriptOf('pull'), beside(source, first));
    expect({ status, failed: values['failed'] }).toEqual({ status: 1, failed: 'Unclaimed' });
    expect(treeOf(volume)).toEqual({ 'orders.log': 'of somebody\n' });
  });

  test('is made again when nobody wrote down that it was made, and the pass after it leaves nothing of its own', () => {
    const source = write(path.join(root, 'source'), { 'orders.log': 'a\n' });
    expect(run(scriptOf('pull'), beside(source, first)).status).toBe(0);
    // A recovery point in between makes an end of what a pass has left.
    expect(run(scriptOf('look'), { SETTLE: 'yes' }).status).toBe(0);
    write(source, { 'orders.log': 'a\nb\n' });
    expect(run(scriptOf('pull'), beside(source, first)).status).toBe(0);
    expect(treeOf(volume)).toMatchObject({ 'orders.log': 'a\nb\n' });
    expect(run(scriptOf('pull'), beside(source)).status).toBe(0);
    expect(treeOf(volume)).toEqual({ 'orders.log': 'a\nb\n' });
    expect(existsSync(path.join(volume, '.switchback'))).toBe(false);
  });
});

test('a swap that was killed at any command is finished by whoever opens the volume next', () => {
  const source = write(path.join(root, 'source'), { a: 'new', 'dir/b': 'new', 'c d': 'new' });
  let kills = 0;
  for (let nth = 1; ; nth += 1) {
    rmSync(volume, { recursive: true });
    write(volume, { a: 'old', 'dir/b': 'old', gone: 'old' });
    // Counts the commands of the swap, and ends the shell and all of its children in place of the nth.
    const commands = ['mv', 'rm', 'touch', 'chown', 'chmod', 'mkdir', 'sync'];
    const counted = commands.map(
      (name) =>
        `${name}() { [ -z "$ARMED" ] || { n=$((n + 1)); [ "$n" -lt ${nth} ] || kill -9 $$; }; command ${name} "$@"; }`,
    );
    const script = scriptOf('pull').replace('swap "$made" ||', 'ARMED=yes; n=0; swap "$made" ||');
    const killed = run(`${counted.join('\n')}\n${script}`, beside(source));
    if (killed.status === 0) break;
    kills += 1;
    const { status } = run(scriptOf('look'), { SETTLE: 'yes' });
    expect(status).toBe(0);
    expect([treeOf(source), { a: 'old', 'dir/b': 'old', gone: 'old' }]).toContainEqual(treeOf(volume));
    expect(existsSync(path.join(volume, '.switchback'))).toBe(false);
  }
  expect(kills).toBeGreaterThan(8);
});

test('what an interrupted pass has copied is not copied again, and what is current does not change meanwhile', () => {
  const source = write(path.join(root, 'source'), { a: 'same', b: 'new content' });
  utimesSync(path.join(source, 'a'), 1e9, 1e9);
  write(volume, { a: 'same', b: 'old' });
  utimesSync(path.join(volume, 'a'), 1e9, 1e9);
  execFileSync('chmod', ['600', path.join(volume, 'a')]);
  execFileSync('chmod', ['644', path.join(source, 'a')]);
  const interrupted = scriptOf('pull').replace('say "doing making the copy current"', 'exit 9');
  expect(run(interrupted, beside(source)).status).toBe(9);
  expect(lstatSync(path.join(volume, 'a')).mode & 0o777).toBe(0o600);
  expect(readFileSync(path.join(volume, 'b'), 'utf8')).toBe('old');
  const { status, values } = run(scriptOf('pull'), { ...beside(source), PASS: 'two', WRITER: 'two' });
  expect({ status, changed: values['changed'] }).toEqual({ status: 0, changed: '0' });
  expect(treeOf(volume)).toEqual(treeOf(source));
  expect(lstatSync(path.join(volume, 'a')).mode & 0o777).toBe(0o644);
});

test('a change that size and time hide is found by the digest and repaired', () => {
  const source = write(path.join(root, 'source'), { a: 'two' });
  write(volume, { a: 'one' });
  for (const folder of [source, volume]) utimesSync(path.join(folder, 'a'), 1e9, 1e9);
  const { status, values } = run(scriptOf('pull'), beside(source));
  expect(status).toBe(0);
  expect(values['target']).toBe(values['source']);
  expect(treeOf(volume)).toEqual({ a: 'two' });
});

test('a file that was written twice within a second is copied twice, with the same size as well', () => {
  const source = write(path.join(root, 'source'), { a: 'two' });
  write(volume, { a: 'one' });
  utimesSync(path.join(volume, 'a'), 1e9, 1e9 + 0.25);
  utimesSync(path.join(source, 'a'), 1e9, 1e9 + 0.5);
  const { status, values } = run(scriptOf('pull'), beside(source, { PROVE: '' }));
  expect({ status, changed: values['changed'] }).toEqual({ status: 0, changed: '1' });
  expect(treeOf(volume)).toEqual({ a: 'two' });
});

test('a recovery point shares nothing with the one before that was written since, within a second as well', () => {
  const capture = (point: string, previous: string) =>
    run(scriptOf('capture'), { POINT: point, PREVIOUS: previous, FLAGS: '', SETTLE: '' }).values['newBytes'];
  write(volume, { a: 'one', b: 'same' });
  utimesSync(path.join(volume, 'a'), 1e9, 1e9 + 0.25);
  expect(capture('first', '')).toBe('7');
  write(volume, { a: 'two' });
  utimesSync(path.join(volume, 'a'), 1e9, 1e9 + 0.5);
  expect(capture('second', 'first')).toBe('3');
  expect(treeOf(path.join(root, 'points/second'))).toEqual({ a: 'two', b: 'same' });
});

test('a copy that is not what was captured is not made current', () => {
  const source = write(path.join(root, 'source'), { a: 'spoilt' });
  write(volume, { a: 'current' });
  const { values } = run(scriptOf('pull'), beside(source, { PROVE: '', EXPECTED: '0'.repeat(64) }));
  expect(values['failed']).toBe('Mismatch');
  expect(readFileSync(path.join(volume, 'a'), 'utf8')).toBe('current');
});
