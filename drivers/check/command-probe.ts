import { type ChildProcess, spawn } from 'node:child_process';
import { refusedProgram } from '../../core/model/allowed-command';
import type { CommandProbe } from '../../core/model/check';
import { SwitchbackFailure } from '../../core/model/failure';
import type { Answer, ProbeRequest } from './probe-request';
import { masked } from './without-secrets';

/** Of the output, this much of the end is kept while the command runs, and told. */
const keptBytes = 64 * 1024;
const toldLength = 300;

/** Runs a program of the allow-list: no shell, nothing of the worker's environment, and its whole group ends with the check. */
export async function probeCommand(request: ProbeRequest<CommandProbe>): Promise<Answer> {
  const [program, ...args] = allowedCommand(request);
  request.signal.throwIfAborted();
  const child = spawn(program, args, {
    shell: false,
    detached: true,
    cwd: '/',
    env: environmentOf(request),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const end = (): void => endGroup(child);
  request.signal.addEventListener('abort', end, { once: true });
  const output = keepTail(child);
  try {
    const ended = await endOf(child);
    const tail = masked(output(), request.options).trim().slice(-toldLength);
    return { ok: ended === 'exit code 0', saw: tail === '' ? ended : `${ended}: ${tail}` };
  } finally {
    request.signal.removeEventListener('abort', end);
  }
}

function allowedCommand({ check, probe, options }: ProbeRequest<CommandProbe>): readonly [string, ...string[]] {
  const [program = '', ...args] = probe.command;
  const refused = refusedProgram(program, options.allowedCommands);
  if (refused === undefined) return [program, ...args];
  throw new SwitchbackFailure('CommandNotAllowed', `check "${check}": ${refused}`, { check, program });
}

function environmentOf({ target, address }: ProbeRequest<CommandProbe>): Readonly<Record<string, string>> {
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    LANG: 'C.UTF-8',
    SWITCHBACK_GROUP: target.group,
    SWITCHBACK_SITE: target.site.name,
    SWITCHBACK_ADDRESS: address,
    SWITCHBACK_EPOCH: String(target.epoch),
  };
}

/** Resolves when the program has ended and its output is complete. */
async function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    // What it left behind in its group would hold the pipes open, and would outlive the check.
    child.on('exit', () => endGroup(child));
    child.on('close', (code, signal) => resolve(signal === null ? `exit code ${code}` : `ended by ${signal}`));
  });
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // ESRCH: nobody of the group is left, which is what was wanted. macOS says EPERM when only its zombie is.
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** Reads both streams for as long as they come, and keeps the end of what came. */
function keepTail({ stdout, stderr }: ChildProcess): () => string {
  let tail = Buffer.alloc(0);
  const keep = (chunk: Buffer): void => void (tail = Buffer.concat([tail, chunk]).subarray(-keptBytes));
  stdout?.on('data', keep);
  stderr?.on('data', keep);
  return () => tail.toString('utf8');
}
