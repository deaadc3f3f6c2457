import { spawn } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';

/**
 * `npm run check`: every static check and the unit tests, a line each, and the whole output of those that failed.
 * `npm run check -- lint types` runs only these. Exit code 1 when one fails, 3 when one is asked for that does not exist.
 */
const root = path.join(__dirname, '..');

/** Longest first: with few processors the long ones must not come last. */
const checks = [
  { name: 'unit', says: 'unit tests' },
  { name: 'lint', says: 'lint' },
  { name: 'types', says: 'types' },
  { name: 'format', says: 'format' },
  { name: 'dead-code', says: 'dead code' },
  { name: 'dependencies', says: 'dependency rule' },
  { name: 'generated', says: 'generated files are fresh' },
  { name: 'lockfile', says: 'lockfile has every platform' },
];

interface Outcome {
  readonly says: string;
  readonly passed: boolean;
  readonly output: string;
}

async function main(): Promise<number> {
  const asked = process.argv.slice(2);
  const unknown = asked.filter((name) => !checks.some((check) => check.name === name));
  if (unknown.length > 0) {
    console.error(`no check "${unknown.join('", "')}"; there are: ${checks.map(({ name }) => name).join(', ')}`);
    return 3;
  }
  const queue = checks.filter(({ name }) => asked.length === 0 || asked.includes(name));
  const outcomes: Outcome[] = [];
  const worker = async (): Promise<void> => {
    for (let check = queue.shift(); check !== undefined; check = queue.shift()) outcomes.push(await run(check));
  };
  await Promise.all(Array.from({ length: Math.max(2, os.availableParallelism()) }, worker));

  const failed = outcomes.filter(({ passed }) => !passed);
  for (const { says, output } of failed) console.log(`\n──── ${says} ────\n${output.trim()}`);
  console.log(failed.length === 0 ? '\nall checks passed' : `\nfailed: ${failed.map(({ says }) => says).join(', ')}`);
  return failed.length === 0 ? 0 : 1;
}

async function run({ name, says }: (typeof checks)[number]): Promise<Outcome> {
  const started = performance.now();
  const { code, output } = await npmScript(`check:${name}`);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${says} (${seconds} s)`);
  return { says, passed: code === 0, output };
}

function npmScript(script: string): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('npm', ['run', '--silent', script], { cwd: root, shell: process.platform === 'win32' });
    let output = '';
    const keep = (chunk: Buffer): void => void (output += chunk.toString());
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

void main().then((code) => (process.exitCode = code));
