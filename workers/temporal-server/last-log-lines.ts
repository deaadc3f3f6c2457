import { readFile } from 'node:fs/promises';

export const lastLines = (text: string, count = 8): string => text.trimEnd().split('\n').slice(-count).join('\n');

/** The end of a log file, for an error message; empty when there is no such file. */
export async function lastLogLines(file: string, count?: number): Promise<string> {
  return lastLines(await readFile(file, 'utf8').catch(() => ''), count);
}
