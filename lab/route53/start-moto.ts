import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../workers/temporal-server/loopback-port';

interface MotoOptions {
  /** A Python that has moto, of `findMoto`. */
  readonly python: string;
  /** Where the record sets and the log of the server are kept. */
  readonly folder: string;
  /** Name of each hosted zone by its id. */
  readonly zones: Readonly<Record<string, string>>;
  /** Absent: a free one. */
  readonly port?: number;
}

export interface RunningMoto {
  readonly port: number;
  /** "http://127.0.0.1:5000" */
  readonly endpoint: string;
  readonly pid: number;
  /** Its record sets, as JSON by zone: there from the first change on, and replaced as a whole before a change is answered. */
  readonly stateFile: string;
  /** Ends it as a crash would; what it has answered is in the folder. */
  kill9(): Promise<void>;
  stop(): Promise<void>;
}

const startWithinMs = 60_000;

/** Route 53 on loopback, as a process that ends with this one. Resolves when it answers; throws with its log when it does not. */
export async function startMoto(options: MotoOptions): Promise<RunningMoto> {
  const { python, folder, zones } = options;
  const port = options.port ?? (await freePort());
  mkdirSync(folder, { recursive: true });
  const log = path.join(folder, 'moto.log');
  const output = openSync(log, 'a');
  const child = spawn(python, motoProgram({ folder, port, zones }), { stdio: ['ignore', output, output] });
  closeSync(output);
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    process.removeListener('exit', endWithUs);
    if (hasEnded(child)) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  const endpoint = `http://127.0.0.1:${port}`;
  if (!(await answers(child, endpoint))) {
    await end('SIGKILL');
    throw new Error(`moto did not start: ${readFileSync(log, 'utf8').trim().slice(-2_000)}`);
  }
  const stateFile = recordSetsFile(folder);
  return { port, endpoint, pid: child.pid ?? 0, stateFile, kill9: () => end('SIGKILL'), stop: () => end('SIGTERM') };
}

/** Arguments of Python. */
export function motoProgram({ folder, port, zones }: Required<Omit<MotoOptions, 'python'>>): readonly string[] {
  const zoneArguments = Object.entries(zones).flatMap(([id, name]) => ['--zone', `${id}=${name}`]);
  return [path.join(__dirname, 'moto-server.py'), '--port', String(port), '--state', folder, ...zoneArguments];
}

export const recordSetsFile = (folder: string): string => path.join(folder, 'record-sets.json');

export async function motoAnswers(endpoint: string): Promise<boolean> {
  const answer = await fetch(`${endpoint}/moto-api/`).catch(() => undefined);
  await answer?.arrayBuffer();
  return answer?.ok === true;
}

async function answers(child: ChildProcess, endpoint: string): Promise<boolean> {
  const since = performance.now();
  while (performance.now() - since < startWithinMs && !hasEnded(child)) {
    if (await motoAnswers(endpoint)) return true;
    await sleep(20);
  }
  return false;
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;
