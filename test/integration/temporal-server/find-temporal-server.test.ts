import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { findTemporalServer } from '../../../workers/temporal-server/find-temporal-server';
import { installationFolder } from '../../../workers/temporal-server/installation-folder';

let folder: string;
let programs: string;
let cached: string;
let env: NodeJS.ProcessEnv;
let said: string[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-find-'));
  programs = path.join(folder, 'bin');
  said = [];
  // Nothing of this machine is found: no program, no cache, and a network that refuses.
  env = { PATH: programs, HOME: folder, XDG_CACHE_HOME: path.join(folder, 'cache'), HTTPS_PROXY: 'http://127.0.0.1:9' };
  cached = path.join(installationFolder(env), 'temporal');
  await mkdir(programs);
  await mkdir(path.dirname(cached), { recursive: true });
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const find = () => findTemporalServer({ env, say: (line) => said.push(line) });

const answersAs = (version: string): string => `#!/bin/sh\necho "temporal version ${version}"\n`;
const script = (file: string, text: string) => writeFile(file, text, { mode: 0o755 });
const program = (name: string, text: string) => script(path.join(programs, name), text);

/** Stands in for Go: builds a CLI that answers, and keeps count of its builds. */
const buildingGo = () => `#!/bin/sh
[ "$1" = version ] && exit 0
echo "$*" >> "${folder}/builds"
/bin/sleep 0.3
printf '#!/bin/sh\\necho "temporal version built"\\n' > "$GOBIN/temporal"
`;

const builds = async () => (await readFile(path.join(folder, 'builds'), 'utf8')).trim().split('\n');

async function offerEverything(): Promise<void> {
  env['TEMPORAL_ADDRESS'] = '10.0.0.7:7233';
  await program('temporal', answersAs('on path'));
  await script(cached, answersAs('cached'));
  await program('go', buildingGo());
}

test('the first way that works is taken, and the ways after it are not tried', async () => {
  await offerEverything();
  expect(await find()).toEqual({ kind: 'address', address: '10.0.0.7:7233' });

  delete env['TEMPORAL_ADDRESS'];
  expect(await find()).toEqual({ kind: 'binary', path: path.join(programs, 'temporal'), source: 'path' });

  await rm(path.join(programs, 'temporal'));
  expect(await find()).toEqual({ kind: 'binary', path: cached, source: 'cache' });

  await rm(cached);
  expect(await find()).toEqual({ kind: 'binary', path: cached, source: 'go-install' });
  expect(await builds()).toEqual(['install github.com/temporalio/cli/cmd/temporal@v1.5.1']);

  expect(await find()).toEqual({ kind: 'binary', path: cached, source: 'cache' });
  expect(await builds()).toHaveLength(1);
});

test('each step is said in one line', async () => {
  await script(cached, answersAs('cached'));
  await find();
  expect(said).toEqual([
    'Temporal server: TEMPORAL_ADDRESS: is not set',
    'Temporal server: `temporal` on PATH: there is none',
    `Temporal server: the cached binary: ${cached}`,
  ]);
});

test.each([
  ['does not run', '#!/bin/sh\necho "no such platform" >&2\nexit 1\n', 'does not run: no such platform'],
  ['is another program', '#!/bin/sh\necho "a calendar, version 2"\n', 'is not the Temporal CLI'],
  ['is half a file', 'ELF', 'does not run: '],
])('a binary that %s is passed over, with the reason said', async (_, text, reason) => {
  await program('temporal', text);
  await script(cached, answersAs('cached'));
  expect(await find()).toEqual({ kind: 'binary', path: cached, source: 'cache' });
  expect(said[1]).toContain(`${path.join(programs, 'temporal')} ${reason}`);
});

test('when no way works, one failure names all five in their order, why each failed and how to mend it', async () => {
  const failure = await find().catch((error: unknown) => error as Error);
  expect(failure).toMatchObject({ name: 'SwitchbackFailure', code: 'TemporalUnavailable' });
  const lines = (failure as Error).message.split('\n').slice(1);
  expect(lines).toEqual([
    expect.stringMatching(/^ {2}1\. TEMPORAL_ADDRESS: is not set\. Set it to .*127\.0\.0\.1:7233/),
    expect.stringMatching(/^ {2}2\. `temporal` on PATH: there is none\. Install the Temporal CLI/),
    expect.stringContaining(`  3. the cached binary: there is no ${cached}. Put the Temporal CLI 1.5.1`),
    expect.stringMatching(
      /^ {2}4\. the SDK's own download: .*Connection refused.*\. Allow https:\/\/temporal\.download/,
    ),
    expect.stringMatching(/^ {2}5\. `go install .*@v1\.5\.1`: go does not run: .*ENOENT\. Install Go/),
  ]);
});

test('two processes that find nothing build once, and both get the result', async () => {
  await program('go', buildingGo());
  const [first, second] = await Promise.all([find(), find()]);
  expect([first, second].map((found) => found.kind === 'binary' && found.path)).toEqual([cached, cached]);
  expect(await builds()).toHaveLength(1);
});

test('an installation that fails leaves nothing behind, and says the last thing that Go said', async () => {
  await program(
    'go',
    '#!/bin/sh\n[ "$1" = version ] && exit 0\necho half > "$GOBIN/temporal"\necho "proxy refused" >&2\nexit 1\n',
  );
  await expect(find()).rejects.toThrow('@v1.5.1`: proxy refused');
  expect(await readdir(path.dirname(cached))).toEqual([]);
});

test('what was built and does not run is not put into the cache', async () => {
  await program('go', '#!/bin/sh\n[ "$1" = version ] && exit 0\necho half > "$GOBIN/temporal"\n');
  await expect(find()).rejects.toThrow('what was installed does not work');
  expect(await readdir(path.dirname(cached))).toEqual([]);
});

test('an installer that was killed does not hinder the next one: its lock is taken over and its remains removed', async () => {
  const lock = path.join(path.dirname(cached), 'install.lock');
  await writeFile(lock, '4194304 dead');
  await utimes(lock, new Date(0), new Date(0));
  await mkdir(path.join(path.dirname(cached), '.installing-dead'));
  await program('go', buildingGo());

  expect(await find()).toMatchObject({ source: 'go-install' });
  expect(await readdir(path.dirname(cached))).toEqual(['temporal']);
});

test('a cache folder that cannot be made is a reason, not a crash', async () => {
  await writeFile(path.join(folder, 'file'), '');
  env['XDG_CACHE_HOME'] = path.join(folder, 'file');
  env['HOME'] = path.join(folder, 'file');
  await program('go', buildingGo());
  await expect(find()).rejects.toThrow('the cache folder cannot be written: ');
});
