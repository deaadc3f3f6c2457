import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { readProcessTable, type ProcessRow } from '../../../drivers/local/workloads/process-table';
import { signalProcess } from '../../../drivers/local/workloads/signal-process';
import { until } from '../../integration/faults/until';

interface Typed {
  readonly code: number | null;
  /** As a terminal shows it: what goes to stdout and to stderr, in its order. */
  readonly output: string;
}

/** Terminals in one folder: each new one has what was exported in those before it. */
export interface Terminals {
  /** Runs the lines to their end, or to the first that fails. */
  type(script: string): Promise<Typed>;
  /** Leaves the lines running in a terminal of their own until `ready`. Throws, with what they said, when they end before. */
  leave(script: string, ready: () => boolean | Promise<boolean>): Promise<void>;
  /** Ctrl-c in each terminal where something runs, until all of it has ended. */
  interrupt(): Promise<void>;
  /** What still runs of all that was begun here, also of what has left its terminal. */
  running(): readonly ProcessRow[];
  /** Ends it without asking. */
  end(): Promise<void>;
}

export interface TerminalOptions {
  readonly folder: string;
  readonly logFolder: string;
  readonly env: NodeJS.ProcessEnv;
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

const marker = 'GUIDE_TERMINALS';

export async function openTerminals({ folder, logFolder, env }: TerminalOptions): Promise<Terminals> {
  await mkdir(logFolder, { recursive: true });
  const exported: string[] = [];
  const left: ChildProcess[] = [];
  let count = 0;
  const begin = (script: string) => {
    const log = path.join(logFolder, `${(count += 1)}.log`);
    // A file, not a pipe: what a command leaves running would hold a pipe open.
    const file = openSync(log, 'w');
    const child = spawn('bash', ['-e', '-c', [...exported, script].join('\n')], {
      cwd: folder,
      env: { ...env, [marker]: logFolder },
      stdio: ['ignore', file, file],
      // A group of its own, as in a terminal: ctrl-c reaches all of it.
      detached: true,
    });
    closeSync(file);
    return { child, output: async () => readFile(log, 'utf8') };
  };
  const running = () => {
    const table = readProcessTable();
    return table.all().filter(({ pid }) => table.environment(pid).includes(`${marker}=${logFolder}`));
  };
  return {
    running,
    type: async (script) => {
      const { child, output } = begin(script);
      const code = await new Promise<number | null>((resolve, reject) => {
        child.on('exit', resolve).on('error', reject);
      });
      exported.push(...script.split('\n').filter((line) => line.startsWith('export ')));
      return { code, output: await output() };
    },
    leave: async (script, ready) => {
      const { child, output } = begin(script);
      left.push(child);
      const readyOrEnded = async () => hasEnded(child) || (await ready());
      await until(`this is ready: ${script}`, readyOrEnded);
      if (hasEnded(child)) throw new Error(`this has ended: ${script}\n${await output()}`);
    },
    interrupt: async () => {
      const groups = left.splice(0).map(({ pid }) => pid);
      // Each leads its group, and the signal goes to all of it.
      for (const row of running()) if (groups.includes(row.pid)) signalProcess(row, 'SIGINT');
      await until(
        'all ends that ctrl-c was pressed for',
        () => !running().some((row) => groups.includes(row.processGroup)),
      );
    },
    end: async () => {
      const all = () => running().map((row) => signalProcess(row, 'SIGKILL'));
      await until('all has ended', () => all().length === 0);
    },
  };
}
