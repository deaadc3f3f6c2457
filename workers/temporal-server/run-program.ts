import { spawn } from 'node:child_process';

export interface ProgramRun {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly timeoutSeconds: number;
}

/** `ok: false` carries one line: the last thing the program said, or why it did not run. */
export type ProgramResult =
  { readonly ok: true; readonly output: string } | { readonly ok: false; readonly why: string };

/** Runs a program to its end, with no shell and no input. A program that is not there or overstays is an answer, not an error. */
export function runProgram({ program, args, env, timeoutSeconds }: ProgramRun): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let overstayed = false;
    const keep = (chunk: Buffer): void => void (output = (output + chunk.toString()).slice(-10_000));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const timer = setTimeout(() => {
      overstayed = true;
      child.kill('SIGKILL');
      // A grandchild may hold the pipes open for longer than anybody wants to wait.
      child.stdout.destroy();
      child.stderr.destroy();
    }, timeoutSeconds * 1000);
    child.on('error', (error) => {
      clearTimeout(timer);
      resolve({ ok: false, why: error.message });
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (overstayed) resolve({ ok: false, why: `did not end within ${timeoutSeconds} s` });
      else if (code === 0) resolve({ ok: true, output });
      else resolve({ ok: false, why: lastLine(output) ?? `ended with ${signal ?? `exit code ${code}`}` });
    });
  });
}

function lastLine(text: string): string | undefined {
  return text.trim().split('\n').at(-1)?.trim() || undefined;
}
