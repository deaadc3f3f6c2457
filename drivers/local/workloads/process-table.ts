import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { namesIn } from '../names-in';

/** Names one process for ever: the kernel gives its pid to another one later, but never with the same start time. */
export interface ProcessIdentity {
  readonly pid: number;
  /** As the kernel gives it: clock ticks since boot (Linux), date and time (macOS). */
  readonly startTime: string;
  readonly bootId: string;
}

export interface ProcessRow extends ProcessIdentity {
  readonly processGroup: number;
  /** Suspended by a signal: it runs on when it is continued, and until then sees and answers nothing. */
  readonly suspended: boolean;
  /** Asleep until something happens: it is not in the middle of anything that it does in one go. */
  readonly waiting: boolean;
}

/**
 * The processes of the machine, as of one look. A process that has ended and waits for its parent to notice (zombie) counts as gone:
 * not before the last of its threads has ended, which until then can write, and holds its ports open.
 */
export interface ProcessTable {
  find(pid: number): ProcessRow | undefined;
  all(): readonly ProcessRow[];
  /** Environment the process was started with, as one text; empty when it may not be read. */
  environment(pid: number): string;
}

export function readProcessTable(): ProcessTable {
  return process.platform === 'linux' ? linuxTable() : portableTable();
}

export function isAlive(table: ProcessTable, identity: ProcessIdentity): boolean {
  const row = table.find(identity.pid);
  return row !== undefined && row.startTime === identity.startTime && row.bootId === identity.bootId;
}

/** Identity of the process that runs this code. */
export function ownIdentity(): ProcessIdentity {
  const row = readProcessTable().find(process.pid);
  if (row === undefined) throw new Error('the process table does not list this process');
  return identityOf(row);
}

export function identityOf({ pid, startTime, bootId }: ProcessIdentity): ProcessIdentity {
  return { pid, startTime, bootId };
}

let knownBootId: string | undefined;

/** Read on demand: looking at one process costs one small file, looking at all of them is done once. */
function linuxTable(): ProcessTable {
  const withoutFirstThread = new Set<number>();
  const bootId = (knownBootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
  const find = (pid: number): ProcessRow | undefined => {
    const text = readOrEmpty(`/proc/${pid}/stat`);
    // The second field is the program's name in parentheses and may itself contain blanks and parentheses.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [state, , processGroup] = fields;
    const [threads, , startTime] = fields.slice(17);
    if (state === undefined || startTime === undefined) return undefined;
    // proc(5): the state is that of the first thread, which a kill may end before the others.
    if ('ZXx'.includes(state)) {
      if (!(Number(threads) > 1)) return undefined;
      withoutFirstThread.add(pid);
    }
    const activity = { suspended: 'Tt'.includes(state), waiting: state === 'S' };
    return { pid, startTime, bootId, processGroup: Number(processGroup), ...activity };
  };
  let rows: readonly ProcessRow[] | undefined;
  const environments = new Map<number, string>();
  return {
    find,
    all: () => (rows ??= pids().flatMap((pid) => find(pid) ?? [])),
    environment: (pid) => {
      const known = environments.get(pid) ?? linuxEnvironment(pid, withoutFirstThread.has(pid));
      environments.set(pid, known);
      return known;
    },
  };
}

const pids = (): readonly number[] => numbersIn('/proc');

/** That of a thread which has ended is empty. */
function linuxEnvironment(pid: number, ofAnyThread: boolean): string {
  if (!ofAnyThread) return readOrEmpty(`/proc/${pid}/environ`);
  const threads = numbersIn(`/proc/${pid}/task`);
  return threads.map((thread) => readOrEmpty(`/proc/${pid}/task/${thread}/environ`)).find((text) => text !== '') ?? '';
}

function numbersIn(folder: string): readonly number[] {
  return namesIn(folder)
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** One listing for all: on macOS each look is a run of `ps`. */
function portableTable(): ProcessTable {
  const rows = new Map<number, ProcessRow>();
  const listing = runPs(['-axo', 'pid=,pgid=,stat=,lstart=']);
  for (const line of listing.split('\n')) {
    const match = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(line);
    const [, pid, processGroup, state = '', startTime = ''] = match ?? [];
    if (pid === undefined || state.startsWith('Z')) continue;
    // `lstart` is an absolute time, so it tells boots apart as well.
    const row = { pid: Number(pid), startTime, bootId: '', processGroup: Number(processGroup) };
    rows.set(row.pid, { ...row, suspended: state.startsWith('T'), waiting: /^[SI]/.test(state) });
  }
  let environments: ReadonlyMap<number, string> | undefined;
  return {
    find: (pid) => rows.get(pid),
    all: () => [...rows.values()],
    environment: (pid) => (environments ??= portableEnvironments()).get(pid) ?? '',
  };
}

function portableEnvironments(): ReadonlyMap<number, string> {
  const lines = runPs(['axeww', '-o', 'pid=,command=']).split('\n');
  return new Map(lines.map((line) => [Number.parseInt(line, 10), line]));
}

function runPs(args: readonly string[]): string {
  return execFileSync('ps', args, { encoding: 'utf8', env: { LC_ALL: 'C' }, maxBuffer: 64 * 1024 * 1024 });
}

/** Processes end while they are looked at, and those of other users may not be looked at. */
function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
