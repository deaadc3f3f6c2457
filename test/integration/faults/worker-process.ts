import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readProcessTable } from '../../../drivers/local/workloads/process-table';
import { until } from './until';

const root = path.resolve(__dirname, '..', '..', '..');
const program = path.join(__dirname, 'standby-worker.ts');

export interface WorkerSetup {
  /** Workers log here, each into a file of its own. */
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
}

export interface WorkerLife {
  /** What it meets. */
  readonly failpoints?: readonly string[];
  /** Settings of its own. */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * It may crash when it goes on after a while: the SDK bounds each step of a workflow by the clock, and one that was suspended
   * in the middle of such a step has overrun.
   */
  readonly mayCrash?: boolean;
}

let workers = 0;

/** One worker process: waits loaded until it is let go, then is workers/main.ts. */
export class WorkerProcess {
  readonly logFile: string;
  private readonly child: ChildProcess;
  /** The signal that ended it, or its exit code as a text. */
  readonly ended: Promise<string>;

  constructor({ home, env }: WorkerSetup) {
    this.logFile = path.join(home, `worker-${(workers += 1)}.log`);
    const log = openSync(this.logFile, 'a');
    this.child = spawn(process.execPath, ['--require', require.resolve('tsx/cjs'), program], {
      cwd: root,
      stdio: ['ignore', log, log, 'ipc'],
      env,
    });
    closeSync(log);
    this.ended = once(this.child, 'exit').then(([code, signal]) => String(signal ?? code));
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get alive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** It serves from now on. */
  letGo({ failpoints = [], env = {} }: WorkerLife): this {
    if (!this.alive || !this.child.connected) {
      const how = this.child.signalCode ?? this.child.exitCode ?? 'nothing';
      throw new Error(`worker ${this.pid} ended before it was let go, with ${how}: ${this.lastWords()}`);
    }
    this.child.send({ ...env, SWITCHBACK_FAILPOINT: failpoints.join(',') });
    return this;
  }

  /** The failpoint that it met last. */
  get met(): string | undefined {
    const lines = readFileSync(this.logFile, 'utf8').split('\n');
    return lines
      .filter((line) => line.startsWith('failpoint '))
      .at(-1)
      ?.slice('failpoint '.length);
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** A failpoint has suspended it. */
  get halted(): boolean {
    return readProcessTable().find(this.pid)?.suspended === true;
  }

  /** Waits until a failpoint has suspended it. */
  async suspended(): Promise<void> {
    await until(`worker ${this.pid} is suspended`, () => {
      if (!this.alive) throw new Error(`it has ended; its log ends with: ${this.lastWords()}`);
      return this.halted;
    });
  }

  /** Lets it finish what it does. */
  async stop(): Promise<void> {
    if (!this.alive) return;
    this.signal('SIGTERM');
    this.signal('SIGCONT');
    const killed = setTimeout(() => this.signal('SIGKILL'), 15_000);
    await this.ended;
    clearTimeout(killed);
  }

  lastWords(): string {
    return readFileSync(this.logFile, 'utf8').trim().split('\n').slice(-10).join('\n');
  }
}

/** Workers, one after the other, with the next one always at hand. */
export class WorkerSupply {
  private spare: WorkerProcess;
  private readonly given: WorkerProcess[] = [];
  /** Rejected when a worker gives up by itself, so that nobody waits for it for ever. */
  readonly failure: Promise<never>;
  private fail: (error: Error) => void = () => undefined;

  constructor(private readonly setup: WorkerSetup) {
    this.spare = new WorkerProcess(setup);
    this.failure = new Promise((_, reject) => (this.fail = reject));
    this.failure.catch(() => undefined);
  }

  start(life: WorkerLife = {}): WorkerProcess {
    const worker = this.spare.letGo(life);
    this.given.push(worker);
    void worker.ended.then((how) => {
      if (how !== '0' && how !== 'SIGKILL' && life.mayCrash !== true)
        this.fail(new Error(`a worker ended with ${how}: ${worker.lastWords()}`));
    });
    this.spare = new WorkerProcess(this.setup);
    return worker;
  }

  /** Ends the wait of everybody who needs a worker. */
  giveUp(why: Error): void {
    this.fail(why);
  }

  /** Every worker that is still there ends. */
  async close(): Promise<void> {
    this.spare.signal('SIGKILL');
    await Promise.all([this.spare.ended, ...this.given.map((worker) => worker.stop())]);
  }
}
