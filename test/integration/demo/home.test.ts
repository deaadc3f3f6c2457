import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ownIdentity } from '../../../drivers/local/workloads/process-table';
import { claimHome, unusedHomes } from '../../../demo/stack/home';
import { markOwnChildren, markVariable, processesOf } from '../../../demo/stack/home-processes';
import { TestHome } from './program';

let home: TestHome;

beforeEach(() => {
  home = new TestHome();
});

afterEach(() => home.remove());

const recordFile = (): string => path.join(home.folder, 'home.json');

/** As a session that has ended leaves it. */
function leave(record: { readonly kind: string; readonly complete: boolean }): void {
  mkdirSync(path.join(home.folder, 'lab'), { recursive: true });
  const owner = { ...ownIdentity(), startTime: 'long ago' };
  writeFileSync(recordFile(), JSON.stringify({ ...record, owner }));
}

test('a home in use is refused, and its user named', async () => {
  await claimHome(home.folder, 'demo');
  await expect(claimHome(home.folder, 'demo')).rejects.toThrow(`is in use by process ${process.pid}`);
});

test('a folder with things of other origin is refused and left as it is', async () => {
  const file = path.join(home.folder, 'lab', 'my-thesis.txt');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, 'years of work');
  await expect(claimHome(home.folder, 'demo')).rejects.toThrow('it holds lab');
  expect(readFileSync(file, 'utf8')).toBe('years of work');
});

test('a demo does not take the home of a dev, which holds a state that somebody wants to go on with', async () => {
  leave({ kind: 'dev', complete: true });
  await expect(claimHome(home.folder, 'demo')).rejects.toThrow('is the home of a dev, not of a demo');
});

test.each([
  ['dev goes on with what is complete', { kind: 'dev', complete: true }, true],
  ['dev begins anew where an earlier start did not get so far', { kind: 'dev', complete: false }, false],
  ['a demo always begins anew', { kind: 'demo', complete: true }, false],
] as const)('%s', async (_, record, kept) => {
  leave(record);
  const { continued } = await claimHome(home.folder, record.kind);
  expect(continued).toBe(kept);
  expect(existsSync(path.join(home.folder, 'lab'))).toBe(kept);
});

test('what an earlier session left running is ended, and nothing else', async () => {
  leave({ kind: 'demo', complete: true });
  const stranger = spawn('sleep', ['60'], { env: { ...process.env } });
  markOwnChildren(home.folder);
  const leftover = spawn('sleep', ['60'], { env: { ...process.env } });
  delete process.env[markVariable];
  expect(processesOf(home.folder).map(({ pid }) => pid)).toEqual([leftover.pid]);
  const ended = once(leftover, 'exit');
  await claimHome(home.folder, 'demo');
  expect(await ended).toEqual([null, 'SIGKILL']);
  expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
  stranger.kill();
});

test('homes of earlier demos are found, the ones in use are not', async () => {
  const parent = path.dirname(home.folder);
  leave({ kind: 'demo', complete: true });
  await claimHome(path.join(parent, 'home-in-use'), 'demo');
  expect(await unusedHomes(parent, 'home')).toEqual([home.folder]);
});
