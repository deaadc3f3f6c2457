/** An absolute path in its only form: no "//", "." or ".." in it, so that an allow-list can be compared letter by letter. */
export const isPlainAbsolute = (program: string): boolean =>
  program.startsWith('/') &&
  program
    .slice(1)
    .split('/')
    .every((part) => !['', '.', '..'].includes(part));

/** Why a worker does not run this program, or undefined. Only what its allow-list names, by absolute path, letter by letter. */
export function refusedProgram(program: string, allowed: readonly string[]): string | undefined {
  if (isPlainAbsolute(program) && allowed.includes(program)) return undefined;
  return `"${program}" is not on the worker's allow-list, which has ${allowed.join(', ') || 'nothing'}`;
}
