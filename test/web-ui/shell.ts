import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { TerminalSize } from '../../cli/terminal/terminal';

const program = path.join(__dirname, '..', '..', 'bin', 'switchback.js');

interface ShellOptions {
  readonly size: TerminalSize;
  readonly env: Readonly<Record<string, string>>;
  readonly output: (bytes: Buffer) => void;
}

/** A shell in a pseudo-terminal, made by `script` of util-linux, where people type `switchback`. */
export class Shell {
  private constructor(
    private readonly child: ChildProcessWithoutNullStreams,
    private readonly folder: string,
  ) {}

  static async start({ size: { columns, rows }, env, output }: ShellOptions): Promise<Shell> {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-shell-'));
    await symlink(program, path.join(folder, 'switchback'));
    const searched = [folder, path.dirname(process.execPath), '/usr/bin', '/bin'].join(path.delimiter);
    // A terminal that `script` makes without one of its own has no size.
    const shell = `stty cols ${columns} rows ${rows}; exec bash --norc --noprofile -i`;
    const child = spawn('script', ['--quiet', '--flush', '--command', shell, '/dev/null'], {
      cwd: folder,
      env: {
        PATH: searched,
        HOME: folder,
        SHELL: '/bin/sh',
        LANG: 'C.UTF-8',
        TERM: 'xterm-256color',
        PS1: '$ ',
        ...env,
      },
    });
    child.stdout.on('data', output);
    return new Shell(child, folder);
  }

  /** What a person types: `\r` is the enter key, `\x03` ctrl-c. */
  type(keys: string): void {
    this.child.stdin.write(keys);
  }

  /** Hangs up, which ends what still runs in it. */
  async end(): Promise<void> {
    const ended = once(this.child, 'close');
    this.child.kill();
    await ended;
    await rm(this.folder, { recursive: true, force: true });
  }
}
