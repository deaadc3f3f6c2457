import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * A file that several processes append to and that all of them read the same way, without a lock that could be left behind.
 *
 * One JSON record a line, numbered by `seq`. A record counts when its number follows that of the last one that counts; of two
 * writers that both append number 8, the one whose line comes first in the file has won, for every reader and for ever.
 * So an append is a compare-and-swap on what its writer had read: a writer that was suspended for an hour appends a number that
 * is taken, and changes nothing. A line torn by a crash is no record.
 */
export interface Journal<T> {
  readonly entries: readonly T[];
  readonly last: T | undefined;
  /** Number of the last record that counts; 0 for an empty or absent file. */
  readonly seq: number;
}

interface Line {
  readonly seq?: number;
  /** Tells two records with the same number and content apart. */
  readonly writer?: string;
}

/** What counts in the text of a journal. A record without a number stands for the whole file, as written by hand. */
export function parseJournal<T>(text: string): Journal<T> {
  const lines = parseWhole(text) ?? text.split('\n').map(parseLine);
  const entries: (T & Line)[] = [];
  let seq = 0;
  for (const line of lines) {
    if (line === undefined || (line.seq !== undefined && line.seq <= seq)) continue;
    // A gap means that records are missing: going on would fall back to an older state, for example to a lower fence.
    if (line.seq !== undefined && line.seq > seq + 1) throw new Error(`record ${seq + 1} is damaged or missing`);
    seq = line.seq ?? seq + 1;
    entries.push(line as T & Line);
  }
  if (entries.length === 0 && text.includes('\n')) throw new Error('it holds no readable record');
  return { entries, last: entries.at(-1), seq };
}

export async function readJournal<T>(file: string): Promise<Journal<T>> {
  return parseJournal<T>(await readText(file));
}

/** Appends a record after number `after`, durably. False: somebody else's record came first, and this one does not count. */
export async function appendToJournal(file: string, entry: object, after: number): Promise<boolean> {
  const writer = randomUUID();
  const before = await readText(file);
  const torn = before !== '' && !before.endsWith('\n');
  await mkdir(path.dirname(file), { recursive: true });
  const handle = await open(file, 'a');
  try {
    await handle.appendFile(`${torn ? '\n' : ''}${JSON.stringify({ ...entry, seq: after + 1, writer })}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (before === '') await syncFolder(path.dirname(file));
  const journal = await readJournal<Line>(file);
  return journal.entries.some((line) => line.writer === writer);
}

/** Without this a power cut may forget that the file exists. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
}

function parseWhole(text: string): readonly (Line | undefined)[] | undefined {
  const record = parseLine(text);
  return record === undefined ? undefined : [record];
}

function parseLine(text: string): Line | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
