import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

export interface DnsServerOptions {
  /** Where the records and the log of the server are kept. */
  readonly folder: string;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Absent or 0: a free one. */
  readonly dnsPort?: number;
  readonly apiPort?: number;
  /** True: it outlives this process. Otherwise it ends when this process does, however that ends. */
  readonly detached?: boolean;
}

export interface RunningDnsServer {
  readonly dnsPort: number;
  readonly apiPort: number;
  readonly pid: number;
  /** Ends the server; the records stay in the folder. */
  stop(): Promise<void>;
}

const startWithinMs = 10_000;

/** Starts the name server as a process of its own, and returns when it answers. Throws with its log when it does not start. */
export async function startDnsServer(options: DnsServerOptions): Promise<RunningDnsServer> {
  const { folder, host = '127.0.0.1', dnsPort = 0, apiPort = 0, detached = false } = options;
  mkdirSync(folder, { recursive: true });
  const loader = pathToFileURL(require.resolve('tsx')).href;
  const program = ['--import', loader, path.join(__dirname, 'dns-server.ts')];
  const log = path.join(folder, 'dns-server.log');
  rmSync(path.join(folder, 'listening.json'), { force: true });
  const args = [...program, '--folder', folder, '--dns', `${host}:${dnsPort}`, '--api', `${host}:${apiPort}`];
  const output = openSync(log, 'w');
  // The channel is what an attached server notices the end of its parent by.
  const stdio = detached ? (['ignore', output, output] as const) : (['ignore', output, output, 'ipc'] as const);
  const child = spawn(process.execPath, args, { detached, stdio: [...stdio], env: { PATH: process.env['PATH'] } });
  closeSync(output);
  child.unref();
  child.channel?.unref();
  const ports = await waitUntilListening(child, folder, log);
  return { ...ports, pid: child.pid ?? 0, stop: async () => stop(child) };
}

async function waitUntilListening(
  child: ChildProcess,
  folder: string,
  log: string,
): Promise<{ readonly dnsPort: number; readonly apiPort: number }> {
  const since = performance.now();
  while (performance.now() - since < startWithinMs && child.exitCode === null && child.signalCode === null) {
    const listening = readListening(folder);
    if (listening?.pid === child.pid && listening !== undefined) return listening;
    await sleep(5);
  }
  child.kill('SIGKILL');
  throw new Error(`the name server did not start: ${readFileSync(log, 'utf8').trim()}`);
}

function readListening(folder: string): { pid: number; dnsPort: number; apiPort: number } | undefined {
  try {
    const text = readFileSync(path.join(folder, 'listening.json'), 'utf8');
    return JSON.parse(text) as { pid: number; dnsPort: number; apiPort: number };
  } catch {
    return undefined;
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.ref();
  child.kill('SIGTERM');
  await ended;
}
