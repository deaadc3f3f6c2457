import { readFile, stat } from 'node:fs/promises';

/** In bytes; 0 when there is no such file. */
export const sizeOfLog = async (file: string): Promise<number> =>
  stat(file).then(
    ({ size }) => size,
    () => 0,
  );

/**
 * What a program in Go has appended to its log since. Where it panicked, up to the traces of its goroutines: they are long, and what
 * was wrong stands before them.
 */
export async function logOfStart(file: string, before: number): Promise<string> {
  const text = await readFile(file).then(
    (bytes) => bytes.subarray(before).toString('utf8'),
    () => '',
  );
  const trace = text.search(/^goroutine \d+ \[/m);
  return (trace < 0 ? text : text.slice(0, trace)).trimEnd();
}
