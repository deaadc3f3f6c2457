import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Attempt } from './attempt';
import { logFile, type InstancePlace } from './instance';
import { lastWords } from './last-words';
import { processEnvironment, resolveCommand } from './process-environment';
import { readProcessTable, type ProcessRow } from './process-table';

/** A log beyond this size is set aside at the next start; one earlier log is kept. */
const logLimitBytes = 4 * 1024 * 1024;

export type Launched =
  | { readonly kind: 'spawned'; readonly process: ProcessRow; readonly logOffset: number }
  | { readonly kind: 'failed'; readonly saw: string }
  | { readonly kind: 'superseded' };

export interface LaunchRequest {
  readonly mark: string;
  readonly runbookFolder: string;
  /** Asked right before the process is made: false when another attempt has taken over. */
  readonly stillOurs: () => Promise<boolean>;
}

/** Makes the process: in a session of its own, no shell, output to a file, so that it outlives this worker. */
export async function launch(attempt: Attempt, request: LaunchRequest): Promise<Launched> {
  const { place, spec, local, mutation } = attempt;
  const [program = '', ...args] = await resolveCommand(local.command, request.runbookFolder);
  const { folder, group } = place;
  const source = { folder, group, workload: spec, local, epoch: mutation.epoch, mark: request.mark };
  const env = await processEnvironment(source);
  const log = await openLog(place);
  try {
    if (!(await request.stillOurs())) return { kind: 'superseded' };
    const cwd = folder.workloadFolder(group, place.workload);
    const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', log.handle.fd, log.handle.fd] });
    child.unref();
    if (child.pid === undefined) return { kind: 'failed', saw: `"${program}": ${await spawnError(child)}` };
    const row = readProcessTable().find(child.pid);
    if (row === undefined) return { kind: 'failed', saw: await lastWords(place, log.offset) };
    return { kind: 'spawned', process: row, logOffset: log.offset };
  } finally {
    await log.handle.close();
  }
}

async function spawnError(child: ChildProcess): Promise<string> {
  const [error] = (await once(child, 'error')) as [Error];
  return error.message;
}

async function openLog(place: InstancePlace): Promise<{ handle: Awaited<ReturnType<typeof open>>; offset: number }> {
  const file = logFile(place);
  await mkdir(path.dirname(file), { recursive: true });
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size > logLimitBytes) await rename(file, `${file}.1`);
  const handle = await open(file, 'a');
  return { handle, offset: size > logLimitBytes ? 0 : size };
}
