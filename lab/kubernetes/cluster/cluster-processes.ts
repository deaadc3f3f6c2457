import { ServerProcess } from '../../../workers/temporal-server/server-process';
import { lastLogLines } from '../../../workers/temporal-server/last-log-lines';
import { SwitchbackFailure } from '../../../core/model/failure';
import type { Binaries, Program } from '../binaries/versions';
import { programArguments, type ClusterPlace } from './program-arguments';

/** The processes of one cluster that were started so far. */
export class ClusterProcesses {
  readonly #running = new Map<Program, ServerProcess>();

  constructor(
    private readonly binaries: Binaries,
    private readonly place: ClusterPlace,
    private readonly detached: boolean,
  ) {}

  async start(program: Program): Promise<void> {
    const args = programArguments[program](this.place);
    const options = { logFile: this.place.files.log(program), detached: this.detached };
    const process = await ServerProcess.spawn(this.binaries[program], args, options);
    process.letGo();
    this.#running.set(program, process);
  }

  /** From an exit handler, which cannot wait. */
  signalAll(): void {
    for (const { pid, exit } of this.#running.values()) if (exit === undefined && pid > 0) process.kill(pid, 'SIGKILL');
  }

  get pids(): readonly number[] {
    return [...this.#running.values()].map(({ pid }) => pid);
  }

  /** Throws `LabIncomplete` with the end of its log when one of the programs has ended. */
  async assertAlive(): Promise<void> {
    for (const [program, process] of this.#running) {
      if (process.exit === undefined) continue;
      const file = this.place.files.log(program);
      const log = await lastLogLines(file);
      throw new SwitchbackFailure(
        'LabIncomplete',
        `${program} ${process.exit}; the end of ${file}:\n${log || '(empty)'}`,
      );
    }
  }

  /** SIGKILL to each: nothing of a lab outlives it. Resolves when all are gone. */
  async kill(programs: readonly Program[] = [...this.#running.keys()]): Promise<void> {
    const chosen = programs.flatMap((program) => {
      const process = this.#running.get(program);
      return process === undefined ? [] : [{ program, process }];
    });
    await Promise.all(chosen.map(async ({ process }) => process.kill9()));
    for (const { program } of chosen) this.#running.delete(program);
  }
}
