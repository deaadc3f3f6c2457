import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';

/** Of the output, this much of the end is kept. */
const KEPT_BYTES = 64 * 1024;

/** How a program ended, and the end of what it said. */
export interface ProgramEnd {
  /** Exit code 0. */
  readonly ok: boolean;
  /** "exit code 3", "ended by SIGTERM", "no such program". */
  readonly how: string;
  /** The last 64 KiB of output and error output, in the order in which they came. */
  readonly tail: Buffer;
  /** Bytes that came in all. */
  readonly bytes: number;
}

export interface ProgramRequest {
  readonly command: readonly string[];
  /** The whole of it: nothing of this process is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  /** Aborted: its process group is asked to end, and after a while made to. */
  readonly signal: AbortSignal;
}

/** What every program is given; the rest is what it is told. */
export const bareEnvironment = { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8' } as const;

/** From supervise.cjs. */
type News =
  | { readonly kind: 'begun'; readonly pid: number }
  | { readonly kind: 'not-run'; readonly because: string }
  | { readonly kind: 'ended'; readonly code: number | null; readonly signal: string | null };

/**
 * Runs a program without a shell, in a process group that does not outlive this call, nor this process: a supervisor of its own
 * ends the group when this process dies, of `kill -9` as well. Resolves when all of it has ended.
 */
export async function runProgram({ command, environment, signal }: ProgramRequest): Promise<ProgramEnd> {
  signal.throwIfAborted();
  const supervisor = spawn(process.execPath, [path.join(__dirname, 'supervise.cjs'), ...command], {
    shell: false,
    detached: true,
    cwd: '/',
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const output = keepTail(supervisor);
  const end = (): void => void (supervisor.connected && supervisor.send('end'));
  signal.addEventListener('abort', end, { once: true });
  try {
    const last = await lastNews(supervisor);
    return { ...told(last), ...output() };
  } finally {
    signal.removeEventListener('abort', end);
  }
}

/** Resolves when the supervisor has ended and the output is complete. */
function lastNews(supervisor: ChildProcess): Promise<News | undefined> {
  return new Promise((resolve, reject) => {
    let last: News | undefined;
    supervisor.on('message', (news) => (last = news as News));
    supervisor.on('error', reject);
    // Killed itself, it left its program behind, which holds the pipes open.
    supervisor.on('exit', () => {
      if (last?.kind === 'begun') endGroup(last.pid);
    });
    supervisor.on('close', () => resolve(last));
  });
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

function told(news: News | undefined): Pick<ProgramEnd, 'ok' | 'how'> {
  if (news?.kind === 'not-run') return { ok: false, how: `could not be run: ${news.because}` };
  if (news?.kind !== 'ended') return { ok: false, how: 'its supervisor was killed' };
  const { code, signal } = news;
  return { ok: code === 0, how: signal === null ? `exit code ${code ?? 'unknown'}` : `ended by ${signal}` };
}

function keepTail({ stdout, stderr }: ChildProcess): () => Pick<ProgramEnd, 'tail' | 'bytes'> {
  let tail = Buffer.alloc(0);
  let bytes = 0;
  const keep = (chunk: Buffer): void => {
    bytes += chunk.length;
    tail = Buffer.concat([tail, chunk]).subarray(-KEPT_BYTES);
  };
  stdout?.on('data', keep);
  stderr?.on('data', keep);
  return () => ({ tail, bytes });
}
