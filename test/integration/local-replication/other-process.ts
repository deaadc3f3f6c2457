import { buildSync } from 'esbuild';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { OneCall } from './one-call';

/** How a process that made one call ended: what it said, or the signal that killed it. */
export type Ending = { readonly said: string } | { readonly killedBy: string };

export interface OtherProcess {
  readonly child: ChildProcess;
  readonly ending: Promise<Ending>;
}

let bundled: string | undefined;

/** One file of JavaScript starts in a tenth of the time; the tests start a hundred processes. */
function bundle(): string {
  if (bundled !== undefined) return bundled;
  const outfile = path.join(mkdtempSync(path.join(tmpdir(), 'switchback-one-call-')), 'one-call.js');
  const entry = path.join(__dirname, 'one-call.ts');
  buildSync({ entryPoints: [entry], outfile, bundle: true, platform: 'node', target: 'node20', logLevel: 'error' });
  bundled = outfile;
  return outfile;
}

export function removeBundle(): void {
  if (bundled !== undefined) rmSync(path.dirname(bundled), { recursive: true });
  bundled = undefined;
}

export function inOtherProcess(labFolder: string, work: OneCall, failpoint = ''): OtherProcess {
  const child = spawn(process.execPath, [bundle(), labFolder, JSON.stringify(work)], {
    env: { ...process.env, SWITCHBACK_FAILPOINT: failpoint },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { child, ending: endingOf(child) };
}

async function endingOf(child: ChildProcess): Promise<Ending> {
  let said = '';
  child.stdout?.on('data', (bytes: Buffer) => (said += bytes.toString()));
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  return signal === null ? { said } : { killedBy: signal };
}

/** True: it is suspended at its failpoint. False: it ended without coming by. */
export async function suspended({ child }: OtherProcess): Promise<boolean> {
  while (child.exitCode === null && child.signalCode === null) {
    if (stateOf(child.pid).startsWith('T')) return true;
    await setTimeout(10);
  }
  return false;
}

function stateOf(pid: number | undefined): string {
  try {
    return execFileSync('ps', ['-o', 'state=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return 'gone';
  }
}
