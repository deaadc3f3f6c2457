import { readFile } from 'node:fs/promises';

/** The end of a log file, for an error message; empty when there is no such file. */
export async function lastLogLines(file: string, count = 8): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
