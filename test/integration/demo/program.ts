import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.join(__dirname, '..', '..', '..');

/** A program of demo/ as a process of its own, with no terminal. */
export interface Program {
  readonly pid: number;
  /** Everything it has said so far, on both streams. */
  said(): string;
  /** Standard output alone. */
  answered(): string;
  /** Resolves when it has said that; rejects when it ends before. */
  untilSaid(pattern: RegExp): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

export function startProgram(file: 'demo/main.ts' | 'demo/dev.ts', ...args: readonly string[]): Program {
  const child = spawn(process.execPath, ['--require', require.resolve('tsx/cjs'), path.join(root, file), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let answered = '';
  const listeners = new Set<() => void>();
  const hear = (text: string): void => {
    said += text;
    for (const listener of listeners) listener();
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    answered += text;
    hear(text);
  });
  child.stderr.setEncoding('utf8').on('data', hear);
  const ended = new Promise<number | NodeJS.Signals>((resolve) =>
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'SIGKILL')),
  );
  return {
    pid: child.pid ?? 0,
    said: () => said,
    answered: () => answered,
    untilSaid: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => void (pattern.test(said) && resolve());
        listeners.add(look);
        look();
        void ended.then((how) => reject(new Error(`it ended (${how}) without saying ${pattern}:\n${said}`)));
      }),
    signal: (signal) => child.kill(signal),
    ended,
  };
}

/** A folder for one test, and what is to be ended after it. */
export class TestHome {
  readonly folder = path.join(realpathSync(mkdtempSync(path.join(tmpdir(), 'switchback-test-'))), 'home');

  /** Processes that have to do with the folder: it is in the command line or the environment of each. */
  processes(): readonly string[] {
    const rows = execFileSync('ps', ['axeww', '-o', 'pid=,command='], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    return rows.split('\n').filter((row) => row.includes(this.folder));
  }

  async untilNoProcess(): Promise<void> {
    const deadline = Date.now() + 20_000;
    while (this.processes().length > 0) {
      if (Date.now() > deadline) throw new Error(`still there:\n${this.processes().join('\n')}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  remove(): void {
    for (const row of this.processes()) process.kill(Number.parseInt(row, 10), 'SIGKILL');
    rmSync(path.dirname(this.folder), { recursive: true, force: true });
  }
}
