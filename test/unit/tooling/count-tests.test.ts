import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-count-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

const program = path.resolve(__dirname, '../../../.ci/count-tests.js');

const green = { numPassedTests: 12, numFailedTests: 0, numRuntimeErrorTestSuites: 0 };

test.each([
  { when: 'all is well', results: green, stages: [], line: '12 passed, 0 failed', exitCode: 0 },
  {
    when: 'a test failed',
    results: { ...green, numFailedTests: 2 },
    stages: ['npm test'],
    line: '12 passed, 2 failed',
    exitCode: 1,
  },
  {
    when: 'a suite did not load',
    results: { ...green, numRuntimeErrorTestSuites: 1 },
    stages: ['npm test'],
    line: '12 passed, 1 failed',
    exitCode: 1,
  },
  {
    when: 'a check failed and all tests passed',
    results: green,
    stages: ['npm run check'],
    line: '12 passed, 1 failed',
    exitCode: 1,
  },
  {
    when: 'jest failed with no failed test',
    results: green,
    stages: ['npm test'],
    line: '12 passed, 1 failed',
    exitCode: 1,
  },
  { when: 'nothing was installed', results: undefined, stages: ['npm ci'], line: '0 passed, 1 failed', exitCode: 1 },
  {
    when: 'no test ran',
    results: { ...green, numPassedTests: 0 },
    stages: [],
    line: '0 passed, 0 failed',
    exitCode: 1,
  },
])(
  'when $when, the last line of the run and its exit code say so',
  async ({ when, results, stages, line, exitCode }) => {
    const file = path.join(folder, `${when}.json`);
    if (results) await writeFile(file, JSON.stringify(results));
    const run = await new Promise<{ code: number; stdout: string }>((resolve) => {
      execFile(process.execPath, [program, file, ...stages], (error, stdout) =>
        resolve({ code: Number(error?.code ?? 0), stdout }),
      );
    });
    expect(run).toEqual({ code: exitCode, stdout: `${line}\n` });
  },
);
