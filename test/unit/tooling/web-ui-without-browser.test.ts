import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { findBrowser } from '../../web-ui/browser';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-browser-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

test('where no browser is on PATH, the Web UI is not tested, which is said in one sentence and is no failure', async () => {
  const root = path.resolve(__dirname, '../../..');
  const program = ['--require', 'tsx/cjs', path.join(root, 'scripts', 'test-web-ui.ts')];
  const run = await new Promise<{ code: number; stdout: string }>((resolve) => {
    execFile(process.execPath, program, { cwd: root, env: { PATH: folder } }, (error, stdout) =>
      resolve({ code: Number(error?.code ?? 0), stdout }),
    );
  });
  expect(run).toEqual({ code: 0, stdout: expect.stringMatching(/^The Web UI was not tested: [^\n]+\n$/) });
  // A program is compiled and started, next to all other tests.
}, 60_000);

test('a browser is found in any folder of PATH, when it can be run', async () => {
  const file = path.join(folder, 'google-chrome');
  await writeFile(file, '#!/bin/sh\n', { mode: 0o644 });
  const searchPath = ['/nonexistent', folder].join(path.delimiter);
  expect(findBrowser(searchPath)).toBeUndefined();
  await chmod(file, 0o755);
  expect(findBrowser(searchPath)).toBe(file);
});
