import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { SwitchbackFailure } from '../core/model/failure';

const packageRoot = path.join(__dirname, '..');
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs a program of this package as a process of its own, with our input and output, and gives its exit code. With `line` each
 * line of its stdout goes there instead. Signals that we get are passed on, so that it can end in order; we end after it.
 */
export async function runChildProgram(
  file: string,
  options: {
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly line?: (line: string) => void;
  },
): Promise<number> {
  const program = path.join(packageRoot, file);
  if (!existsSync(program)) {
    throw new SwitchbackFailure('InvalidInput', `${file} is not part of this installation; use a full checkout.`);
  }
  const child = spawn(process.execPath, ['--require', require.resolve('tsx/cjs'), program, ...options.args], {
    stdio: ['inherit', options.line ? 'pipe' : 'inherit', 'inherit'],
    env: { ...options.env },
  });
  const { line } = options;
  if (line && child.stdout) createInterface({ input: child.stdout }).on('line', line);
  const forward = (signal: NodeJS.Signals): void => {
    // A terminal has sent ctrl-c to the child as well; a second one would end it before it has put things in order.
    if (signal === 'SIGTERM' || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of signals) process.on(signal, forward);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => resolve(code ?? 128 + (signal ? os.constants.signals[signal] : 0)));
    });
  } finally {
    for (const signal of signals) process.off(signal, forward);
  }
}
