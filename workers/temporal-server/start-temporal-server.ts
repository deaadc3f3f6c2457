import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { SearchAttributeType } from '../../core/model/search-attributes';
import { SwitchbackFailure } from '../../core/model/failure';
import { lastLines } from './last-log-lines';
import { logOfStart, sizeOfLog } from './log-of-start';
import { freePort, isFree } from './loopback-port';
import { serverArguments } from './server-arguments';
import { ServerProcess } from './server-process';
import { waitUntilServing } from './wait-until-serving';

export interface StartOptions {
  /** Path of the Temporal CLI, as `findTemporalServer` gives it. */
  readonly binary: string;
  /** The runs live in this file and survive a restart on it. */
  readonly dbFile: string;
  /** The server's warnings are appended to it. */
  readonly logFile: string;
  readonly searchAttributes: Readonly<Record<string, SearchAttributeType>>;
  /** Free ones are taken unless given; `uiPort: false` leaves the Web UI out. */
  readonly port?: number;
  readonly uiPort?: number | false;
  readonly namespace?: string;
  /** Outlives this process. */
  readonly detached?: boolean;
  readonly readyWithinSeconds?: number;
}

export interface RunningServer {
  /** host:port of the frontend. */
  readonly address: string;
  /** URL of the Web UI, unless it was left out. */
  readonly uiAddress?: string;
  readonly pid: number;
  /** Asks it to end, and after 10 seconds makes it. Resolves when the process is gone. */
  stop(): Promise<void>;
  /** SIGKILL, as a crash would be. Resolves when the process is gone. */
  kill9(): Promise<void>;
}

/** Somebody else may take a free port between its choice and its use. The server chooses more of them for its parts, and ends without one. */
const triesForFreePorts = 3;

/**
 * Starts a development server on loopback, tuned for short steps, and resolves when it takes work: it is healthy, and its
 * namespace and search attributes are there. Throws `TemporalUnavailable` with the last lines of its log; then nothing runs.
 */
export async function startTemporalServer(options: StartOptions): Promise<RunningServer> {
  await mkdir(path.dirname(options.dbFile), { recursive: true });
  await mkdir(path.dirname(options.logFile), { recursive: true });
  for (let left = triesForFreePorts - 1; ; left -= 1) {
    const outcome = await tryToStart(options);
    if ('server' in outcome) return outcome.server;
    if (left > 0 && /address already in use/i.test(outcome.log)) continue;
    throw new SwitchbackFailure(
      'TemporalUnavailable',
      `the Temporal server ${outcome.why}; the end of ${options.logFile}:\n${lastLines(outcome.log) || '(empty)'}`,
      { binary: options.binary, dbFile: options.dbFile },
    );
  }
}

/** `log`: all that this start has written. */
type Outcome = { readonly server: RunningServer } | { readonly why: string; readonly log: string };

async function tryToStart(options: StartOptions): Promise<Outcome> {
  const { binary, dbFile, logFile, searchAttributes, namespace = 'default', readyWithinSeconds = 30 } = options;
  const taken = await takenPort(options);
  if (taken !== undefined) return { why: `cannot have port ${taken}: something else listens there`, log: '' };
  const port = options.port ?? (await freePort());
  const uiPort = options.uiPort ?? (await freePort());
  const args = serverArguments({ dbFile, port, uiPort, namespace, searchAttributes });
  const before = await sizeOfLog(logFile);
  const process = await ServerProcess.spawn(binary, args, { logFile, detached: options.detached ?? false });
  const address = `127.0.0.1:${port}`;
  const missing = await waitUntilServing({
    address,
    namespace,
    searchAttributes: Object.keys(searchAttributes),
    withinSeconds: readyWithinSeconds,
    signal: process.ended,
  });
  if (process.ended.aborted || missing !== undefined) {
    const why = process.exit ?? `does not serve on ${address} after ${readyWithinSeconds} s: ${missing}`;
    await process.kill9();
    return { why, log: await logOfStart(logFile, before) };
  }
  process.letGo();
  const uiAddress = uiPort === false ? {} : { uiAddress: `http://127.0.0.1:${uiPort}` };
  const server = { address, ...uiAddress, pid: process.pid, stop: () => process.stop(), kill9: () => process.kill9() };
  return { server };
}

/** The server itself shares a port with a server that is already there, and would then seem to serve. */
async function takenPort({ port, uiPort }: StartOptions): Promise<number | undefined> {
  for (const asked of [port, uiPort]) {
    if (typeof asked === 'number' && !(await isFree(asked))) return asked;
  }
  return undefined;
}
