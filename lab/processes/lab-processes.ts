import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ServerProcess } from '../../workers/temporal-server/server-process';
import { lastLogLines } from '../../workers/temporal-server/last-log-lines';
import { SwitchbackFailure } from '../../core/model/failure';
import { mark } from './marked-processes';

const readyWithinMs = 90_000;

/** Where a part of the lab lies, a cluster or Route 53, and the logs of its programs. */
interface PartFiles {
  readonly folder: string;
  readonly log: (program: string) => string;
}

/** The processes of one part of the lab that were started so far, each by the name of its log. */
export class LabProcesses {
  readonly #running = new Map<string, ServerProcess>();

  constructor(
    private readonly files: PartFiles,
    private readonly detached: boolean,
  ) {}

  async start(name: string, binary: string, args: readonly string[]): Promise<void> {
    const { files, detached } = this;
    const options = { logFile: files.log(name), detached, env: mark(files.folder) };
    const process = await ServerProcess.spawn(binary, args, options);
    process.letGo();
    this.#running.set(name, process);
  }

  /** From an exit handler, which cannot wait. */
  signalAll(): void {
    for (const { pid, exit } of this.#running.values()) if (exit === undefined && pid > 0) process.kill(pid, 'SIGKILL');
  }

  get pids(): readonly number[] {
    return [...this.#running.values()].map(({ pid }) => pid);
  }

  /** Waits for a condition. Throws `LabIncomplete` with the end of its log when one of the processes ends meanwhile. */
  async until(condition: () => Promise<boolean>): Promise<void> {
    const since = performance.now();
    while (!(await condition())) {
      await this.#assertAlive();
      if (performance.now() - since > readyWithinMs) {
        throw new SwitchbackFailure(
          'LabIncomplete',
          `${path.basename(this.files.folder)} was not ready after ${readyWithinMs / 1000} s`,
        );
      }
      await pause(25);
    }
  }

  async #assertAlive(): Promise<void> {
    for (const [name, process] of this.#running) {
      if (process.exit === undefined) continue;
      const file = this.files.log(name);
      const log = await lastLogLines(file);
      throw new SwitchbackFailure('LabIncomplete', `${name} ${process.exit}; the end of ${file}:\n${log || '(empty)'}`);
    }
  }

  /** SIGKILL to each: nothing of a lab outlives it. Resolves when all are gone. */
  async kill(names: readonly string[] = [...this.#running.keys()]): Promise<void> {
    const chosen = names.flatMap((name) => {
      const process = this.#running.get(name);
      return process === undefined ? [] : [{ name, process }];
    });
    await Promise.all(chosen.map(async ({ process }) => process.kill9()));
    for (const { name } of chosen) this.#running.delete(name);
  }
}
