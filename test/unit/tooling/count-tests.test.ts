import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-count-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

const program = path.resolve(__dirname, '../../../.ci/count-tests.js');

const green = { numPassedTests: 12, numFailedTests: 0, numRuntimeErrorTestSuites: 0 };

test.each([
  { when: 'all is well', results: { 'npm test': green }, stages: [], line: '12 passed, 0 failed', exitCode: 0 },
  {
    when: 'a test failed',
    results: { 'npm test': { ...green, numFailedTests: 2 } },
    stages: ['npm test'],
    line: '12 passed, 2 failed',
    exitCode: 1,
  },
  {
    when: 'a suite did not load',
    results: { 'npm test': { ...green, numRuntimeErrorTestSuites: 1 } },
    stages: ['npm test'],
    line: '12 passed, 1 failed',
    exitCode: 1,
  },
  {
    when: 'a check failed and all tests passed',
    results: { 'npm test': green },
    stages: ['npm run check'],
    line: '12 passed, 1 failed',
    exitCode: 1,
  },
  {
    when: 'jest failed with no failed test',
    results: { 'npm test': green },
    stages: ['npm test'],
    line: '12 passed, 1 failed',
    exitCode: 1,
  },
  {
    when: 'tests in a browser failed, and those without passed',
    results: { 'npm test': green, 'npm run test:web-ui': { ...green, numFailedTests: 1 } },
    stages: ['npm run test:web-ui'],
    line: '24 passed, 1 failed',
    exitCode: 1,
  },
  {
    when: 'tests failed in one stage, and another stage failed without a failed test',
    results: { 'npm test': { ...green, numFailedTests: 1 }, 'npm run test:web-ui': green },
    stages: ['npm test', 'npm run test:web-ui'],
    line: '24 passed, 2 failed',
    exitCode: 1,
  },
  { when: 'nothing was installed', results: {}, stages: ['npm ci'], line: '0 passed, 1 failed', exitCode: 1 },
  {
    when: 'no test ran',
    results: { 'npm test': { ...green, numPassedTests: 0 } },
    stages: [],
    line: '0 passed, 0 failed',
    exitCode: 1,
  },
])(
  'when $when, the last line of the run and its exit code say so',
  async ({ when, results, stages, line, exitCode }) => {
    const own = path.join(folder, when);
    await mkdir(own);
    for (const [stage, counted] of Object.entries(results))
      await writeFile(path.join(own, `${stage}.json`), JSON.stringify(counted));
    const run = await new Promise<{ code: number; stdout: string }>((resolve) => {
      execFile(process.execPath, [program, own, ...stages], (error, stdout) =>
        resolve({ code: Number(error?.code ?? 0), stdout }),
      );
    });
    expect(run).toEqual({ code: exitCode, stdout: `${line}\n` });
  },
);
