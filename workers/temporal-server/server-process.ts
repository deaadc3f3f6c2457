import { spawn, type ChildProcess } from 'node:child_process';
import { open } from 'node:fs/promises';

const graceMilliseconds = 10_000;

interface SpawnOptions {
  readonly logFile: string;
  readonly detached: boolean;
  /** Its whole environment; that of this process by default. */
  readonly env?: NodeJS.ProcessEnv;
}

/** A child process that writes to a file and not to a pipe, so that it can outlive this process. */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #detached: boolean;
  readonly #gone: Promise<void>;
  readonly #ended = new AbortController();
  #exit: string | undefined;

  static async spawn(binary: string, args: readonly string[], options: SpawnOptions): Promise<ServerProcess> {
    const log = await open(options.logFile, 'a');
    try {
      const { detached, env = process.env } = options;
      const child = spawn(binary, args, { stdio: ['ignore', log.fd, log.fd], detached, env });
      return new ServerProcess(child, detached);
    } finally {
      await log.close();
    }
  }

  private constructor(child: ChildProcess, detached: boolean) {
    this.#child = child;
    this.#detached = detached;
    this.#gone = new Promise((resolve) => {
      const end = (how: string): void => {
        this.#exit ??= how;
        this.#ended.abort();
        resolve();
      };
      child.once('error', (error) => end(`did not start: ${error.message}`));
      child.once('exit', (code, signal) => end(`ended with ${signal ?? `exit code ${code}`}`));
    });
  }

  /** Aborted when the process has ended. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  /** How it ended, as the rest of a sentence. */
  get exit(): string | undefined {
    return this.#exit;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** A detached process no longer keeps this one alive. */
  letGo(): void {
    if (this.#detached) this.#child.unref();
  }

  async stop(): Promise<void> {
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), graceMilliseconds);
    await this.#signal('SIGTERM');
    clearTimeout(timer);
  }

  kill9(): Promise<void> {
    return this.#signal('SIGKILL');
  }

  #signal(signal: NodeJS.Signals): Promise<void> {
    // Without it nothing would keep this process alive until the other one is gone.
    this.#child.ref();
    this.#child.kill(signal);
    return this.#gone;
  }
}
